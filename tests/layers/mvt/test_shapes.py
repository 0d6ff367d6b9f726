"""Named samples: each kind of geometry, what is cut, what collapses."""

import numpy as np
import pytest
import shapely
from shapely import from_wkt

from gis_projects.geo.bbox import BBox
from layers.mvt import TileLayer, encode_tile
from tests.layers.mvt.reading import doubled_area
from tests.layers.mvt.tile import BBOX, encoded, geometries

SQUARE = "POLYGON ((100 100, 100 200, 200 200, 200 100, 100 100))"


@pytest.mark.parametrize(
    ("wkt", "kinds"),
    [
        ("POINT (5 6)", [1]),
        ("POINT Z (5 6 7)", [1]),
        ("MULTIPOINT ((5 6), (7 8))", [1]),
        ("LINESTRING (5 6, 70 80)", [2]),
        ("LINEARRING (0 0, 90 0, 90 90, 0 0)", [2]),
        ("MULTILINESTRING ((5 6, 70 80), (90 90, 90 99, 80 99))", [2]),
        (SQUARE, [3]),
        ("POLYGON ((0 0, 900 0, 900 900, 0 900, 0 0), (100 100, 200 100, 200 200, 100 100))", [3]),
        ("MULTIPOLYGON (((0 0, 90 0, 90 90, 0 0)), ((100 100, 200 100, 200 200, 100 100)))", [3]),
        ("GEOMETRYCOLLECTION (POINT (5 6), GEOMETRYCOLLECTION (LINESTRING (1 1, 2 2)), " + SQUARE + ")", [1, 2, 3]),
        ("POINT EMPTY", []),
        ("MULTIPOLYGON EMPTY", []),
        ("GEOMETRYCOLLECTION EMPTY", []),
    ],
)  # fmt: skip
def test_each_kind_is_drawn_where_it_was(wkt: str, kinds: list[int]) -> None:
    shape = from_wkt(wkt)
    found = encoded(shape, ids=np.array([7]))
    assert [one.kind for one in found] == kinds
    assert {one.id for one in found} <= {7}
    drawn = shapely.union_all([one.shape for one in found])
    assert drawn.is_empty == shape.is_empty
    if not shape.is_empty:
        assert drawn.hausdorff_distance(shapely.union_all([shapely.force_2d(shape)])) == 0


def test_nothing_in_the_tile_is_no_bytes() -> None:
    assert encode_tile([], BBOX) == b""
    assert (
        encode_tile([TileLayer("sites", geometries(None, shapely.Point(9000, 9000)))], BBOX) == b""
    )


def test_a_layer_without_features_is_left_out_beside_one_with() -> None:
    here = TileLayer("here", geometries(shapely.Point(1, 1)))
    away = TileLayer("away", geometries(shapely.Point(9000, 1)))
    assert encode_tile([away, here, away], BBOX) == encode_tile([here], BBOX)


def test_a_shell_runs_clockwise_on_the_screen_and_its_hole_the_other_way() -> None:
    for shell in (
        shapely.box(0, 0, 1000, 1000, ccw=True),
        shapely.box(0, 0, 1000, 1000, ccw=False),
    ):
        (found,) = encoded(shell.difference(shapely.box(400, 400, 600, 600)))
        assert [doubled_area(ring) for ring in found.parts] == [2_000_000, -80_000]


def test_what_is_larger_than_the_tile_is_cut_at_the_buffer() -> None:
    (area,) = encoded(shapely.box(-9000, -9000, 9000, 9000))
    assert area.shape.bounds == (-64, -64, 4160, 4160)
    (line,) = encoded(from_wkt("LINESTRING (-9000 10, 9000 10)"), buffer=0)
    assert line.shape.bounds == (0, 10, 4096, 10)


def test_points_in_the_buffer_are_kept_alone_and_in_company() -> None:
    assert len(encoded(shapely.Point(-63.9, 4159.9), shapely.Point(-64.1, 0))) == 1
    (several,) = encoded(from_wkt("MULTIPOINT ((-63.9 0), (9 9), (-64.1 9))"))
    assert several.parts == [[(-64, 0)], [(9, 9)]]


def test_a_point_that_is_there_twice_is_drawn_once() -> None:
    (found,) = encoded(from_wkt("MULTIPOINT ((5.1 6), (5 6.2), (9 9))"))
    assert found.parts == [[(5, 6)], [(9, 9)]]


def test_a_polygon_smaller_than_a_pixel_becomes_a_point_at_its_centre() -> None:
    (found,) = encoded(shapely.box(100, 100, 110, 104))
    assert (found.kind, found.parts) == (1, [[(105, 102)]])
    assert encoded(shapely.box(100, 100, 110, 120))[0].kind == 3


def test_a_polygon_without_width_becomes_a_point_on_it() -> None:
    (found,) = encoded(from_wkt("POLYGON ((100 100, 500 100.3, 900 100, 500 100.1, 100 100))"))
    assert found.kind == 1
    assert shapely.box(100, 99, 900, 101).covers(found.shape)


def test_a_large_polygon_that_just_touches_the_buffer_leaves_no_trace() -> None:
    assert encoded(shapely.box(4159.8, 0, 9000, 4000)) == []


def test_a_line_that_has_become_a_point_is_gone() -> None:
    assert encoded(from_wkt("LINESTRING (100 100, 100.2 100.2)")) == []


def test_a_hole_and_a_part_without_area_are_gone() -> None:
    shape = from_wkt(
        "MULTIPOLYGON (((0 0, 900 0, 900 900, 0 900, 0 0), (100 100, 100.2 100, 100.2 100.2, 100 100)),"
        "((2000 2000, 2000.3 2000, 2000 2000.3, 2000 2000)))"
    )
    (found,) = encoded(shape)
    assert found.shape.equals(shapely.box(0, 0, 900, 900))


def test_an_hourglass_is_drawn_as_its_two_halves() -> None:
    (found,) = encoded(from_wkt("POLYGON ((0 0, 1000 1000, 1000 0, 0 1000, 0 0))"))
    assert found.shape.is_valid
    assert found.shape.area == 500_000


def test_sides_that_cross_after_rounding_are_mended() -> None:
    # The notch's tip lies 0.4 above the base: on the grid, it is on it.
    shape = from_wkt(
        "POLYGON ((0 0, 0 500, 300 500, 250 0.4, 200 500, 100 500, 100 0.2, 90 500, 30 500, 400 0, 0 0))"
    )
    (found,) = encoded(shape, tolerance=0)
    assert found.shape.is_valid


def test_a_vertex_on_a_straight_line_is_left_out_with_a_tolerance_and_kept_without() -> None:
    line = from_wkt("LINESTRING (0 0, 100 0.3, 200 0)")
    assert encoded(line)[0].parts == [[(0, 0), (200, 0)]]
    assert encoded(line, tolerance=0)[0].parts == [[(0, 0), (100, 0), (200, 0)]]


@pytest.mark.parametrize("nowhere", [float("nan"), float("inf")])
def test_what_has_a_vertex_nowhere_is_passed_over(nowhere: float) -> None:
    line = shapely.linestrings([[0, 0], [nowhere, 5], [90, 90]])
    ring = shapely.polygons([[0, 0], [nowhere, 5], [90, 90], [0, 50]])
    found = encoded(shapely.Point(nowhere, 1), line, shapely.Point(3, 4), ring)
    assert [one.parts for one in found] == [[[(3, 4)]]]


def test_features_keep_the_order_of_their_layer() -> None:
    shapes = [
        shapely.Point(1, 1),
        shapely.box(0, 0, 99, 99),
        from_wkt("LINESTRING (0 0, 9 9)"),
        shapely.Point(2, 2),
    ]
    assert [one.kind for one in encoded(*shapes)] == [1, 3, 2, 1]


def test_a_layer_may_come_as_wkb() -> None:
    wkb = [*shapely.to_wkb(geometries(shapely.Point(1, 2))), None, b"\x01rubbish"]
    layer = TileLayer.from_wkb("sites", wkb, np.array([1, 2, 3]), {"name": ["a", "b", "c"]})
    same = TileLayer("sites", geometries(shapely.Point(1, 2)), np.array([1]), {"name": ["a"]})
    assert encode_tile([layer], BBOX) == encode_tile([same], BBOX)


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="'name'"):
        TileLayer("sites", geometries(None), None, {"name": ["a", "b"]})


def test_a_bbox_without_area_is_refused() -> None:
    with pytest.raises(ValueError, match="width and height"):
        encode_tile([], BBox(0, 0, 0, 1, 3857))
