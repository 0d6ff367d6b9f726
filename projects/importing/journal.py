"""What an import tells while it runs: how far it is, what became of each row, and what an undo will need."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from projects import editing
from projects.importing.report import RowOutcome
from projects.models import Site


class Journal:
    """Keeps nothing; a job's own overrides what it wants to know. Called inside the import's transaction."""

    def progress(self, done: int, total: int | None) -> None:
        """done: rows read so far; total: None when the file does not tell. May raise to stop the import."""

    def rows(self, rows: Sequence[RowOutcome]) -> None:
        """What would become of these rows, or became of them."""

    def created(self, ids: Sequence[uuid.UUID]) -> None:
        """New sites, at revision 1."""

    def updated(self, site: Site, former: Mapping[str, Any]) -> None:
        """site: as it is now; former: ``former_values`` of what was replaced."""

    def unchanged(self, site: Site) -> None:
        """The row said nothing new of the site."""

    def stored(self) -> None:
        """The last call, still inside the transaction. May raise to undo everything."""


def former_values(
    site: Site, changes: Mapping[str, Any], merged: Mapping[str, Any], *, is_moved: bool
) -> dict[str, Any]:
    """What an update is about to replace, as Python values: ``plain`` fields, ``attributes``, ``geom`` (shapely)."""
    plain = {
        name: getattr(site, name) for name, value in changes.items() if getattr(site, name) != value
    }
    former: dict[str, Any] = {"plain": plain}
    if dict(merged) != site.attributes:
        former["attributes"] = dict(site.attributes)
    if is_moved:
        former["geom"] = editing.surveyed(site)
    return former
