"""Sites and districts as vector tiles, made from their rows: each tile asks by the rule that every page asks by.

Every change of a public site is a new revision of the publication, and with it a new address of every tile; nothing has
to be filled or emptied.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db.models import QuerySet
from django.utils.translation import gettext

from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from layers.querysets import Viewer
from layers.tiles import live
from layers.tiles.live import LiveRows
from layers.tiles.rows import geometries_of, of_one_kind, wkb_of
from layers.tiles.store import Plan
from layers.tiles.tile_set import DETAIL_ZOOM, FORMAT, MAX_ZOOM, TileInfo, VectorLayer
from projects import publication
from projects.models import District, Site
from projects.site_properties import PROPERTIES, with_pictures
from projects.workflow import PHASE_ORDER

PHASES = [phase.value for phase in PHASE_ORDER]
BRIEF = ("id", "programme", "state", "phase", "district")
FIELDS = {
    **dict.fromkeys(("id", *PROPERTIES), "String"),
    **dict.fromkeys(("progress", "length_m", "area_m2"), "Number"),
    **dict.fromkeys(("has_photo", "has_pair", "has_scenes"), "Boolean"),
}
COUNTS = ("count", "hidden")


@dataclass(frozen=True)
class SiteTiles:
    """The public sees the public geometry of public sites; staff see what is theirs, as it was surveyed."""

    viewer: Viewer
    revision: int

    @property
    def info(self) -> TileInfo:
        is_public = not self.viewer.is_authenticated
        return TileInfo("sites", gettext("sites"), f"{FORMAT}-{self.revision}", is_public)

    def bbox(self) -> BBox | None:
        extent = self._rows().aggregate(extent=Extent(self._column))["extent"]
        return None if extent is None else BBox(*extent)

    def vector_layers(self) -> list[VectorLayer]:
        counts = dict.fromkeys((*COUNTS, *PHASES), "Number")
        return [VectorLayer("sites", FIELDS), VectorLayer("sites_cells", counts, 0, MAX_ZOOM - 1)]

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        names = [name for name in FIELDS if name in BRIEF or z >= DETAIL_ZOOM]
        rows = touching(self._rows(), self._column, live.around(z, x, y)).order_by("pk")
        if z >= DETAIL_ZOOM:
            rows = with_pictures(rows)
        columns = ["pk" if name == "id" else PROPERTIES[name] for name in names]
        wanted = rows.values_list(wkb_of(self._column), *columns)
        found = list(wanted[: live.MAX_ROWS + 1])
        live.refuse_too_many(found)
        plan = Plan("", "sites", (), z, x, y, shown)
        return live.encoded(plan, _live_rows(found, names), is_last=shown >= MAX_ZOOM)

    def is_current(self) -> bool:
        return publication.revision() == self.revision

    @property
    def _column(self) -> str:
        return "geom" if self.viewer.is_authenticated else "public_geom"

    def _rows(self) -> QuerySet[Site]:
        there = {f"{self._column}__isnull": False}
        return Site.objects.visible_to(self.viewer).filter(**there)


@dataclass(frozen=True)
class DistrictTiles:
    """County-level units; the same for everybody."""

    revision: int

    @property
    def info(self) -> TileInfo:
        return TileInfo("districts", gettext("districts"), f"{FORMAT}-{self.revision}", True)

    def bbox(self) -> BBox | None:
        extent = self._rows().aggregate(extent=Extent("geom"))["extent"]
        return None if extent is None else BBox(*extent)

    def vector_layers(self) -> list[VectorLayer]:
        fields = dict.fromkeys(("code", "name", "name_en"), "String")
        counts = dict.fromkeys(COUNTS, "Number")
        return [
            VectorLayer("districts", {**fields, "is_schematic": "Boolean"}),
            VectorLayer("districts_cells", counts, 0, MAX_ZOOM - 1),
        ]

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        names = ["code", "name", "name_en", "is_schematic"]
        rows = touching(self._rows(), "geom", live.around(z, x, y))
        found = list(rows.values_list(wkb_of("geom"), *names))
        plan = Plan("", "districts", (), z, x, y, shown)
        return live.encoded(plan, _live_rows(found, names), is_last=shown >= MAX_ZOOM)

    def is_current(self) -> bool:
        return publication.revision() == self.revision

    def _rows(self) -> QuerySet[District]:
        return District.objects.filter(geom__isnull=False).order_by("pk")


def _live_rows(found: list[tuple[Any, ...]], names: list[str]) -> LiveRows:
    """Rows of a geometry and the values of ``names``."""
    if not found:
        return live.empty()
    blobs, *values = map(list, zip(*found, strict=True))
    geometries, owners = of_one_kind(geometries_of(blobs))
    columns = {
        name: [_plain(one[at]) for at in owners.tolist()]
        for name, one in zip(names, values, strict=True)
    }
    if "phase" not in columns:
        return LiveRows(geometries, None, columns)
    numbers = {phase: number for number, phase in enumerate(PHASES)}
    groups = np.array([numbers[phase] for phase in columns["phase"]], dtype=np.int64)
    return LiveRows(geometries, None, columns, groups, PHASES)


def _plain(value: Any) -> Any:
    """A value that tiles know; an empty text is none."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value) or None
