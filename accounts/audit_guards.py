"""What both databases refuse by themselves: to change an entry of the audit trail, or to take one away.

Put in place after every migrate, as projects.db_guards are. Whoever owns the database can drop a trigger; that is what
the chain of hashes is for (manage.py verify_audit).
"""

from typing import Any

from django.db import connections

TABLE = "accounts_auditentry"
SQLITE = [
    statement
    for verb in ("UPDATE", "DELETE")
    for statement in (
        f"DROP TRIGGER IF EXISTS audit_no_{verb.lower()}",
        f"""CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'audit_entries_are_append_only'); END""",
    )
]
POSTGRES = [
    """CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit_entries_are_append_only' USING ERRCODE = 'check_violation';
        END $$""",
    f"DROP TRIGGER IF EXISTS audit_guard ON {TABLE}",
    f"""CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
]


def install(using: str = "default", **_kwargs: Any) -> None:
    """Put the triggers in place; safe to run again."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the triggers away: for a test that plays the owner of the database."""
    connection = connections[using]
    drops = POSTGRES if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        for statement in drops:
            if statement.startswith("DROP"):
                cursor.execute(statement)
