"""Any geometry at all: the tile is by the specification, and the shapes are where they were."""

from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from tests.layers.mvt.tile import BUFFERED, encoded

# Rounding by half a unit, simplifying by half a unit, each either way; and a hair for arithmetic in metres.
NEAR = (0.5 + 0.5) * 2**0.5 + 1e-6
# Snap rounding may move a side by another half pixel's diagonal.
NEAR_MENDED = NEAR + 2**0.5

places = st.one_of(
    st.floats(-300, 4400, allow_nan=False),
    # Near one another, so that rounding makes them meet.
    st.floats(100, 104, allow_nan=False),
    st.integers(-70, 30).map(float),
    st.floats(-1e6, 1e6, allow_nan=False),
)
vertices = st.tuples(places, places)


def paths(least: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(vertices, min_size=least, max_size=12)


points = vertices.map(shapely.Point)
lines = paths(2).map(shapely.LineString)
# Most of these cross themselves: sources are valid as a rule, and a tile has to be so always.
polygons = paths(3).map(shapely.Polygon)


def with_holes(one: tuple[list[Any], list[list[Any]]]) -> shapely.Polygon:
    shell, holes = one
    # A hole outside is not within the bounds that GEOS gives.
    around = shapely.box(*shapely.MultiPoint(shell).bounds)
    return shapely.Polygon(
        shell, [hole for hole in holes if around.covers(shapely.MultiPoint(hole))]
    )


holed = st.tuples(paths(3), st.lists(paths(3), max_size=2)).map(with_holes)
geometries: st.SearchStrategy[BaseGeometry] = st.one_of(
    points,
    lines,
    polygons,
    holed,
    st.lists(points, min_size=1, max_size=4).map(shapely.MultiPoint),
    st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    st.lists(polygons, min_size=1, max_size=3).map(shapely.MultiPolygon),
    st.lists(st.one_of(points, lines, polygons), max_size=4).map(shapely.GeometryCollection),
)


@settings(max_examples=150)
@given(st.lists(geometries, max_size=5), st.sampled_from([0.0, 0.5, 8.0]))
def test_any_tile_is_by_the_specification(shapes: list[BaseGeometry], tolerance: float) -> None:
    ids = np.arange(len(shapes), dtype=np.uint64)
    found = encoded(*shapes, ids=ids, tolerance=tolerance)
    assert [one.id for one in found] == sorted(one.id for one in found if one.id is not None)
    for one in found:
        shape = one.shape
        assert shape.is_valid or one.kind != 3
        assert BUFFERED.covers(shape)


@settings(max_examples=100)
@given(st.lists(points, min_size=1, max_size=9))
def test_points_are_within_half_a_unit(shapes: list[BaseGeometry]) -> None:
    ids = np.arange(len(shapes), dtype=np.uint64)
    found = {one.id: one.parts[0][0] for one in encoded(*shapes, ids=ids)}
    for number, shape in enumerate(shapes):
        if BUFFERED.buffer(-1e-6).covers(shape):
            assert np.abs(np.subtract(found[number], (shape.x, shape.y))).max() <= 0.5 + 1e-6


@settings(max_examples=100)
@given(lines)
def test_lines_stay_within_a_unit_either_way(line: BaseGeometry) -> None:
    kept = shapely.intersection(line, BUFFERED)
    for one in encoded(line):
        assert kept.buffer(NEAR).covers(one.shape)
        # The edge of the buffer belongs to no line; and one that comes back for less than a unit may lose that piece.
        lost = kept.intersection(BUFFERED.buffer(-1)).difference(one.shape.buffer(NEAR))
        assert all(part.length <= NEAR for part in getattr(lost, "geoms", [lost]))


@settings(max_examples=100)
@given(holed)
def test_a_valid_polygon_stays_within_its_surroundings(polygon: BaseGeometry) -> None:
    valid = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    kept = shapely.intersection(valid, BUFFERED)
    for one in encoded(valid):
        assert kept.buffer(NEAR_MENDED).covers(one.shape)
        if one.kind == 3:
            missing = kept.buffer(-NEAR_MENDED).difference(one.shape.buffer(NEAR_MENDED))
            assert missing.area < 1e-6
