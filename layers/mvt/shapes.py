"""The features of a layer as commands on a tile's grid: cut, taken apart by kind, rounded, encoded."""

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt import commands, ragged
from layers.mvt.clip import clip, inside
from layers.mvt.commands import Shapes
from layers.mvt.grid import XY, TileGrid
from layers.mvt.paths import Paths, rounded_lines, simplified
from layers.mvt.polygons import on_grid, rings_of

Geometries = NDArray[np.object_]
Rows = NDArray[np.int64]
POINT, LINE, RING, POLYGON = (
    shapely.GeometryType.POINT,
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.POLYGON,
)


class Places(NamedTuple):
    """(n, 2) positions in metres, and the layer's row of each."""

    xy: XY
    owners: Rows


def shapes_of(geometries: Geometries, grid: TileGrid, tolerance: float) -> Shapes:
    """All features in the tile, in the layer's order; of one of several kinds points come first, polygons last."""
    clipped = clip(geometries, grid)
    parts, owners = clipped.parts, clipped.owners
    kind = shapely.get_type_id(parts)
    areal, linear, single = kind == POLYGON, (kind == LINE) | (kind == RING), kind == POINT
    areas = _rings(parts[areal], owners[areal], grid, tolerance)
    places = [
        Places(shapely.get_coordinates(parts[single]), owners[single]),
        Places(clipped.specks, clipped.speck_owners),
        _stand_ins(geometries, parts[areal], owners[areal], areas, grid),
    ]
    return _in_order(
        [
            _points(places, grid),
            commands.lines(_paths(parts[linear], owners[linear], grid, tolerance)),
            commands.polygons(areas),
        ]
    )


def _points(places: list[Places], grid: TileGrid) -> Shapes:
    xy = np.concatenate([one.xy for one in places])
    owners = np.concatenate([one.owners for one in places])
    seen = np.flatnonzero(grid.holds(xy))
    seen = seen[np.argsort(owners[seen], kind="stable")]
    return commands.points(np.rint(grid.units(xy[seen])).astype(np.int64), owners[seen])


def _paths(lines: Geometries, owners: Rows, grid: TileGrid, tolerance: float) -> Paths:
    counts = shapely.get_num_coordinates(lines).astype(np.int64)
    paths = Paths(grid.units(shapely.get_coordinates(lines)), counts, owners)
    return rounded_lines(simplified(paths, tolerance, at_least=3))


def _rings(polygons: Geometries, owners: Rows, grid: TileGrid, tolerance: float) -> Paths:
    xy, counts, polygon = rings_of(polygons)
    paths = Paths(grid.units(xy), counts, owners[polygon])
    return on_grid(paths, polygon, tolerance)


def _stand_ins(
    geometries: Geometries, polygons: Geometries, owners: Rows, areas: Paths, grid: TileGrid
) -> Places:
    """A point on each feature that has polygons here, none of which kept an area.

    Of what reaches beyond the buffered tile only a point in the tile itself: what just touches the buffer is no feature
    of this tile.
    """
    found, first = np.unique(owners, return_index=True)
    gone = ~np.isin(found, areas.owners, assume_unique=False)
    found, first = found[gone], first[gone]
    xy = shapely.get_coordinates(shapely.point_on_surface(polygons[first]))
    whole = inside(shapely.bounds(geometries[found]), grid.buffered)
    kept = whole | grid.holds(xy, buffered=False)
    return Places(xy[kept], found[kept])


def _in_order(found: list[Shapes]) -> Shapes:
    filled = [shapes for shapes in found if len(shapes.owners)]
    if len(filled) == 1:
        return filled[0]
    merged = Shapes(
        *map(_joined, zip(*((s.commands, s.counts, s.owners, s.kinds) for s in found), strict=True))
    )
    order = np.argsort(merged.owners, kind="stable")
    values, counts = ragged.take(merged.commands, merged.counts, order)
    return Shapes(values, counts, merged.owners[order], merged.kinds[order])


def _joined(arrays: Any) -> NDArray[Any]:
    return np.concatenate(arrays)
