"""The bounding box: parsing at the door, and its small algebra."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from gis_projects.geo.bbox import BBox, BBoxInvalid, covers_degrees

CITY = BBox(122.4, 45.9, 126.8, 48.9)
lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


@st.composite
def boxes(draw: st.DrawFn) -> BBox:
    west, east = sorted([draw(lons), draw(lons)])
    south, north = sorted([draw(lats), draw(lats)])
    return BBox(west, south, east, north)


def test_it_parses_west_south_east_north() -> None:
    assert BBox.parse("122.4, 45.9,126.8,48.9") == CITY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "4 numbers"),
        ("1,2,3", "4 numbers"),
        ("1,2,3,4,5,6", "4 numbers"),
        ("a,b,c,d", "separated by commas"),
        ("1,2,nan,4", "finite"),
        ("1,2,inf,4", "finite"),
        ("3,2,1,4", "west"),
        ("1,4,3,2", "south"),
        ("-181,2,3,4", "longitude"),
        ("1,2,181,4", "longitude"),
        ("1,-91,3,4", "latitude"),
        ("1,2,3,91", "latitude"),
    ],
)
def test_it_refuses_what_is_no_bbox(text: str, reason: str) -> None:
    with pytest.raises(BBoxInvalid, match=reason):
        BBox.parse(text)


def test_it_takes_metres_in_a_projected_crs() -> None:
    assert BBox.parse("41453438,5085000,41787124,5451000", srid=4529).width > 300_000


@given(boxes(), boxes())
def test_it_unites_to_a_box_around_both(one: BBox, other: BBox) -> None:
    union = one.union(other)
    assert union.contains_box(one)
    assert union.contains_box(other)
    assert union == other.union(one)


@given(boxes(), boxes())
def test_it_agrees_with_polygons_on_intersection(one: BBox, other: BBox) -> None:
    shared = one.intersection(other)
    assert (shared is not None) == one.intersects(other)
    if shared is not None:
        assert one.contains_box(shared)
        assert other.contains_box(shared)


@given(boxes())
def test_it_survives_its_own_text(box: BBox) -> None:
    again = BBox.parse(str(box))
    assert again.bounds == pytest.approx(box.bounds, abs=1e-9)


def test_it_refuses_to_mix_crss() -> None:
    with pytest.raises(BBoxInvalid, match="different CRSs"):
        CITY.intersects(BBox(0, 0, 1, 1, srid=3857))


def test_it_is_made_from_a_geometry() -> None:
    assert BBox.from_geometry(LineString([(1, 2), (3, 4)])) == BBox(1, 2, 3, 4)


def test_it_refuses_an_empty_geometry() -> None:
    with pytest.raises(BBoxInvalid, match="empty"):
        BBox.from_geometry(Point())


def test_it_expands_up_to_the_ends_of_the_earth() -> None:
    assert CITY.expand(0.5).bounds == pytest.approx((121.9, 45.4, 127.3, 49.4))
    assert BBox(-179, -89, 179, 89).expand(5) == BBox(-180, -90, 180, 90)


def test_it_refuses_to_shrink_to_nothing() -> None:
    with pytest.raises(BBoxInvalid):
        CITY.expand(-5)


def test_it_contains_its_edges_and_never_nan() -> None:
    assert CITY.contains(122.4, 45.9)
    assert not CITY.contains(float("nan"), 47)


def test_it_becomes_a_polygon_of_the_same_bounds() -> None:
    polygon = CITY.to_polygon()
    assert polygon.bounds == CITY.bounds
    assert polygon.exterior.is_ccw


def test_it_unites_many_and_refuses_none() -> None:
    assert BBox.around([BBox(0, 0, 1, 1), BBox(2, 2, 3, 3)]) == BBox(0, 0, 3, 3)
    with pytest.raises(BBoxInvalid):
        BBox.around([])


def test_it_tells_degrees_from_metres() -> None:
    assert covers_degrees(Point(123.9, 47.3))
    assert not covers_degrees(Point(41_500_000, 5_240_000))
    assert not covers_degrees(Point())
