"""Which features a tile holds, and how much of them."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt.grid import XY, TileGrid

Box = tuple[float, float, float, float]
Geometries = NDArray[np.object_]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
POLYGON, MULTIPOLYGON = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON


@dataclass(frozen=True, slots=True)
class Clipped:
    """What a tile holds of a layer.

    parts, owners: points, lines, rings and polygons, none empty, cut to the buffered tile, and the row of the layer
    that each comes from, rising.
    specks, speck_owners: (k, 2) metres, the centres of polygons that are smaller than a pixel
    both ways.
    """

    parts: Geometries
    owners: Rows
    specks: XY
    speck_owners: Rows


def clip(geometries: Geometries, grid: TileGrid) -> Clipped:
    """What lies in the buffered tile. What lies wholly inside is not cut; what is not finite is passed over."""
    box = grid.buffered
    bounds = shapely.bounds(geometries)
    rows = np.flatnonzero(_touches(bounds, box))
    bounds = bounds[rows]
    small = _specks(geometries[rows], bounds, grid)
    centres = (bounds[small, :2] + bounds[small, 2:]) / 2
    seen = grid.holds(centres)
    large = rows[~small]
    parts, owners = _parts(geometries[large], large, bounds[~small], box)
    return Clipped(parts, owners, centres[seen], rows[small][seen])


def simple(geometries: Geometries, owners: Rows) -> tuple[Geometries, Rows]:
    """Points, lines, rings and polygons, however they were collected; none is empty."""
    parts = geometries
    while (shapely.get_type_id(parts) > POLYGON).any():
        parts, row = shapely.get_parts(parts, return_index=True)
        owners = owners[row]
    there = ~(shapely.is_empty(parts) | shapely.is_missing(parts))
    return parts[there], owners[there]


def inside(bounds: XY, box: Box) -> Mask:
    """Which bounds (n, 4) lie wholly in the box; edges count."""
    west, south, east, north = box
    left, bottom, right, top = bounds.T
    found: Mask = (left >= west) & (right <= east) & (bottom >= south) & (top <= north)
    return found


def _touches(bounds: XY, box: Box) -> Mask:
    west, south, east, north = box
    left, bottom, right, top = bounds.T
    found: Mask = (left <= east) & (right >= west) & (bottom <= north) & (top >= south)
    return found


def _specks(geometries: Geometries, bounds: XY, grid: TileGrid) -> Mask:
    small: Mask = np.logical_and.reduce(bounds[:, 2:] - bounds[:, :2] < grid.pixel, axis=1)
    candidates = np.flatnonzero(small)
    kinds = shapely.get_type_id(geometries[candidates])
    small[candidates] = (kinds == POLYGON) | (kinds == MULTIPOLYGON)
    return small


def _parts(geometries: Geometries, owners: Rows, bounds: XY, box: Box) -> tuple[Geometries, Rows]:
    finite = _finite(geometries)
    geometries, owners, bounds = geometries[finite], owners[finite], bounds[finite]
    parts, owners = simple(geometries, owners)
    if len(parts) != len(geometries):
        bounds = shapely.bounds(parts)
        near = _touches(bounds, box)
        parts, owners, bounds = parts[near], owners[near], bounds[near]
    across = ~inside(bounds, box)
    if not across.any():
        return parts, owners
    parts[across] = _cut(parts[across], box)
    return simple(parts, owners)


def _finite(geometries: Geometries) -> Mask:
    """Which have no vertex that is nowhere: their bounds do not tell of NaN."""
    xy = shapely.get_coordinates(geometries)
    found = np.ones(len(geometries), dtype=bool)
    if not np.isfinite(xy).all():
        _, row = shapely.get_coordinates(geometries, return_index=True)
        found[row[~np.isfinite(xy).all(axis=1)]] = False
    return found


def _cut(parts: Geometries, box: Box) -> Geometries:
    """Lines and polygons, the part inside.

    clip_by_rect takes a tenth of the time that an intersection takes. On slivers, though, it may give the tile less the
    polygon, or give up; both show, and those are done again.
    """
    areal = shapely.get_type_id(parts) == POLYGON
    try:
        cut = shapely.clip_by_rect(parts, *box)
        doubtful = areal & ~shapely.is_valid(cut)
    except shapely.GEOSException:
        cut, doubtful = parts.copy(), np.ones(len(parts), dtype=bool)
    if doubtful.any():
        cut[doubtful] = _exactly(parts[doubtful], box)
    return cut


def _exactly(parts: Geometries, box: Box) -> Geometries:
    areal = shapely.get_type_id(parts) == POLYGON
    parts[areal] = shapely.make_valid(parts[areal], method="structure", keep_collapsed=False)
    cut: Geometries = shapely.intersection(parts, shapely.box(*box))
    # Where a polygon meets the box in a side or a corner only, there is no part of it.
    pieces, row = shapely.get_parts(cut, return_index=True)
    kept = (shapely.get_type_id(pieces) == POLYGON) | ~areal[row]
    found = np.full(len(parts), None, dtype=object)
    shapely.geometrycollections(pieces[kept], indices=row[kept], out=found)
    return found
