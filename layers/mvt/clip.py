"""Which features a tile holds, and how much of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt.grid import XY, Mask, Rows, TileGrid

Box = tuple[float, float, float, float]
Geometries = NDArray[np.object_]
POLYGON, MULTIPOLYGON = shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON


@dataclass(frozen=True, slots=True)
class Parts:
    """Points, lines, rings and polygons, none empty, and the layer's row that each comes from, rising.

    placed: which are in tile units; the others are in metres, as they came.
    """

    geometries: Geometries
    owners: Rows
    placed: Mask

    def only(self, chosen: Mask | Rows) -> "Parts":
        return Parts(self.geometries[chosen], self.owners[chosen], self.placed[chosen])

    def units(self, grid: TileGrid, xy: XY, part: Rows) -> XY:
        """(m, 2) positions as these parts have them in tile units. part: (m,) the part that each is of."""
        if self.placed.all():
            return xy
        if not self.placed.any():
            return grid.units(xy, self.owners[part])
        metric = ~self.placed[part]
        found = xy.copy()
        found[metric] = grid.units(xy[metric], self.owners[part[metric]])
        return found


@dataclass(frozen=True, slots=True)
class Clipped:
    """What tiles hold of a layer.

    parts: cut to the buffered tile. specks, speck_owners: (k, 2) tile units, the centres of polygons that are smaller
    than a pixel both ways, and their rows.
    """

    parts: Parts
    specks: XY
    speck_owners: Rows


def clip(geometries: Geometries, grid: TileGrid) -> Clipped:
    """What lies in the buffered tile. What lies wholly inside is not cut; what is not finite is passed over."""
    bounds = grid.bounds(shapely.bounds(geometries), np.arange(len(geometries)))
    rows = np.flatnonzero(_touches(bounds, grid.box))
    bounds = bounds[rows]
    small = _specks(geometries[rows], bounds, grid)
    centres = (bounds[small, :2] + bounds[small, 2:]) / 2
    seen = grid.holds(centres, grid.buffer)
    large = rows[~small]
    parts = _parts(geometries[large], large, bounds[~small], grid)
    return Clipped(parts, centres[seen], rows[small][seen])


def inside(bounds: XY, box: Box) -> Mask:
    """Which bounds (n, 4) lie wholly in the box; edges count."""
    found = (bounds[:, :2] >= box[:2]) & (bounds[:, 2:] <= box[2:])
    return found[:, 0] & found[:, 1]


def _touches(bounds: XY, box: Box) -> Mask:
    found = (bounds[:, :2] <= box[2:]) & (bounds[:, 2:] >= box[:2])
    return found[:, 0] & found[:, 1]


def _specks(geometries: Geometries, bounds: XY, grid: TileGrid) -> Mask:
    small: Mask = (bounds[:, 2:] - bounds[:, :2]).max(axis=1, initial=0) < grid.pixel
    candidates = np.flatnonzero(small)
    small[candidates] = _areal(geometries[candidates])
    return small


def _areal(geometries: Geometries) -> Mask:
    kinds = shapely.get_type_id(geometries)
    found: Mask = (kinds == POLYGON) | (kinds == MULTIPOLYGON)
    return found


def _parts(geometries: Geometries, owners: Rows, bounds: XY, grid: TileGrid) -> Parts:
    finite = _finite(geometries)
    if not finite.all():
        geometries, owners, bounds = geometries[finite], owners[finite], bounds[finite]
    parts, row = _simple(geometries)
    if len(parts) != len(geometries):
        bounds = grid.bounds(shapely.bounds(parts), owners[row])
        near = _touches(bounds, grid.box)
        parts, row, bounds = parts[near], row[near], bounds[near]
    across = ~inside(bounds, grid.box)
    found = Parts(parts, owners[row], across)
    if across.any():
        parts[across] = cut(_placed(found.only(across), grid), grid.box)
        parts, row = _simple(parts)
        found = Parts(parts, found.owners[row], found.placed[row])
    return found


def _simple(geometries: Geometries) -> tuple[Geometries, Rows]:
    """Points, lines, rings and polygons, none empty, however they were collected, and the row that each comes from."""
    parts, rows = geometries, np.arange(len(geometries))
    kinds = shapely.get_type_id(parts)
    while (kinds > POLYGON).any():
        parts, row = shapely.get_parts(parts, return_index=True)
        rows, kinds = rows[row], shapely.get_type_id(parts)
    gone = shapely.is_empty(parts) | (kinds < 0)
    return (parts[~gone], rows[~gone]) if gone.any() else (parts, rows)


def _finite(geometries: Geometries) -> Mask:
    """Which have no vertex that is nowhere: their bounds do not tell of NaN."""
    xy = shapely.get_coordinates(geometries)
    found = np.ones(len(geometries), dtype=bool)
    if not np.isfinite(xy).all():
        _, row = shapely.get_coordinates(geometries, return_index=True)
        found[row[~np.isfinite(xy).all(axis=1)]] = False
    return found


def _placed(parts: Parts, grid: TileGrid) -> Geometries:
    """All in tile units."""
    xy, part = shapely.get_coordinates(parts.geometries, return_index=True)
    units: Any = grid.units(xy, parts.owners[part])
    flat: Geometries = shapely.force_2d(parts.geometries)
    return np.asarray(shapely.set_coordinates(flat, units), dtype=object)


def cut(parts: Geometries, box: Box) -> Geometries:
    """Lines and polygons, the part inside.

    box: left, lower, right, upper in the geometries' units.

    clip_by_rect takes a tenth of the time that an intersection takes. On slivers, though, it may give the tile less the
    polygon, or give up; both show, and those are done again.
    """
    areal = _areal(parts)
    try:
        cut = shapely.clip_by_rect(parts, *box)
        doubtful = areal & ~shapely.is_valid(cut)
    except shapely.GEOSException:
        cut, doubtful = parts.copy(), np.ones(len(parts), dtype=bool)
    if doubtful.any():
        cut[doubtful] = _exactly(parts[doubtful], box)
    return cut


def _exactly(parts: Geometries, box: Box) -> Geometries:
    areal = _areal(parts)
    parts[areal] = shapely.make_valid(parts[areal], method="structure", keep_collapsed=False)
    cut: Geometries = shapely.intersection(parts, shapely.box(*box))
    # Where a polygon meets the box in a side or a corner only, there is no part of it.
    pieces, row = shapely.get_parts(cut, return_index=True)
    kept = (shapely.get_type_id(pieces) == POLYGON) | ~areal[row]
    found = np.full(len(parts), None, dtype=object)
    shapely.geometrycollections(pieces[kept], indices=row[kept], out=found)
    return found
