"""Length and area on the ellipsoid, in metres and square metres, and the units of the trade.

The ellipsoid is that of CGCS2000 (a = 6 378 137 m, 1/f = 298.257 222 101; GB 22021-2008), which
PROJ knows as GRS80: the two agree in a and f. WGS 84 differs by 0.1 mm in the polar radius,
1.6e-11 of it: below every figure shown here. An edge between two vertices is the geodesic between
them, not a straight line on some map.
Source: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013) 43-55,
doi:10.1007/s00190-012-0578-z, as implemented in PROJ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

ELLIPSOID = Geod(ellps="GRS80")

# 1 mu is 60 square zhang; since 1930, 15 mu are one hectare (GB 3100 lists mu beside it).
M2_PER_MU = 10_000 / 15
M2_PER_HA = 10_000.0
M_PER_KM = 1_000.0


def m2_to_mu(area_m2: float) -> float:
    """Square metres to mu (亩): 1 mu is 10 000 / 15 square metres."""
    return area_m2 * 15 / 10_000


def mu_to_m2(area_mu: float) -> float:
    """Mu (亩) to square metres."""
    return area_mu * 10_000 / 15


def m2_to_ha(area_m2: float) -> float:
    """Square metres to hectares (公顷)."""
    return area_m2 / M2_PER_HA


def m_to_km(length_m: float) -> float:
    """Metres to kilometres (公里)."""
    return length_m / M_PER_KM


def length_m(geom: BaseGeometry) -> float:
    """Length of the lines in a geometry, in metres along the ellipsoid.

    geom: any type, EPSG:4326 or 4490, lon/lat degrees; Z is ignored. Points and polygons have no
    length (0.0; for an outline see ``perimeter_m``); parts of multi geometries and collections
    are added; empty gives 0.0. Source: see the module.
    """
    return sum((_line_m(part) for part in _parts(geom, "LineString", "LinearRing")), 0.0)


def perimeter_m(geom: BaseGeometry) -> float:
    """Length of all rings of the polygons in a geometry, holes included, in metres.

    geom: as for ``length_m``. Points and lines give 0.0; empty gives 0.0.
    """
    polygons = _parts(geom, "Polygon")
    return sum((_line_m(ring) for polygon in polygons for ring in _rings(polygon)), 0.0)


def area_m2(geom: BaseGeometry) -> float:
    """Area of the polygons in a geometry, in square metres on the ellipsoid.

    geom: any type, EPSG:4326 or 4490, lon/lat degrees; Z is ignored. Independent of the
    orientation of rings; holes are subtracted; parts are added (overlapping parts are invalid and
    count twice: see ``union_area_m2``). Points, lines and empty give 0.0. An invalid polygon gives
    a number without meaning: check validity before. Source: see the module.
    """
    return sum((_polygon_m2(part) for part in _parts(geom, "Polygon")), 0.0)


def union_area_m2(geoms: Iterable[BaseGeometry]) -> float:
    """Area that several geometries cover together, overlaps counted once, in square metres.

    geoms: valid, EPSG:4326 or 4490; only their polygons count. Polygons that overlap no other keep
    exactly the area they have alone; only overlapping groups are united, in the plane of lon/lat.
    There a straight edge leaves the geodesic (by 2 cm in the middle of 1 km at 47 N), so a node
    that the union adds may change a group's area by some 1e-5 of it, never more for such edges.
    No geometries give 0.0. Raises shapely.GEOSException for invalid input.
    """
    polygons = np.array([part for geom in geoms for part in _parts(geom, "Polygon")], dtype=object)
    if not len(polygons):
        return 0.0
    groups = _overlapping_groups(polygons)
    return sum((_group_m2(polygons[group]) for group in groups), 0.0)


def overlap_area_m2(first: BaseGeometry, second: BaseGeometry) -> float:
    """Area that two geometries share, in square metres.

    Both valid, EPSG:4326 or 4490. Touching, disjoint or empty gives 0.0.
    """
    return area_m2(shapely.intersection(shapely.force_2d(first), shapely.force_2d(second)))


def _parts(geom: BaseGeometry, *types: str) -> Iterator[BaseGeometry]:
    """The single parts of the wanted types, collections unfolded, empty ones left out."""
    if geom.is_empty:
        return
    if geom.geom_type in types:
        yield geom
    elif geom.geom_type.startswith("Multi") or geom.geom_type == "GeometryCollection":
        for part in shapely.get_parts(geom):
            yield from _parts(part, *types)


def _rings(polygon: BaseGeometry) -> Sequence[BaseGeometry]:
    rings: Sequence[BaseGeometry] = shapely.get_rings(polygon).tolist()
    return rings


def _line_m(line: BaseGeometry) -> float:
    lon, lat = shapely.get_coordinates(line).T
    return float(ELLIPSOID.line_length(lon, lat))


def _polygon_m2(polygon: BaseGeometry) -> float:
    """Outer ring less holes; absolute values make the result independent of orientation."""
    outer, *holes = (_ring_m2(ring) for ring in _rings(polygon))
    return outer - sum(holes)


def _ring_m2(ring: BaseGeometry) -> float:
    lon, lat = shapely.get_coordinates(ring).T
    area, _perimeter = ELLIPSOID.polygon_area_perimeter(lon, lat)
    return abs(float(area))


def _overlapping_groups(polygons: np.ndarray) -> list[list[int]]:
    """Indices in groups: two polygons share a group when a chain of overlaps joins them.

    Neighbours that only touch (sub-compartments along a common edge) stay apart.
    """
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    overlap = ~shapely.touches(polygons[left], polygons[right])
    root = list(range(len(polygons)))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for one, other in zip(left[overlap].tolist(), right[overlap].tolist(), strict=True):
        root[find(one)] = find(other)
    groups: dict[int, list[int]] = {}
    for index in range(len(polygons)):
        groups.setdefault(find(index), []).append(index)
    return list(groups.values())


def _group_m2(polygons: np.ndarray) -> float:
    if len(polygons) == 1:
        return area_m2(polygons[0])
    return area_m2(shapely.union_all(shapely.force_2d(polygons)))
