"""SQLite: one file, copied page by page and exchanged by a rename."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from projects.backup import facts
from projects.backup.refusal import BackupRefused

ASIDE = ".before-restore"
WAIT_MS = 3000
_LEVEL = 3  # of gzip: most of the gain at a fraction of the time


class Sqlite:
    vendor = "sqlite"
    dump_name = "database.sqlite3.gz"

    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])
        self.aside = self.path.with_name(self.path.name + ASIDE)

    def schema(self) -> str:
        return ""

    def tables(self) -> set[str]:
        return set(connection.introspection.table_names())

    def dump(self, path: Path) -> facts.Facts:
        """Pages as they are, by SQLite's online backup.

        VACUUM INTO would be smaller, but it numbers the rows of tables with a UUID as their key anew, and
        SpatiaLite's spatial indexes point to rows by that number.
        """
        plain = path.with_suffix(".plain")
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(plain)) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                _refuse_broken(copy)
                found = facts.read(lambda sql: copy.execute(sql).fetchall(), _tables(copy))
            with plain.open("rb") as source, gzip.open(path, "wb", _LEVEL) as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
        finally:
            plain.unlink(missing_ok=True)
        return found

    def put_aside(self) -> None:
        """Leaving WAL needs the file for oneself, so it tells whether a server still has it open."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
                cursor.execute("PRAGMA journal_mode=DELETE")
        except OperationalError as error:
            raise BackupRefused(
                _("Another program has the database open. Stop the server, then try again.")
            ) from error
        finally:
            connection.close()
        os.link(self.path, self.aside)

    def load(self, dump: Path) -> None:
        fresh = self.path.with_name(f"{self.path.name}.restoring")
        try:
            with gzip.open(dump, "rb") as source, fresh.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
                target.flush()
                os.fsync(target.fileno())
            with closing(sqlite3.connect(fresh)) as copy:
                _refuse_broken(copy)
            self._exchange(fresh)
        except (OSError, EOFError, sqlite3.DatabaseError) as error:
            raise BackupRefused(
                _("The database in the archive cannot be read: %(why)s") % {"why": error}
            ) from error
        finally:
            fresh.unlink(missing_ok=True)

    def put_back(self) -> None:
        self._exchange(self.aside)

    def forget(self) -> None:
        self.aside.unlink(missing_ok=True)

    def has_something_aside(self) -> bool:
        return self.aside.exists()

    def _exchange(self, other: Path) -> None:
        """A journal of the file that was there would be replayed into the new one: it goes first."""
        connection.close()
        for end in ("-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        other.replace(self.path)


def _tables(link: sqlite3.Connection) -> set[str]:
    return {name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _refuse_broken(link: sqlite3.Connection) -> None:
    (told,) = link.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        raise BackupRefused(_("The database is damaged: %(why)s") % {"why": told})
