"""Coarser geometry for the public, from which the exact one cannot be had back.

Adding noise would not do: averages over several publications remove it. A grid does not depend on
the publication, so every answer about a place is the same answer.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.measure import ELLIPSOID

# A degree of latitude is shortest at the equator (110 574 m on GRS80): with this number a cell
# is never lower than asked for, at any latitude.
M_PER_DEGREE_LAT = 110_574.0
_DECIMALS = 9


def snap_to_grid(point: Point, cell_m: float) -> Point:
    """The centre of the grid cell that a point lies in.

    point: lon/lat degrees, EPSG:4326, between 80 S and 80 N; Z is dropped. cell_m: metres, > 0.
    Guarantees: all points of a cell give the same result, the result gives itself again, a cell
    measures at least ``cell_m`` both ways (so one of its points is as likely as another over that
    square), and the result is nearer than ``cell_m`` to the point. Empty stays empty.
    Raises ValueError for a cell that is not positive, or a latitude beyond 80 degrees.
    """
    if point.is_empty:
        return point
    return Point(_centres(shapely.get_coordinates(point), cell_m)[0])


def generalise_line(line: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    """A line redrawn through the centres of grid cells, for a public map.

    line: LineString or MultiLineString, lon/lat degrees, EPSG:4326; Z is dropped.
    tolerance_m: side of a cell in metres, > 0.
    Guarantees: the line is read only through the cells that its samples (every quarter of a cell)
    fall in, so every alignment through the same cells gives the same result; each vertex is a
    cell's centre; the result stays within 2 x ``tolerance_m`` of the line. A line inside one cell
    becomes that cell's centre, a Point; empty stays empty. Raises ValueError as ``snap_to_grid``,
    and for other geometry types.
    """
    if line.geom_type not in {"LineString", "MultiLineString"}:
        raise ValueError(f"a line is wanted, not {line.geom_type}")
    if line.is_empty:
        return line
    paths = [_generalised(part, tolerance_m) for part in shapely.get_parts(line)]
    lines = [LineString(path) for path in paths if len(path) > 1]
    if not lines:
        return Point(paths[0][0])
    return lines[0] if len(lines) == 1 else MultiLineString(lines)


def generalise_polygon(polygon: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    """Outlines redrawn through the centres of grid cells, for a public map; holes are left out.

    polygon: Polygon or MultiPolygon, lon/lat degrees, EPSG:4326; Z is dropped. tolerance_m: side of
    a cell in metres, > 0. Guarantees of ``generalise_line`` for each outline; the result is a valid
    Polygon or MultiPolygon, or, where an outline encloses no cell, that cell's centre as a Point.
    Raises ValueError as ``snap_to_grid``, and for other geometry types.
    """
    if polygon.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"a polygon is wanted, not {polygon.geom_type}")
    if polygon.is_empty:
        return polygon
    parts = [part for part in shapely.get_parts(polygon) if not part.is_empty]
    paths = [_generalised(LineString(part.exterior.coords), tolerance_m) for part in parts]
    rings = np.array([shapely.make_valid(Polygon(path)) for path in paths if len(path) > 3])
    areas = shapely.get_parts(shapely.union_all(rings))
    kept = [area for area in areas if area.geom_type == "Polygon"]
    if not kept:
        return Point(paths[0][0])
    return kept[0] if len(kept) == 1 else MultiPolygon(kept)


def _generalised(line: LineString, cell_m: float) -> np.ndarray:
    centres = _centres(_samples(shapely.get_coordinates(line), cell_m / 4), cell_m)
    moved = np.any(np.diff(centres, axis=0) != 0, axis=1)
    path: np.ndarray = centres[np.concatenate([[True], moved])]
    if len(path) < 3:
        return path
    return _simplified(path, cell_m)


def _samples(coordinates: np.ndarray, step_m: float) -> np.ndarray:
    """The vertices, and points between them no further apart than ``step_m``."""
    lon, lat = coordinates.T
    _, _, lengths = ELLIPSOID.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    counts = np.maximum(np.ceil(np.asarray(lengths) / step_m).astype(int), 1)
    pieces = [
        np.linspace(start, end, count, endpoint=False)
        for start, end, count in zip(coordinates[:-1], coordinates[1:], counts, strict=True)
    ]
    return np.vstack([*pieces, coordinates[-1:]])


def _simplified(path: np.ndarray, tolerance_m: float) -> np.ndarray:
    """Douglas-Peucker on the cell centres (never on the true vertices), in local metres."""
    scale = np.array([math.cos(math.radians(path[:, 1].mean())), 1.0]) * M_PER_DEGREE_LAT
    kept = shapely.simplify(LineString(path * scale), tolerance_m, preserve_topology=False)
    # Back to the very numbers of the centres: scaling to and fro loses the last bits.
    return np.round(shapely.get_coordinates(kept) / scale, _DECIMALS)


def _centres(coordinates: np.ndarray, cell_m: float) -> np.ndarray:
    """Centres of the cells of (n, 2) lon/lat coordinates, rows first, then columns in the row."""
    if not cell_m > 0:
        raise ValueError("a grid cell must be larger than nothing")
    lon, lat = coordinates.T
    if not np.all(np.abs(lat) <= 80):
        raise ValueError("the grid reaches from 80 S to 80 N")
    row_height = cell_m / M_PER_DEGREE_LAT
    row = np.floor(lat / row_height)
    lat_centre = (row + 0.5) * row_height
    # The row's edge nearer the pole is its shortest parallel: no cell is narrower than asked for.
    widths = cell_m / _m_per_degree_lon(np.abs(lat_centre) + row_height / 2)
    lon_centre = (np.floor(lon / widths) + 0.5) * widths
    return np.round(np.column_stack([lon_centre, lat_centre]), _DECIMALS)


def _m_per_degree_lon(lat: np.ndarray) -> np.ndarray:
    """Length of a degree of longitude, metres, on the ellipsoid: N cos(lat) pi / 180."""
    phi = np.radians(lat)
    normal = ELLIPSOID.a / np.sqrt(1 - ELLIPSOID.es * np.sin(phi) ** 2)
    return np.asarray(normal * np.cos(phi) * math.pi / 180)
