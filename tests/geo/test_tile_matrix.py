import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import (
    HALF_WORLD_M,
    MAX_TILE_MATRIX,
    TileOutOfRange,
    tile_at,
    tile_bbox,
    tile_side,
    tiles_within,
)

_TO_MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)


def test_the_first_matrix_is_the_whole_square() -> None:
    assert tile_bbox(0, 0, 0).bounds == (-HALF_WORLD_M, -HALF_WORLD_M, HALF_WORLD_M, HALF_WORLD_M)
    assert pytest.approx(20_037_508.342_789_244) == HALF_WORLD_M


@pytest.mark.parametrize("tile", [(-1, 0, 0), (25, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_a_tile_that_is_not_there_is_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(TileOutOfRange):
        tile_bbox(*tile)


@given(lon=st.floats(-180, 180), lat=st.floats(-85.05, 85.05), z=st.integers(0, MAX_TILE_MATRIX))
def test_a_position_lies_in_its_tile_by_projs_reckoning(lon: float, lat: float, z: int) -> None:
    bbox = tile_bbox(z, *tile_at(lon, lat, z))
    x, y = _TO_MERCATOR.transform(lon, lat)
    slack = 1e-6 * max(1.0, tile_side(z) * 1e-6)
    assert bbox.west - slack <= x <= bbox.east + slack
    assert bbox.south - slack <= y <= bbox.north + slack


def test_a_position_beyond_the_square_takes_the_nearest_tile() -> None:
    assert tile_at(180, 90, 4) == (15, 0)
    assert tile_at(-180, -90, 4) == (0, 15)


def test_tiles_within_cover_the_bbox_and_no_more() -> None:
    city = BBox(122.4, 45.8, 126.7, 49.0)
    tiles = list(tiles_within(city, 8))
    assert len(tiles) == len(set(tiles))
    boxes = [tile_bbox(8, *tile) for tile in tiles]
    around = BBox.around(boxes)
    west, south = _TO_MERCATOR.transform(city.west, city.south)
    east, north = _TO_MERCATOR.transform(city.east, city.north)
    wanted = BBox(west, south, east, north, 3857)
    assert around.contains_box(wanted)
    assert all(box.intersects(wanted) for box in boxes)
    assert math.isclose(sum(box.width * box.height for box in boxes), around.width * around.height)
