"""What both databases can do for a backup: give a copy, and be exchanged for one in a way that can be taken back."""

from pathlib import Path
from typing import Protocol

from django.db import connection
from django.utils.translation import gettext as _

from projects.backup.facts import Facts
from projects.backup.refusal import BackupRefused


class Database(Protocol):
    vendor: str
    dump_name: str
    """The name of the dump within the archive."""

    def schema(self) -> str:
        """PostgreSQL's schema that the tables stand in; empty elsewhere."""

    def tables(self) -> set[str]:
        """The names of all tables there are now."""

    def dump(self, path: Path) -> Facts:
        """Write a consistent copy while others write; the facts are those of the copy. Raises BackupRefused."""

    def put_aside(self) -> None:
        """Keep what is there, so that put_back() can bring it back. Raises BackupRefused when others use it."""

    def load(self, dump: Path) -> None:
        """Bring the dump to where the data stood. Raises BackupRefused; put_back() is then the caller's."""

    def put_back(self) -> None:
        """As it was before put_aside()."""

    def forget(self) -> None:
        """Remove what stood aside: from here on the restored data is the data."""

    def has_something_aside(self) -> bool:
        """Whether an earlier restore was cut off before it ended."""


def current() -> Database:
    """The one that the settings name."""
    if connection.vendor == "postgresql":
        from projects.backup.postgres import Postgres

        return Postgres()
    if connection.vendor == "sqlite":
        from projects.backup.sqlite import Sqlite

        return Sqlite()
    raise BackupRefused(
        _("There is no backup for databases of the kind %(vendor)s.")
        % {"vendor": connection.vendor}
    )
