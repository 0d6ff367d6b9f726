"""Many tiles of one zoom in one go: a feature that lies in two tiles is two rows.

A tile by itself costs a millisecond before its first feature, since each of some hundred steps is a call; here those
calls are shared by thousands of tiles.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import HALF_WORLD_M, tile_side
from layers.mvt import ragged
from layers.mvt.clip import Geometries, cut
from layers.mvt.encode import messages
from layers.mvt.grid import Rows, TileGrid
from layers.mvt.layer import Column
from layers.mvt.properties import Coded, coded
from layers.mvt.shapes import shapes_of

LONG = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTILINESTRING,
    shapely.GeometryType.MULTIPOLYGON,
)
# So many tiles of one geometry, and it is cut to what they cover before it is cut to each.
WORTH_CUTTING_FIRST = 4


class Pairs(NamedTuple):
    """(n,) rows of a layer, and the column and row of a tile that each lies in."""

    rows: Rows
    x: Rows
    y: Rows


def pairs_of(bounds: NDArray[np.float64], z: int, *, extent: int, buffer: int) -> Pairs:
    """Every tile, its buffer included, that bounds (n, 4) in EPSG:3857 touch. Empty bounds (NaN) touch none."""
    side = tile_side(z)
    margin = side * buffer / extent
    there = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    west, south, east, north = bounds[there].T
    last = 2**z - 1
    left, right = _span(
        (west - margin + HALF_WORLD_M) / side, (east + margin + HALF_WORLD_M) / side, last
    )
    top, bottom = _span(
        (HALF_WORLD_M - north - margin) / side, (HALF_WORLD_M - south + margin) / side, last
    )
    width = right - left + 1
    counts = width * (bottom - top + 1)
    row, place = np.repeat(np.arange(len(there)), counts), ragged.within(counts)
    return Pairs(there[row], left[row] + place % width[row], top[row] + place // width[row])


def encode_tiles(
    name: str,
    geometries: Geometries,
    ids: NDArray[np.uint64] | None,
    properties: Coded | Mapping[str, Column],
    pairs: Pairs,
    z: int,
    *,
    extent: int = 4096,
    buffer: int = 64,
    tolerance: float = 0.5,
) -> list[bytes]:
    """One layer of the pairs' tiles, each as ``encode_tile`` gives it, in the order in which the pairs have them.

    geometries, ids, properties: of the layer's rows, EPSG:3857. pairs: those of one tile one after the other.
    """
    new = np.ones(len(pairs.rows), dtype=bool)
    new[1:] = (np.diff(pairs.x) != 0) | (np.diff(pairs.y) != 0)
    tile = np.cumsum(new) - 1
    side = tile_side(z)
    west = pairs.x[new].astype(np.float64) * side - HALF_WORLD_M
    north = HALF_WORLD_M - pairs.y[new].astype(np.float64) * side
    grid = TileGrid(west, north, (side / extent, side / extent), extent, buffer, tile)
    if not isinstance(properties, Coded):
        properties = coded(properties, np.arange(len(geometries)))
    shapes = shapes_of(_cut_first(geometries, pairs, grid, side)[pairs.rows], grid, tolerance)
    rows = pairs.rows[shapes.owners]
    return messages(name, shapes, None if ids is None else ids[rows], properties.of(rows), grid)


def _cut_first(geometries: Geometries, pairs: Pairs, grid: TileGrid, side: float) -> Geometries:
    """Large ones cut to all of these tiles together, so that not every tile cuts at their whole length."""
    often = np.flatnonzero(
        np.bincount(pairs.rows, minlength=len(geometries)) >= WORTH_CUTTING_FIRST
    )
    finite = np.isfinite(shapely.bounds(geometries[often])).all(axis=1)
    often = often[finite & np.isin(shapely.get_type_id(geometries[often]), LONG)]
    if not len(often):
        return geometries
    margin = (
        side  # a tile more than is needed: what is cut here must not become an edge in any buffer
    )
    box = (
        float(grid.west.min()) - margin,
        float(grid.north.min()) - side - margin,
        float(grid.west.max()) + side + margin,
        float(grid.north.max()) + margin,
    )
    found = geometries.copy()
    found[often] = cut(geometries[often], box)
    return found


def _span(first: Any, last: Any, end: int) -> tuple[Rows, Rows]:
    low = np.clip(np.floor(first), 0, end).astype(np.int64)
    return low, np.maximum(np.clip(np.floor(last), 0, end).astype(np.int64), low)
