"""What the coarse geometry promises: nothing finer than a cell can be had back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point, Polygon

from gis_projects.geo.gridsnap import generalise_line, generalise_polygon, snap_to_grid
from gis_projects.geo.measure import ELLIPSOID, area_m2

points = st.builds(Point, st.floats(122, 127), st.floats(45.8, 49))
sizes = st.sampled_from([10.0, 100.0, 500.0, 2000.0])


def distance_m(one: Point, other: Point) -> float:
    return float(ELLIPSOID.inv(one.x, one.y, other.x, other.y)[2])


@given(points, sizes)
def test_it_moves_a_point_by_less_than_a_cell(point: Point, cell_m: float) -> None:
    assert distance_m(point, snap_to_grid(point, cell_m)) < cell_m


@given(points, sizes)
def test_it_gives_a_snapped_point_again(point: Point, cell_m: float) -> None:
    snapped = snap_to_grid(point, cell_m)
    assert snap_to_grid(snapped, cell_m).equals_exact(snapped, 0)


@given(points, sizes, st.floats(0, 360), st.floats(0, 0.49))
def test_it_hides_where_in_the_cell_a_point_lies(
    point: Point, cell_m: float, azimuth: float, share: float
) -> None:
    centre = snap_to_grid(point, cell_m)
    lon, lat, _ = ELLIPSOID.fwd(centre.x, centre.y, azimuth, share * cell_m)
    assert snap_to_grid(Point(lon, lat), cell_m).equals_exact(centre, 0)


def test_it_leaves_an_empty_point() -> None:
    assert snap_to_grid(Point(), 100).is_empty


@pytest.mark.parametrize(("point", "cell"), [((123, 47), 0), ((123, 47), -1), ((123, 85), 100)])
def test_it_refuses_a_grid_that_is_none(point: tuple[float, float], cell: float) -> None:
    with pytest.raises(ValueError, match="grid"):
        snap_to_grid(Point(point), cell)


lines = st.lists(st.tuples(st.floats(123, 123.05), st.floats(47, 47.05)), min_size=2, max_size=6)


@settings(max_examples=50)
@given(lines)
def test_it_draws_a_line_through_cell_centres_near_the_true_one(
    coordinates: list[tuple[float, float]],
) -> None:
    line = LineString(coordinates)
    coarse = generalise_line(line, 200)
    for vertex in coarse.coords:
        assert snap_to_grid(Point(vertex), 200).equals_exact(Point(vertex), 1e-9)
        nearest = line.interpolate(line.project(Point(vertex)))
        assert distance_m(nearest, Point(vertex)) < 400


def test_it_gives_one_result_for_alignments_in_the_same_cells() -> None:
    start, end = snap_to_grid(Point(123, 47), 500), snap_to_grid(Point(123.05, 47), 500)
    shifted = LineString([(start.x, start.y + 0.0005), (end.x, end.y + 0.0005)])
    assert generalise_line(LineString([start, end]), 500).equals(generalise_line(shifted, 500))


def test_it_makes_a_point_of_a_line_in_one_cell() -> None:
    centre = snap_to_grid(Point(123, 47), 1000)
    line = LineString([centre, (centre.x + 1e-4, centre.y)])
    assert generalise_line(line, 1000).equals_exact(centre, 0)


def test_it_keeps_the_parts_of_a_multi_line() -> None:
    parts = MultiLineString([[(123, 47), (123.1, 47)], [(124, 47), (124.1, 47)]])
    assert len(generalise_line(parts, 100).geoms) == 2


def test_it_refuses_what_is_no_line_and_leaves_an_empty_one() -> None:
    with pytest.raises(ValueError, match="line"):
        generalise_line(Polygon(), 10)
    assert generalise_line(LineString(), 10).is_empty


@pytest.mark.parametrize("cell_m", [50.0, 200.0])
def test_an_outline_goes_through_cells_and_stays_near(cell_m: float) -> None:
    pit = Point(123.6, 47.1).buffer(0.006)
    coarse = generalise_polygon(pit, cell_m)
    assert coarse.is_valid
    assert coarse.geom_type == "Polygon"
    assert area_m2(coarse) == pytest.approx(area_m2(pit), rel=4 * cell_m / 450)
    for lon, lat in coarse.exterior.coords:
        centre = snap_to_grid(Point(lon, lat), cell_m)
        assert (centre.x, centre.y) == (lon, lat)


def test_outlines_through_the_same_cells_are_the_same() -> None:
    pit = Point(123.6, 47.1).buffer(0.006, quad_segs=64)
    nudged = Polygon([(x + 1e-9, y) for x, y in pit.exterior.coords])
    assert generalise_polygon(pit, 100.0).equals(generalise_polygon(nudged, 100.0))


def test_an_outline_within_a_cell_becomes_its_centre() -> None:
    small = Point(123.6, 47.1).buffer(1e-7)
    assert generalise_polygon(small, 100.0).geom_type == "Point"
    with pytest.raises(ValueError, match="polygon is wanted"):
        generalise_polygon(LineString([(123, 47), (124, 47)]), 100.0)
