"""Tiles made from a source's own rows: for sources that are small or change all the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import WEB_MERCATOR, tile_bbox, tile_side
from gis_projects.geo.web_mercator import degrees
from gis_projects.http.problems import TilesNotReady
from layers.mvt import TileLayer
from layers.mvt.layer import Column
from layers.tiles import encoding, thinning
from layers.tiles.rows import extents_of
from layers.tiles.store import Plan
from layers.tiles.tile_set import BUFFER, EXTENT, MAX_ZOOM

# More rows in one tile take longer than anybody should wait.
MAX_ROWS = 20_000


@dataclass(frozen=True)
class LiveRows:
    """geometries: EPSG:3857, each of one kind, none empty."""

    geometries: NDArray[np.object_]
    ids: NDArray[np.uint64] | None
    columns: Mapping[str, Column] = field(default_factory=dict)


def around(z: int, x: int, y: int) -> BBox:
    """A tile with its buffer, EPSG:4326."""
    margin = tile_side(z) * BUFFER / EXTENT
    west, south, east, north = tile_bbox(z, x, y).bounds
    return degrees(BBox(west - margin, south - margin, east + margin, north + margin, WEB_MERCATOR))


def refuse_too_many(rows: Sequence[Any]) -> None:
    """Raises TilesNotReady. rows: what was found of MAX_ROWS + 1 that were asked for."""
    if len(rows) > MAX_ROWS:
        raise TilesNotReady(
            _("The tiles of this layer are being made. Please ask again in a moment."),
            retry_after=10,
        )


def totals(geometries: NDArray[np.object_]) -> Sequence[int]:
    """How many of these zoom 0, 1, … up to MAX_ZOOM shows."""
    extents = extents_of(geometries)
    shown = [int(thinning.shown_at(extents, z).sum()) for z in range(MAX_ZOOM)]
    return [*shown, len(geometries)]


def encoded(plan: Plan, rows: LiveRows, *, is_last: bool) -> bytes:
    """is_last: the zoom shows everything that there is."""
    if not len(rows.geometries):
        return b""
    extents = extents_of(rows.geometries)
    if is_last:
        shown, cells = np.ones(len(rows.geometries), dtype=bool), []
    else:
        shown = thinning.shown_at(extents, plan.shown)
        counts = thinning.counted(extents, shown, plan.shown)
        cells = np.column_stack([counts.counts, counts.hidden]).tolist()
        cells = [(*at, *row) for at, row in zip(counts.at.tolist(), cells, strict=True)]
    taken = np.flatnonzero(shown)
    picked = taken.tolist()
    layer = TileLayer(
        plan.name,
        rows.geometries[taken],
        None if rows.ids is None else rows.ids[taken],
        {name: [values[at] for at in picked] for name, values in rows.columns.items()},
    )
    return encoding.encode(plan, [layer], cells)
