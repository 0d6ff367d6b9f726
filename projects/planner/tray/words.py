"""A record of a tablet in the reader's words: what it is about, what it says, and what stands against it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from accounts.models import AuditEntry
from projects import trail
from projects.models import Operation, Programme, Site
from projects.planner.field_words import FieldWords
from projects.sync import fields, tray
from projects.sync.context import NEW_SITE
from projects.sync.operation import Op

_LOOKED_BACK = 200
KINDS: dict[str, str | Promise] = {
    "inspection": _("Inspection"),
    "correction": _("Correction"),
    "track": _("Track"),
    "photo": _("Photograph"),
    "site": _("Change of a site"),
    "proposal": _("Proposed site"),
}


@dataclass(frozen=True)
class Contested:
    """One field with three values, as words."""

    field: str
    title: str
    base: str
    theirs: str
    mine: str
    is_shape: bool


@dataclass(frozen=True)
class Told:
    """A row of what the record says. former: what its author saw before, where that is known and another."""

    title: str
    value: str
    former: str = ""


@dataclass(frozen=True)
class Item:
    """shapes: GeoJSON of what stands here, of what the tablet says, and of what both began with, lon/lat, None for what
    is not known; empty when the tablet says none.
    """

    row: Operation
    op: Op | None
    site: Site | None
    kind: str | Promise
    contested: Sequence[Contested]
    told: Sequence[Told]
    shapes: dict[str, list[Any]]

    @property
    def has_base(self) -> bool:
        return any(triple[2] is not None for triple in self.shapes.values())

    @property
    def can_revive(self) -> bool:
        return self.row.code == tray.GONE and self.op is not None

    @property
    def can_apply(self) -> bool:
        is_refused = self.row.state == "quarantined" and self.row.operation is not None
        return is_refused and self.op is not None and self.row.code != "op-id-reuse"

    @property
    def is_outline(self) -> bool:
        return self.row.state == "proposed" and self.row.code == fields.GEOM

    @property
    def is_new_site(self) -> bool:
        return self.row.state == "proposed" and self.row.code == NEW_SITE


def item(row: Operation) -> Item:
    op = tray.read(row)
    sites = Site.objects.select_related("programme", "district", "state")
    site = sites.filter(pk=row.site).first() if row.site is not None else None
    words = _words(site, op)
    return Item(
        row=row,
        op=op,
        site=site,
        kind=KINDS.get(row.entity, row.entity or _("Unreadable record")),
        contested=[] if words is None else _contested(row, words),
        told=[] if op is None else _told(op, words, row.result.get("conflicts", {})),
        shapes=_shapes(row, op, site),
    )


def _words(site: Site | None, op: Op | None) -> FieldWords | None:
    if site is not None:
        return FieldWords(site.programme)
    key = None if op is None else op.new("programme")
    programme = Programme.objects.filter(key=key).first() if isinstance(key, str) else None
    return None if programme is None else FieldWords(programme)


def _contested(row: Operation, words: FieldWords) -> list[Contested]:
    conflicts: dict[str, Any] = row.result.get("conflicts", {})
    return [
        Contested(
            field=field,
            title=words.title(field),
            base=words.value(field, pair["base"]),
            theirs=words.value(field, pair["theirs"]),
            mine=words.value(field, pair["mine"]),
            is_shape=field == fields.GEOM,
        )
        for field, pair in sorted(conflicts.items(), key=lambda item: words.place(item[0]))
    ]


def _told(op: Op, words: FieldWords | None, contested: Collection[str]) -> list[Told]:
    """What people wrote; keys of rows and files are of no use to a reader, and what is contested has its own table."""
    told = []
    if words is not None:
        told.append(Told(gettext("Programme"), words.programme_name))
    for field, (old, new) in op.changes.items():
        if field not in {*_UNTOLD, *contested} and new not in (None, ""):
            told.append(_said(field, old, new, words))
    return told


def _said(field: str, old: Any, new: Any, words: FieldWords | None) -> Told:
    try:
        if words is None:
            raise LookupError(field)
        was = words.value(field, old) if old not in (None, "", new) else ""
        return Told(words.title(field), words.value(field, new), was)
    except LookupError:
        return Told(str(_TITLES.get(field, field)), str(new))


_UNTOLD = frozenset(
    {"site", "geom", "programme", "inspection", "sha256", "points", fields.VISIT, "details"}
)
_TITLES = {
    "note": _("Note"),
    fields.NOTE: _("Reason for the step"),
    "progress": _("progress, %"),
    "name": _("name"),
    "state": _("state"),
    "accuracy_m": _("accuracy, m"),
    "lon": _("Longitude"),
    "lat": _("Latitude"),
    "size": _("Bytes"),
}


def _shapes(row: Operation, op: Op | None, site: Site | None) -> dict[str, list[Any]]:
    wanted = None if op is None else op.new(fields.GEOM)
    if not isinstance(wanted, dict):
        return {}
    try:
        shape(wanted)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return {}
    here = None if site is None else {"type": site.geom.geom_type, "coordinates": site.geom.coords}
    return {str(row.pk): [here, wanted, None if op is None or site is None else _base(site, op)]}


def _base(site: Site, op: Op) -> Any:
    """The geometry that the tablet's author had before, by its version, out of the site's trail; None if not there."""
    version = op.changes[fields.GEOM][0]
    entries = AuditEntry.objects.filter(kind=trail.SITE, subject=str(site.pk))
    for entry in entries.order_by("-sequence")[:_LOOKED_BACK]:
        for text in entry.changed.get("geom", ()):
            if text is not None and fields.version_of(shapely.from_wkt(text)) == version:
                return mapping(shapely.from_wkt(text))
    return None
