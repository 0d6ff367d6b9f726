"""Sites and districts as vector tiles, made from their rows: each tile asks by the rule that every page asks by.

Where the sites lie is remembered for each state of them (``layers.tiles.places``), so a tile fetches no more than it
shows, and what it does not show is counted by phase.

Every change of a public site is a new revision of the publication, and with it a new address of every tile; nothing has
to be filled or emptied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import Extent
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from accounts.models import User
from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from layers.mvt import TileLayer
from layers.querysets import Viewer
from layers.tiles import encoding, live, places
from layers.tiles.live import LiveRows
from layers.tiles.places import Places
from layers.tiles.rows import bounds_of, geometries_of, of_one_kind, wkb_of
from layers.tiles.store import Plan
from layers.tiles.tile_set import DETAIL_ZOOM, FORMAT, MAX_ZOOM, TileInfo, VectorLayer
from projects import publication
from projects.models import District, Site
from projects.site_properties import PROPERTIES, with_pictures
from projects.sync import cursor
from projects.workflow import PHASE_ORDER

PHASES = [phase.value for phase in PHASE_ORDER]
BRIEF = ("id", "programme", "state", "phase", "district")
FIELDS = {
    **dict.fromkeys(("id", *PROPERTIES), "String"),
    **dict.fromkeys(("progress", "length_m", "area_m2"), "Number"),
    **dict.fromkeys(("has_photo", "has_pair", "has_scenes"), "Boolean"),
}
COUNTS = ("count", "hidden")
# Of one query: SQLite takes no more than 32,766 values.
MOST_NUMBERS = 5_000


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
        return self._places().bbox()

    def vector_layers(self) -> list[VectorLayer]:
        counts = dict.fromkeys((*COUNTS, *PHASES), "Number")
        return [VectorLayer("sites", FIELDS), VectorLayer("sites_cells", counts, 0, MAX_ZOOM - 1)]

    def ready(self, z: int, x: int, y: int) -> bytes | None:
        return None

    def totals(self, z: int, x: int, y: int) -> Sequence[int]:
        return self._places().totals(z, x, y)

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        there = self._places()
        near = there.touching(z, x, y)
        ids = there.ids[near[there.minzooms[near] <= shown]]
        plan = Plan("", "sites", (), z, x, y, shown)
        layers = [_layer("sites", *self._found(ids.tolist(), z))] if len(ids) else []
        return encoding.encode(plan, layers, there.cells(z, x, y, shown), PHASES)

    def is_current(self) -> bool:
        return publication.revision() == self.revision

    @property
    def _column(self) -> str:
        return "geom" if self.viewer.is_authenticated else "public_geom"

    def _rows(self) -> QuerySet[Site]:
        there = {f"{self._column}__isnull": False}
        return Site.objects.visible_to(self.viewer).filter(**there)

    def _found(self, ids: list[str], z: int) -> tuple[list[tuple[Any, ...]], list[str]]:
        """Rows of a geometry and the values of the names; what was withdrawn a moment ago is not among them."""
        names = [name for name in FIELDS if name in BRIEF or z >= DETAIL_ZOOM]
        columns = ["pk" if name == "id" else PROPERTIES[name] for name in names]
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(ids), MOST_NUMBERS):
            rows = self._rows().filter(pk__in=ids[start : start + MOST_NUMBERS]).order_by("pk")
            if z >= DETAIL_ZOOM:
                rows = with_pictures(rows)
            found += rows.values_list(wkb_of(self._column), *columns)
        return found, names

    def _places(self) -> Places:
        """Those of the public change with the publication; of staff, with each entry of the trail."""
        if not isinstance(self.viewer, User):
            return places.remembered("sites", self.revision, self._loaded)
        who = ("sites", self.viewer.pk, cursor.scope_of(self.viewer))
        return places.remembered(who, (self.revision, cursor.head()), self._loaded)

    def _loaded(self) -> Places:
        # As text, since a hundred thousand UUIDs take longer to make than all the rest.
        rows = self._rows().values_list(
            Cast("pk", TextField()), "state__phase", bounds_of(self._column)
        )
        return Places.of(list(rows), PHASES)


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

    def ready(self, z: int, x: int, y: int) -> bytes | None:
        return None

    def totals(self, z: int, x: int, y: int) -> Sequence[int]:
        return live.totals(self._layer(z, x, y).geometries)

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        layer = self._layer(z, x, y)
        rows = LiveRows(layer.geometries, None, layer.columns)
        return live.encoded(
            Plan("", "districts", (), z, x, y, shown), rows, is_last=shown >= MAX_ZOOM
        )

    def _layer(self, z: int, x: int, y: int) -> TileLayer:
        names = ["code", "name", "name_en", "is_schematic"]
        rows = touching(self._rows(), "geom", live.around(z, x, y))
        return _layer("districts", list(rows.values_list(wkb_of("geom"), *names)), names)

    def is_current(self) -> bool:
        return publication.revision() == self.revision

    def _rows(self) -> QuerySet[District]:
        return District.objects.filter(geom__isnull=False).order_by("pk")


def _layer(name: str, found: list[tuple[Any, ...]], names: list[str]) -> TileLayer:
    """found: rows of a geometry and the values of ``names``."""
    blobs, *values = map(list, zip(*found, strict=True)) if found else ([], *([] for _ in names))
    geometries, owners = of_one_kind(geometries_of(blobs))
    columns = {
        name: [_plain(one[at]) for at in owners.tolist()]
        for name, one in zip(names, values, strict=True)
    }
    return TileLayer(name, geometries, None, columns)


def _plain(value: Any) -> Any:
    """A value that tiles know; an empty text is none."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value) or None
