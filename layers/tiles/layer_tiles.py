"""A reference layer as tiles: from its table when there is one for its revision, else from its features."""

from functools import cached_property
from typing import Any

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db.models import F, FilteredRelation, Q

from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from layers.models import Feature, Layer, TileTable
from layers.querysets import Viewer
from layers.tiles import asking, encoding, live
from layers.tiles.columns import FIELD_TYPES, Column, Survey
from layers.tiles.rows import chunk_of, dialect, fetch
from layers.tiles.store import Missing, Plan
from layers.tiles.tile_set import DETAIL_ZOOM, FORMAT, MAX_ZOOM, TileInfo, VectorLayer


def visible_layers(viewer: Viewer) -> Any:
    """The one rule of who sees which layer, and the table of its tiles with it in the same query."""
    current = Q(tile_tables__revision=F("revision"), tile_tables__format=FORMAT)
    rows = Layer.objects.visible_to(viewer)
    rows = rows.annotate(tiles=FilteredRelation("tile_tables", condition=current))
    return rows.select_related("tiles")  # type: ignore[misc]  # a FilteredRelation is no field


class LayerTiles:
    """layer: as ``visible_layers`` gives it to this viewer."""

    def __init__(self, layer: Layer, viewer: Viewer) -> None:
        self._layer = layer
        self._viewer = viewer
        self._table: TileTable | None = getattr(layer, "tiles", None)

    @property
    def info(self) -> TileInfo:
        layer = self._layer
        revision = f"{FORMAT}-{layer.pk}-{layer.revision}"
        return TileInfo(layer.key, layer.name, revision, layer.published, layer.attribution)

    def bbox(self) -> BBox | None:
        if self._table is not None:
            return None if self._table.bbox is None else BBox(*self._table.bbox)
        found = self._features().aggregate(extent=Extent("geom"))["extent"]
        return None if found is None else BBox(*found)

    def vector_layers(self) -> list[VectorLayer]:
        layer = self._layer
        if self._table is not None:
            columns = self._columns
        else:
            columns = self._surveyed()
        fields = {column.name: FIELD_TYPES[column.kind] for column in columns}
        cells = {"count": "Number", "hidden": "Number"}
        return [
            VectorLayer(layer.key, fields),
            VectorLayer(f"{layer.key}_cells", cells, 0, MAX_ZOOM - 1),
        ]

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        if self._table is not None:
            try:
                return self._from_table(self._table, z, x, y, shown)
            except Missing:
                self._table = None
                asking.ask(self._layer.pk, self._layer.revision)
        return self._live(z, x, y, shown)

    def is_current(self) -> bool:
        if self._table is not None:
            return True  # a table never changes
        same = Layer.objects.visible_to(self._viewer).filter(pk=self._layer.pk)
        return same.filter(revision=self._layer.revision).exists()

    @cached_property
    def _columns(self) -> list[Column]:
        return Column.of(self._table.columns) if self._table is not None else []

    def _from_table(self, table: TileTable, z: int, x: int, y: int, shown: int) -> bytes:
        carried = [
            (at, column)
            for at, column in enumerate(self._columns)
            if column.is_brief or z >= DETAIL_ZOOM
        ]
        plan = Plan(table.token, self._layer.key, carried, z, x, y, shown)
        store = dialect()
        if store.can_encode(plan):
            found: bytes = store.tile(plan)
            return found
        return encoding.encoded_rows(plan, *store.rows(plan))

    def _features(self) -> Any:
        return Feature.objects.filter(layer=self._layer.pk, geom__isnull=False).shown()

    def _surveyed(self) -> list[Column]:
        survey = Survey()
        rows = self._features().order_by("pk")[: live.MAX_ROWS]
        found = rows.values_list("name", "name_en", "properties")
        survey.add({"name": n or None, "name_en": e or None, **p} for n, e, p in found)
        return survey.columns()

    def _live(self, z: int, x: int, y: int, shown: int) -> bytes:
        rows = touching(self._features(), "geom", live.around(z, x, y))
        found = list(fetch(rows.order_by("pk")[: live.MAX_ROWS + 1]))
        if len(found) > live.MAX_ROWS:
            asking.ask(self._layer.pk, self._layer.revision)
        live.refuse_too_many(found)
        if not found:
            return b""
        chunk = chunk_of(found)
        survey = Survey()
        survey.add(chunk.properties)
        columns = [c for c in survey.columns() if c.is_brief or z >= DETAIL_ZOOM]
        values = {c.name: [c.value(row.get(c.name)) for row in chunk.properties] for c in columns}
        plan = Plan("", self._layer.key, (), z, x, y, shown)
        rows_ = live.LiveRows(chunk.geometries, chunk.ids.astype(np.uint64), values)
        return live.encoded(plan, rows_, is_last=shown >= MAX_ZOOM)
