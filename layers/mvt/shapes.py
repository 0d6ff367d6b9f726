"""The features of a layer as commands on a tile's grid: cut, taken apart by kind, rounded, encoded."""

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt import commands, ragged
from layers.mvt.clip import Geometries, Parts, clip, inside
from layers.mvt.commands import Shapes
from layers.mvt.grid import XY, Rows, TileGrid
from layers.mvt.paths import Paths, rounded_lines, simplified
from layers.mvt.polygons import on_grid

POINT, POLYGON = shapely.GeometryType.POINT, shapely.GeometryType.POLYGON


class Places(NamedTuple):
    """(n, 2) positions in tile units, and the layer's row of each."""

    xy: XY
    owners: Rows


def shapes_of(geometries: Geometries, grid: TileGrid, tolerance: float) -> Shapes:
    """All features in the tile, in the layer's order; of one of several kinds points come first, polygons last."""
    clipped = clip(geometries, grid)
    parts = clipped.parts
    kind = shapely.get_type_id(parts.geometries)
    places = [Places(clipped.specks, clipped.speck_owners)]
    found: list[Shapes] = []
    if (areal := kind == POLYGON).any():
        polygons = parts.only(areal)
        areas = _rings(polygons, grid, tolerance)
        places.append(_stand_ins(geometries, polygons, areas, grid))
        found.append(commands.polygons(areas))
    if (single := kind == POINT).any():
        points = parts.only(single)
        xy = shapely.get_coordinates(points.geometries)
        places.append(Places(points.units(grid, xy, np.arange(len(xy))), points.owners))
    if (linear := (kind != POLYGON) & (kind != POINT)).any():
        found.append(commands.lines(_paths(parts.only(linear), grid, tolerance)))
    return _in_order([_points(places, grid), *reversed(found)])


def _points(places: list[Places], grid: TileGrid) -> Shapes:
    xy = np.concatenate([one.xy for one in places])
    owners = np.concatenate([one.owners for one in places])
    seen = np.flatnonzero(grid.holds(xy, grid.buffer))
    seen = seen[np.argsort(owners[seen], kind="stable")]
    return commands.points(np.rint(xy[seen]).astype(np.int64), owners[seen])


def _paths(lines: Parts, grid: TileGrid, tolerance: float) -> Paths:
    xy, part = shapely.get_coordinates(lines.geometries, return_index=True)
    counts = np.bincount(part, minlength=len(lines.owners))
    paths = Paths(lines.units(grid, xy, part), counts, lines.owners)
    return rounded_lines(simplified(paths, tolerance, at_least=3))


def _rings(polygons: Parts, grid: TileGrid, tolerance: float) -> Paths:
    rings, polygon = shapely.get_rings(polygons.geometries, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring, minlength=len(rings))
    paths = Paths(polygons.units(grid, xy, polygon[ring]), counts, polygons.owners[polygon])
    return on_grid(paths, polygon, tolerance)


def _stand_ins(geometries: Geometries, polygons: Parts, areas: Paths, grid: TileGrid) -> Places:
    """A point on each feature that has polygons here, none of which kept an area.

    Of what reaches beyond the buffered tile only a point in the tile itself: what just touches the buffer is no feature
    of this tile.
    """
    found, first = np.unique(polygons.owners, return_index=True)
    gone = ~np.isin(found, areas.owners)
    found, lost = found[gone], polygons.only(first[gone])
    on_it = shapely.get_coordinates(shapely.point_on_surface(lost.geometries))
    xy = lost.units(grid, on_it, np.arange(len(on_it)))
    whole = inside(grid.bounds(shapely.bounds(geometries[found]).reshape(-1, 4), found), grid.box)
    kept = whole | grid.holds(xy, 0)
    return Places(xy[kept], found[kept])


def _in_order(found: list[Shapes]) -> Shapes:
    filled = [shapes for shapes in found if len(shapes.owners)]
    if len(filled) == 1:
        return filled[0]
    columns = zip(*((s.commands, s.counts, s.owners, s.kinds) for s in found), strict=True)
    merged = Shapes(*map(_joined, columns))
    order = np.argsort(merged.owners, kind="stable")
    values, counts = ragged.take(merged.commands, merged.counts, order)
    return Shapes(values, counts, merged.owners[order], merged.kinds[order])


def _joined(arrays: Any) -> NDArray[Any]:
    return np.concatenate(arrays)
