"""Length and area against closed forms, and the laws that they must keep."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from gis_projects.geo import measure

A, F = 6_378_137.0, 1 / 298.257222101
E2 = F * (2 - F)
E = math.sqrt(E2)
B2 = A * A * (1 - E2)
# H. Moritz, Geodetic Reference System 1980, J. Geodesy 74 (2000) 128-133: the meridian quadrant.
QUADRANT_M = 10_001_965.7293


def zone_m2(lat: float, width: float) -> float:
    """Closed form: area between the equator and a parallel over ``width`` degrees of longitude."""
    s = math.sin(math.radians(lat))
    q = s / (1 - E2 * s * s) + math.log((1 + E * s) / (1 - E * s)) / (2 * E)
    return math.radians(width) * B2 / 2 * q


def cell(west: float, south: float, size: float, steps: int = 400) -> Polygon:
    """A cell whose parallels are followed closely by many short geodesics."""
    lons = np.linspace(west, west + size, steps)
    north = south + size
    return Polygon([(x, south) for x in lons] + [(x, north) for x in lons[::-1]])


cells = st.builds(
    lambda x, y, w, h: box(x, y, x + w, y + h),
    st.floats(122, 126),
    st.floats(46, 48),
    st.floats(0.001, 0.05),
    st.floats(0.001, 0.05),
)


def test_it_measures_the_meridian_quadrant() -> None:
    quarter = LineString([(123, 0), (123, 45), (123, 90)])
    assert measure.length_m(quarter) == pytest.approx(QUADRANT_M, abs=1e-4)


def test_it_measures_along_the_equator() -> None:
    assert measure.length_m(LineString([(0, 0), (1, 0)])) == pytest.approx(
        math.radians(1) * A, rel=1e-12
    )


def test_it_measures_an_octant_of_the_ellipsoid() -> None:
    octant = Polygon([(0, 0), (90, 0), (90, 90), (0, 90)])
    assert measure.area_m2(octant) == pytest.approx(zone_m2(90, 90), rel=1e-12)


@pytest.mark.parametrize(("west", "south"), [(123.0, 47.0), (126.0, 45.9), (0.0, 10.0)])
def test_it_measures_a_cell_between_parallels(west: float, south: float) -> None:
    expected = zone_m2(south + 0.1, 0.1) - zone_m2(south, 0.1)
    assert measure.area_m2(cell(west, south, 0.1)) == pytest.approx(expected, rel=1e-9)


@given(cells)
def test_it_does_not_depend_on_orientation(polygon: Polygon) -> None:
    assert measure.area_m2(polygon.reverse()) == pytest.approx(measure.area_m2(polygon), rel=1e-9)


@given(cells)
def test_it_does_not_depend_on_longitude(polygon: Polygon) -> None:
    moved = affinity.translate(polygon, xoff=-100)
    assert measure.area_m2(moved) == pytest.approx(measure.area_m2(polygon), rel=1e-7)


@given(cells)
def test_it_subtracts_holes(polygon: Polygon) -> None:
    hole = affinity.scale(polygon, 0.5, 0.5)
    holed = Polygon(polygon.exterior.coords, [hole.exterior.coords])
    expected = measure.area_m2(polygon) - measure.area_m2(hole)
    assert measure.area_m2(holed) == pytest.approx(expected, rel=1e-9)
    assert measure.area_m2(holed.reverse()) == pytest.approx(expected, rel=1e-9)


def test_it_adds_parts_and_leaves_out_what_has_no_such_measure() -> None:
    one, two = box(123, 47, 123.01, 47.01), box(124, 47, 124.01, 47.01)
    line = LineString([(123, 47), (123.01, 47)])
    total = measure.area_m2(one) + measure.area_m2(two)
    assert measure.area_m2(MultiPolygon([one, two])) == pytest.approx(total, rel=1e-12)
    assert measure.area_m2(GeometryCollection([one, line, two])) == pytest.approx(total, rel=1e-12)
    assert measure.length_m(MultiLineString([line, line])) == 2 * measure.length_m(line)
    assert measure.length_m(one) == 0
    assert measure.area_m2(line) == 0
    assert measure.length_m(Point(1, 2)) == measure.area_m2(Point(1, 2)) == 0
    assert measure.length_m(LineString()) == measure.area_m2(Polygon()) == 0


def test_it_measures_an_outline_with_its_holes() -> None:
    ring = box(123, 47, 123.01, 47.01)
    assert measure.perimeter_m(ring) == pytest.approx(measure.length_m(ring.exterior), rel=1e-12)


def test_it_ignores_heights() -> None:
    flat, high = LineString([(123, 47), (124, 47)]), LineString([(123, 47, 5), (124, 47, 900)])
    assert measure.length_m(flat) == measure.length_m(high)


@given(cells)
def test_it_counts_the_same_ground_once(polygon: Polygon) -> None:
    twice = measure.union_area_m2([polygon, polygon])
    assert twice == pytest.approx(measure.area_m2(polygon), rel=1e-9)


def test_it_keeps_the_exact_area_of_polygons_that_only_touch() -> None:
    edges = [123 + i / 100 for i in range(6)]
    row = [box(west, 47, east, 47.01) for west, east in pairwise(edges)]
    assert measure.union_area_m2(row) == sum(map(measure.area_m2, row))


@given(cells, cells)
def test_it_unites_to_the_sum_less_the_overlap(one: Polygon, other: Polygon) -> None:
    shared = measure.overlap_area_m2(one, other)
    expected = measure.area_m2(one) + measure.area_m2(other) - shared
    assert measure.union_area_m2([one, other]) == pytest.approx(expected, rel=1e-4)


def test_it_unites_nothing_to_nothing() -> None:
    assert measure.union_area_m2([]) == 0
    assert measure.union_area_m2([Point(1, 2), Polygon()]) == 0


def test_it_finds_no_overlap_between_neighbours() -> None:
    assert measure.overlap_area_m2(box(0, 0, 1, 1), box(1, 0, 2, 1)) == 0


def test_it_converts_the_units_of_the_trade() -> None:
    assert measure.m2_to_mu(10_000) == 15
    assert measure.m2_to_mu(measure.mu_to_m2(100_000)) == 100_000
    assert measure.m2_to_mu(measure.M2_PER_MU) == pytest.approx(1, rel=1e-15)
    assert measure.m2_to_ha(10_000) == 1
    assert measure.m_to_km(1_500) == 1.5
