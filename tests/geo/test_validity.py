"""Why a geometry is unfit, in words and with a place."""

import pytest
from shapely import from_wkt
from shapely.geometry import Point, Polygon

from gis_projects.geo import validity

BOW_TIE = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        (BOW_TIE, "Self-intersection"),
        ("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (6 6, 7 6, 7 7, 6 6))", "Hole lies outside shell"),
        ("MULTIPOLYGON (((0 0,9 0,9 9,0 9,0 0)),((1 1,2 1,2 2,1 1)))", "Nested shells"),
        ("LINESTRING (1 1, 1 1)", "Too few points in geometry component"),
    ],
)
def test_it_explains_what_is_wrong(wkt: str, code: str) -> None:
    found = validity.explain(from_wkt(wkt))
    assert found is not None
    assert found.code == code
    assert str(found.reason) != code


def test_it_says_where() -> None:
    found = validity.explain(from_wkt(BOW_TIE))
    assert found is not None
    assert (found.x, found.y) == (1, 1)
    assert "(1, 1)" in str(found)


@pytest.mark.parametrize("x", [float("nan"), float("inf")])
def test_it_finds_coordinates_that_are_not_finite(x: float) -> None:
    found = validity.explain(Point(x, 1))
    assert found is not None
    assert found.code == "Invalid Coordinate"
    assert not validity.has_finite_coordinates(Point(x, 1))


def test_it_has_nothing_to_say_of_a_valid_geometry() -> None:
    assert validity.explain(Point(1, 2)) is None
    assert validity.explain(Polygon()) is None


@pytest.mark.parametrize(
    ("wkt", "kind"),
    [
        ("POINT (1 2)", "Point"),
        ("MULTIPOINT ((1 2))", "Point"),
        ("LINESTRING (0 0, 1 1)", "LineString"),
        ("MULTILINESTRING ((0 0, 1 1))", "LineString"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Polygon"),
        ("MULTIPOLYGON EMPTY", "Polygon"),
        ("GEOMETRYCOLLECTION EMPTY", None),
    ],
)
def test_it_names_the_kind(wkt: str, kind: str | None) -> None:
    assert validity.kind_of(from_wkt(wkt)) == kind


def test_it_drops_heights_and_counts_vertices() -> None:
    line = from_wkt("LINESTRING Z (0 0 5, 1 1 6)")
    assert validity.has_z(line)
    assert not validity.has_z(validity.force_2d(line))
    assert validity.vertex_count(line) == 2


def test_it_knows_emptiness() -> None:
    assert validity.is_empty(None)
    assert validity.is_empty(from_wkt("MULTIPOINT EMPTY"))
    assert not validity.is_empty(Point(1, 2))


@pytest.mark.parametrize("wkt", ["POINT (1 2)", "LINESTRING (0 0, 1 1)", BOW_TIE])
def test_it_makes_the_multi_form(wkt: str) -> None:
    single = from_wkt(wkt)
    multi = validity.to_multi(single)
    assert multi.geom_type == f"Multi{single.geom_type}"
    assert validity.to_multi(multi) is multi
