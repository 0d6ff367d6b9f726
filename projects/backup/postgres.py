"""PostgreSQL: pg_dump and pg_restore; while a restore runs, what was there stands in a schema of its own.

pg_restore alone could not take back what a later check refuses, and it leaves tables behind that the backup does not
have. Moving tables to another schema is a matter of the catalogue: quick at any size, and as quick to undo.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from projects.backup import facts
from projects.backup.refusal import BackupRefused

ASIDE = "before_restore"
LOCK_WAIT = "5s"
_OWNED_BY_EXTENSION = """EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid}
    AND d.classid = '{catalogue}'::regclass AND d.deptype IN ({kinds}))"""
_TABLES = f"""SELECT c.relname, c.relkind::text FROM pg_class c WHERE c.relnamespace = %s::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'S')
    AND NOT {_OWNED_BY_EXTENSION.format(oid="c.oid", catalogue="pg_class", kinds="'e', 'a', 'i'")}"""
_ROUTINES = f"""SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = %s::regnamespace
    AND NOT {_OWNED_BY_EXTENSION.format(oid="p.oid", catalogue="pg_proc", kinds="'e'")}"""
_SCHEMA_LINE = re.compile(r"^\d+; \d+ \d+ (SCHEMA|COMMENT - SCHEMA|ACL - SCHEMA) ")


class Postgres:
    vendor = "postgresql"
    dump_name = "database.dump"

    def schema(self) -> str:
        return str(_value("SELECT current_schema()"))

    def tables(self) -> set[str]:
        return {
            str(name)
            for (name,) in _rows(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            )
        }

    def dump(self, path: Path) -> facts.Facts:
        """pg_dump reads the same snapshot that the facts are taken from."""
        command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
        with transaction.atomic():
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            snapshot = _value("SELECT pg_export_snapshot()")
            found = facts.read(_rows, self.tables())
            _call(
                [
                    *command,
                    f"--snapshot={snapshot}",
                    f"--schema={_quoted(self.schema())}",
                    f"--file={path}",
                ]
            )
        self._contents(path)
        return found

    def put_aside(self) -> None:
        program("pg_restore")
        try:
            with transaction.atomic():
                _run(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                _run("CREATE EXTENSION IF NOT EXISTS postgis")
                _run(f"CREATE SCHEMA {ASIDE}")
                _move(self.schema(), ASIDE)
        except DatabaseError as error:
            raise BackupRefused(
                _("The tables cannot be moved; is the server stopped? %(why)s") % {"why": error}
            ) from error

    def load(self, dump: Path) -> None:
        listed = dump.with_suffix(".list")
        listed.write_text("\n".join(self._contents(dump)), encoding="utf-8")
        connection.close()
        flags = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _call([program("pg_restore"), *flags, f"--use-list={listed}", str(dump)])

    def put_back(self) -> None:
        with transaction.atomic():
            schema = self.schema()
            for kind, name in _things(schema):
                _run(f"DROP {kind} IF EXISTS {name} CASCADE")
            _move(ASIDE, schema)
            _run(f"DROP SCHEMA {ASIDE}")

    def forget(self) -> None:
        _run(f"DROP SCHEMA {ASIDE} CASCADE")

    def has_something_aside(self) -> bool:
        return bool(_value(f"SELECT to_regnamespace('{ASIDE}') IS NOT NULL"))

    def _contents(self, dump: Path) -> list[str]:
        """The dump's table of contents, without the schema itself, which is there already."""
        done = subprocess.run(
            [program("pg_restore"), "--list", str(dump)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise _failed("pg_restore", done.stderr)
        return [line for line in done.stdout.splitlines() if not _SCHEMA_LINE.match(line)]


def program(name: str) -> str:
    """Its path: from PATH, else Debian's newest. Raises BackupRefused when it is not installed."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[4])],
    )
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise BackupRefused(
            _("%(name)s is not installed. On Debian: apt-get install postgresql-client")
            % {"name": name}
        )
    return found


def _call(command: list[str]) -> None:
    """With the connection of the settings. The password goes by the environment: others can read an argument."""
    password = connection.settings_dict["PASSWORD"]
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(
        [*command, f"--dbname={_address()}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _failed(Path(command[0]).name, done.stderr)


def _address() -> str:
    """Only what was set: the driver's own libpq may be newer and know options that Debian's programs do not."""
    values = connection.settings_dict
    named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    told = {option: str(values[key]) for option, key in named.items() if values[key]}
    options = {key: value for key, value in values["OPTIONS"].items() if isinstance(value, str)}
    return make_conninfo(**told, **options)


def _failed(name: str, told: str) -> BackupRefused:
    return BackupRefused(_("%(name)s failed: %(why)s") % {"name": name, "why": told.strip()[-600:]})


def _things(schema: str) -> list[tuple[str, str]]:
    """What in the schema is no extension's: its kind as SQL names it, and its qualified name."""
    kinds = {"v": "VIEW", "S": "SEQUENCE"}
    tables = [
        (kinds.get(kind, "TABLE"), f"{_quoted(schema)}.{_quoted(name)}")
        for name, kind in _rows(_TABLES, [_quoted(schema)])
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")  # so that names come qualified
        cursor.execute(_ROUTINES, [_quoted(schema)])
        routines = [("ROUTINE", str(name)) for (name,) in cursor.fetchall()]
        cursor.execute("SET LOCAL search_path TO DEFAULT")
    return tables + routines


def _move(source: str, target: str) -> None:
    for kind, name in _things(source):
        _run(f"ALTER {kind} {name} SET SCHEMA {_quoted(target)}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _value(sql: str) -> Any:
    return _rows(sql)[0][0]
