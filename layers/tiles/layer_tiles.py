"""A reference layer as tiles: from its table when there is one for its revision, else from its features."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db.models import Prefetch
from pmtiles.tile import zxy_to_tileid

from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from layers.models import Feature, Layer, TileTable
from layers.querysets import Viewer
from layers.styles.making import default_style
from layers.styles.used import columns_used
from layers.tiles import asking, encoding, live
from layers.tiles.columns import FIELD_TYPES, Column, Survey, with_used
from layers.tiles.rows import Chunk, chunk_of, dialect, fetch
from layers.tiles.store import Missing, Plan
from layers.tiles.tile_set import FORMAT, MAX_ZOOM, TileInfo, VectorLayer


def visible_layers(viewer: Viewer) -> Any:
    """The one rule of who sees which layer, and the tables of its tiles with it, the newest first."""
    tables = TileTable.objects.filter(format=FORMAT).order_by("-revision")
    return Layer.objects.visible_to(viewer).prefetch_related(
        Prefetch("tile_tables", tables, to_attr="tables")
    )


class LayerTiles:
    """layer: as ``visible_layers`` gives it to this viewer; of any other the present features, without a table.

    While the table of a large layer's newest state is being made, that of the state before goes on.
    """

    def __init__(self, layer: Layer, viewer: Viewer) -> None:
        self._layer = layer
        self._viewer = viewer
        newest: TileTable | None = next(iter(getattr(layer, "tables", ())), None)
        self._is_former = newest is not None and newest.revision != layer.revision
        if self._is_former:
            asking.ask(layer.pk, layer.revision)
            if newest is not None and newest.count <= live.MAX_ROWS:
                newest, self._is_former = None, False
        self._table = newest

    @property
    def info(self) -> TileInfo:
        layer = self._layer
        revision = self._table.revision if self._table is not None else layer.revision
        parts = [FORMAT, layer.pk, revision, *self._style_mark]
        return TileInfo(
            layer.key, layer.name, "-".join(map(str, parts)), layer.published, layer.attribution
        )

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

    def ready(self, z: int, x: int, y: int) -> bytes | None:
        table = self._table
        if table is None or z > table.ready_zoom or z < self._styled_from:
            return None
        try:
            return dialect().ready(table.token, int(zxy_to_tileid(z, x, y))) or b""
        except Missing:
            self._lose_table()
            return None

    def totals(self, z: int, x: int, y: int) -> Sequence[int]:
        if self._table is not None:
            try:
                plan = Plan(self._table.token, self._layer.key, (), z, x, y, z)
                found = np.zeros(MAX_ZOOM + 1, dtype=np.int64)
                for zoom, number in dialect().totals(plan):
                    found[int(zoom)] = number
                totals: list[int] = np.cumsum(found).tolist()
                return totals
            except Missing:
                self._lose_table()
        return live.totals(self._chunk(z, x, y).geometries)

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        if self._table is not None:
            try:
                return self._from_table(self._table, z, x, y, shown)
            except Missing:
                self._lose_table()
        return self._live(z, x, y, shown)

    def _lose_table(self) -> None:
        self._table = None
        asking.ask(self._layer.pk, self._layer.revision)

    def is_current(self) -> bool:
        if self._table is not None:
            return True  # a table never changes
        same = Layer.objects.visible_to(self._viewer).filter(pk=self._layer.pk)
        return same.filter(revision=self._layer.revision).exists()

    @cached_property
    def _used(self) -> dict[str, int]:
        return columns_used(self._layer.style or default_style())

    @cached_property
    def _style_mark(self) -> list[str]:
        """Another style of its own may need other columns, and then its tiles have another address."""
        if not (self._layer.style and self._used):
            return []
        return [hashlib.sha256(repr(sorted(self._used.items())).encode()).hexdigest()[:8]]

    @cached_property
    def _columns(self) -> list[Column]:
        stored = Column.of(self._table.columns) if self._table is not None else []
        return with_used(stored, self._used)

    @cached_property
    def _styled_from(self) -> int:
        """From which zoom on ready tiles have all columns that the style reads, which may be newer than they are."""
        drawn = Column.of(self._table.columns) if self._table is not None else []
        pairs = zip(self._columns, drawn, strict=True)
        return max((then.from_zoom for now, then in pairs if now != then), default=0)

    def _from_table(self, table: TileTable, z: int, x: int, y: int, shown: int) -> bytes:
        carried = [(at, one) for at, one in enumerate(self._columns) if one.from_zoom <= z]
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
        return survey.columns(self._used)

    def _live(self, z: int, x: int, y: int, shown: int) -> bytes:
        chunk = self._chunk(z, x, y)
        if not len(chunk.ids):
            return b""
        survey = Survey()
        survey.add(chunk.properties)
        columns = [c for c in survey.columns(self._used) if c.from_zoom <= z]
        values = {c.name: [c.value(row.get(c.name)) for row in chunk.properties] for c in columns}
        plan = Plan("", self._layer.key, (), z, x, y, shown)
        rows = live.LiveRows(chunk.geometries, chunk.ids.astype(np.uint64), values)
        return live.encoded(plan, rows, is_last=shown >= MAX_ZOOM)

    def _chunk(self, z: int, x: int, y: int) -> Chunk:
        """The features of a tile as they are now. Raises TilesNotReady."""
        rows = touching(self._features(), "geom", live.around(z, x, y))
        found = list(fetch(rows.order_by("pk")[: live.MAX_ROWS + 1]))
        if len(found) > live.MAX_ROWS:
            asking.ask(self._layer.pk, self._layer.revision)
        live.refuse_too_many(found)
        return chunk_of(found)
