"""What a stored import notes of each site, so that it can be undone: written in columns, a batch at a time."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shapely import from_wkb, to_wkb

from layers import bulk
from projects.models import District, ImportedRow, ImportJob, Site

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
_DATES = frozenset({"planned_start", "planned_end", "actual_start", "actual_end"})


class SiteRecord:
    """The rows of one job, inside the transaction of its import."""

    def __init__(self, job: ImportJob) -> None:
        self._job = bulk.stored_ids([job.pk])[0]
        self._kept: list[tuple[uuid.UUID, str, int, str | None]] = []

    def created(self, ids: Sequence[uuid.UUID]) -> None:
        """New sites, at revision 1."""
        self._kept += [(one, CREATED, 1, None) for one in ids]

    def updated(self, site: Site, former: Mapping[str, Any]) -> None:
        """site: after the change; former: projects.importing.journal.former_values."""
        text = json.dumps(packed(former), ensure_ascii=False)
        self._kept.append((site.pk, UPDATED, site.revision, text))

    def unchanged(self, site: Site) -> None:
        """Kept so that the report can lead to it; an undo leaves it alone."""
        self._kept.append((site.pk, UNCHANGED, site.revision, None))

    def write(self) -> None:
        """Store what was noted since the last time."""
        if not self._kept:
            return
        ids = bulk.stored_ids([row[0] for row in self._kept])
        outcomes, revisions, formers = zip(*(row[1:] for row in self._kept), strict=True)
        bulk.insert(
            ImportedRow,
            {
                "job": bulk.Same(self._job),
                "site": ids,
                "outcome": outcomes,
                "revision": revisions,
                "former": formers,
            },
        )
        self._kept.clear()


def packed(former: Mapping[str, Any]) -> dict[str, Any]:
    """What an update replaced, as JSON: a district by its number, a geometry as WKB in hexadecimal, EPSG:4326."""
    found: dict[str, Any] = {
        "plain": {name: _plain(value) for name, value in former["plain"].items()}
    }
    if "attributes" in former:
        found["attributes"] = former["attributes"]
    if "geom" in former:
        found["geom"] = to_wkb(former["geom"], hex=True)
    return found


def unpacked(former: Mapping[str, Any]) -> dict[str, Any]:
    """What ``packed`` was given: ``plain``, ``attributes`` (None: as they are) and ``geom`` (None: where it is)."""
    geom = former.get("geom")
    return {
        "plain": {name: _value(name, value) for name, value in former["plain"].items()},
        "attributes": former.get("attributes"),
        "geom": None if geom is None else from_wkb(geom),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, District):
        return value.pk
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "district":
        return District.objects.defer("geom").filter(pk=value).first()
    if name in _DATES:
        return dt.date.fromisoformat(value)
    return Decimal(value) if name == "investment" else value
