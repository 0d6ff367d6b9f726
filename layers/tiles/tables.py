"""Fills the table of a layer's tiles: what its features need at each zoom is found once, after the layer changed.

Reads the layer twice, some thousand features at a time, in queries of their own, and holds of all features only where
they are. When the layer changes meanwhile, what was made is thrown away, and its own change asks for a new one. The
table of the state before serves until then.
"""

import logging
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import WEB_MERCATOR
from gis_projects.geo.web_mercator import degrees
from layers.models import Layer, TileTable
from layers.pmtiles.build import drawn
from layers.styles.making import default_style
from layers.styles.used import columns_used
from layers.tiles import hilbert, ready, thinning
from layers.tiles.columns import Column, Survey, with_used
from layers.tiles.rows import AREAS, Chunk, dialect, read
from layers.tiles.store import Prepared, Writer
from layers.tiles.thinning import Extents
from layers.tiles.tile_set import FORMAT, MAX_ZOOM

logger = logging.getLogger(__name__)


class LayerMoved(Exception):
    """Another revision came while its tiles were being made."""


@dataclass(frozen=True)
class _Places:
    """Of all features, in the order that they are read in."""

    bounds: NDArray[np.float64]
    extents: Extents
    sides: NDArray[np.float64]
    bbox: BBox | None
    columns: list[Column]


def make(layer_id: int) -> TileTable | None:
    """The table of a layer's present revision, made if it is not there, or has not the columns that the layer's style
    reads; None when the layer is gone or moved on.
    """
    layer = Layer.objects.filter(pk=layer_id).first()
    if layer is None:
        return None
    found = TileTable.objects.filter(layer=layer, revision=layer.revision, format=FORMAT).first()
    if found is not None and found.token in dialect().tokens():
        columns = Column.of(found.columns)
        if with_used(columns, columns_used(layer.style or default_style())) == columns:
            return found
    token = secrets.token_hex(8)
    try:
        made = _filled(layer, token)
    except LayerMoved:
        made = None
    if made is None:
        dialect().drop(token)
    return made


def sweep() -> None:
    """Drop what no layer needs: all but its newest table."""
    newest: set[int] = set()
    for table in TileTable.objects.order_by("-revision"):
        if table.format != FORMAT or table.layer_id in newest:
            table.delete()
        else:
            newest.add(table.layer_id)
    kept = set(TileTable.objects.values_list("token", flat=True))
    for token in dialect().tokens() - kept:
        dialect().drop(token)


def _filled(layer: Layer, token: str) -> TileTable | None:
    places = _survey(layer)
    with dialect().writing(token, places.columns) as writer:
        ready_zoom = _write(layer, places, writer)
        _refuse_moved(layer)
    with transaction.atomic():
        now = Layer.objects.select_for_update().filter(pk=layer.pk).first()
        if now is None or now.revision != layer.revision:
            return None
        TileTable.objects.filter(layer=layer, revision=layer.revision, format=FORMAT).delete()
        return TileTable.objects.create(
            layer=layer,
            revision=layer.revision,
            format=FORMAT,
            token=token,
            columns=[column.stored() for column in places.columns],
            bbox=None if places.bbox is None else list(places.bbox.bounds),
            count=len(places.sides),
            ready_zoom=ready_zoom,
        )


def _survey(layer: Layer) -> _Places:
    survey = Survey()
    bounds, lines, areas = [np.empty((0, 4))], [np.empty(0, bool)], [np.empty(0, bool)]
    for chunk in read(layer.pk):
        survey.add(chunk.properties)
        extents = chunk.extents()
        bounds.append(shapely.bounds(chunk.geometries))
        lines.append(extents.are_lines)
        areas.append(np.isin(shapely.get_type_id(chunk.geometries), AREAS))
    boxes = np.concatenate(bounds)
    extents = Extents.of(boxes, np.concatenate(lines))
    sides = np.where(np.concatenate(areas), extents.sides, np.nan)
    bbox = None
    if len(boxes):
        west, south = boxes[:, :2].min(axis=0).tolist()
        east, north = boxes[:, 2:].max(axis=0).tolist()
        bbox = degrees(BBox(west, south, east, north, WEB_MERCATOR))
    columns = survey.columns(columns_used(layer.style or default_style()))
    return _Places(boxes, extents, sides, bbox, columns)


def _write(layer: Layer, places: _Places, writer: Writer) -> int:
    """Says to which zoom tiles are ready. Raises LayerMoved."""
    zooms = thinning.minzooms(places.extents, MAX_ZOOM)
    ranks = np.empty(len(zooms), dtype=np.int64)
    ranks[hilbert.order(places.extents.centres)] = np.arange(len(zooms))
    last = ready.last_zoom(places.bounds, zooms)
    with tempfile.TemporaryDirectory(prefix="tiles-", dir=_room()) as folder:
        sheet = ready.Sheet(Path(folder), layer.key, places.columns)
        at = 0
        for chunk in read(layer.pk):
            here = slice(at, at + len(chunk.ids))
            if len(zooms[here]) != len(chunk.ids):
                raise LayerMoved
            values = _values(chunk, places.columns)
            writer.write(
                Prepared(
                    chunk.geometries, chunk.ids, zooms[here], places.sides[here], ranks[here], values
                )
            )  # fmt: skip
            sheet.add(chunk, values)
            at += len(chunk.ids)
        if at != len(zooms):
            raise LayerMoved
        for z in range(MAX_ZOOM):
            counts = ready.hidden_at(places.extents, zooms, z)
            if len(counts.counts):
                writer.count(z, counts)
        index, extents = sheet.finish()
        drawing = sheet.drawing(index, extents, zooms)
        for _vertices, tiles in drawn(drawing, range(last + 1), processes=ready.processes(at)):
            writer.ready(tiles)
    return last


def _room() -> Path:
    """Where features are put down meanwhile: not in memory, as the system's own folder may be."""
    folder = Path(settings.VAR_DIR) / "tiles"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _values(chunk: Chunk, columns: list[Column]) -> list[list[Any]]:
    return [[c.value(row.get(c.name)) for row in chunk.properties] for c in columns]


def _refuse_moved(layer: Layer) -> None:
    if not Layer.objects.filter(pk=layer.pk, revision=layer.revision).exists():
        raise LayerMoved
