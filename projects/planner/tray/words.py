"""A record of a tablet in the reader's words: what it is about, what it says, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from projects.models import Operation, Programme, Site
from projects.planner.field_words import FieldWords
from projects.sync import fields, tray
from projects.sync.operation import Op

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
    """A row of what the record says."""

    title: str
    value: str


@dataclass(frozen=True)
class Item:
    """shapes: GeoJSON of what stands here (or None) and of what the tablet says, lon/lat; empty when it says none."""

    row: Operation
    op: Op | None
    site: Site | None
    kind: str | Promise
    contested: Sequence[Contested]
    told: Sequence[Told]
    shapes: dict[str, list[Any]]

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
        return self.row.state == "proposed" and self.row.code == "new-site"


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
        told=[] if op is None else _told(op, words),
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


def _told(op: Op, words: FieldWords | None) -> list[Told]:
    """What people wrote; keys of rows and files are of no use to a reader."""
    untold = {
        "site",
        "geom",
        "programme",
        "inspection",
        "sha256",
        "points",
        fields.VISIT,
        "details",
    }
    told = []
    for field, (_old, new) in op.changes.items():
        if field in untold or new is None or new == "":
            continue
        try:
            told.append(
                Told(words.title(field), words.value(field, new))
                if words
                else Told(field, str(new))
            )
        except LookupError:
            told.append(Told(field, str(new)))
    return told


def _shapes(row: Operation, op: Op | None, site: Site | None) -> dict[str, list[Any]]:
    wanted = None if op is None else op.new(fields.GEOM)
    if not isinstance(wanted, dict):
        return {}
    try:
        shape(wanted)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return {}
    here = None if site is None else {"type": site.geom.geom_type, "coordinates": site.geom.coords}
    return {str(row.pk): [here, wanted]}
