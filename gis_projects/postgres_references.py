"""References that PostgreSQL looks at once for each statement, in place of once for each row.

A foreign key runs a query for every row that comes in: a third of the server's time in an import of many thousands. The
triggers here keep the same promise for thousands of rows at a time: what is referred to is there, it is locked
until the transaction ends (FOR KEY SHARE, as a foreign key does, but not what this very transaction has written: nobody
else can see that), and nothing that is referred to goes away. Unlike Django's foreign keys they do not wait for the
end of the transaction.

Source: PostgreSQL documentation, CREATE TRIGGER (transition tables), "Explicit Locking"; ri_triggers.c for the locks.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

# A plan that is made while the table is empty would read all of it for each statement when it is full.
_BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"


class Reference(NamedTuple):
    """A foreign key of a model."""

    model: type[models.Model]
    field: str


def install(references: list[Reference], using: str) -> None:
    """Put triggers in the place of these foreign keys; safe to run again, and nothing to do on another database."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, name in references:
            field: Any = model._meta.get_field(name)
            child, parent = model._meta.db_table, field.related_model._meta.db_table
            if not {child, parent} <= tables:
                continue
            for key in _foreign_keys(connection, child, field.column):
                cursor.execute(_quoted("ALTER TABLE {} DROP CONSTRAINT {}", child, key))
            for statement in _triggers(child, field.column, parent, field.target_field.column):
                cursor.execute(statement)


def _foreign_keys(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [
        name
        for name, one in found.items()
        if one["foreign_key"] is not None and one["columns"] == [column]
    ]


def _quoted(template: str, *names: str) -> str:
    return template.format(*(f'"{name}"' for name in names))


def _triggers(child: str, column: str, parent: str, key: str) -> Iterator[str]:
    name = f"{child}_{column}"
    words = {"name": name, "child": child, "column": column, "parent": parent, "key": key}
    for template in (_REFERS, _REFERRED, _RENAMED):
        yield template.format(**words, by_index=_BY_INDEX)
    for verb in ("INSERT", "UPDATE"):
        trigger = f"{name}_{verb.lower()}"
        yield _quoted("DROP TRIGGER IF EXISTS {} ON {}", trigger, child)
        yield _quoted(
            f"CREATE TRIGGER {{}} AFTER {verb} ON {{}} REFERENCING NEW TABLE AS added"
            " FOR EACH STATEMENT EXECUTE FUNCTION {}()",
            trigger,
            child,
            f"{name}_refers",
        )
    yield _quoted("DROP TRIGGER IF EXISTS {} ON {}", f"{name}_delete", parent)
    yield _quoted(
        "CREATE TRIGGER {} AFTER DELETE ON {} REFERENCING OLD TABLE AS removed"
        " FOR EACH STATEMENT EXECUTE FUNCTION {}()",
        f"{name}_delete",
        parent,
        f"{name}_referred",
    )
    yield _quoted("DROP TRIGGER IF EXISTS {} ON {}", f"{name}_renumber", parent)
    yield _quoted(
        "CREATE TRIGGER {} AFTER UPDATE OF {} ON {} FOR EACH ROW WHEN (OLD.{} <> NEW.{})"
        " EXECUTE FUNCTION {}()",
        f"{name}_renumber",
        key,
        parent,
        key,
        key,
        f"{name}_renumbered",
    )


_REFUSE = """RAISE EXCEPTION '{child}.{column} refers to no row of {parent}'
                    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{name}';"""
_REFERS = (
    """CREATE OR REPLACE FUNCTION "{name}_refers"() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
        BEGIN
            PERFORM 1 FROM "{parent}" p WHERE p.xmin <> pg_current_xact_id()::xid
                AND p."{key}" = ANY (ARRAY(SELECT DISTINCT "{column}" FROM added))
                FOR KEY SHARE OF p;
            IF EXISTS (
                SELECT 1 FROM (SELECT DISTINCT "{column}" AS wanted FROM added) n
                WHERE n.wanted IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM "{parent}" p WHERE p."{key}" = n.wanted)
            ) THEN
                """
    + _REFUSE
    + """
            END IF;
            RETURN NULL;
        END $$"""
)
_REFERRED = (
    """CREATE OR REPLACE FUNCTION "{name}_referred"() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM removed r
                       WHERE EXISTS (SELECT 1 FROM "{child}" c WHERE c."{column}" = r."{key}")) THEN
                """
    + _REFUSE
    + """
            END IF;
            RETURN NULL;
        END $$"""
)
_RENAMED = (
    """CREATE OR REPLACE FUNCTION "{name}_renumbered"() RETURNS trigger LANGUAGE plpgsql {by_index} AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM "{child}" c WHERE c."{column}" = OLD."{key}") THEN
                """
    + _REFUSE
    + """
            END IF;
            RETURN NULL;
        END $$"""
)
