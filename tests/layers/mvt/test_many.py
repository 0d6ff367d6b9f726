"""Many tiles at once are the tiles one by one."""

import numpy as np
import pytest
import shapely

from gis_projects.geo.tile_matrix import tile_bbox, tile_side
from layers.mvt import TileLayer, encode_tile
from layers.mvt.many import encode_tiles, pairs_of
from tests.layers.mvt.reading import Read, read
from tests.layers.mvt.tile import BBOX


def scattered(count: int, seed: int) -> np.ndarray:
    """Shapes from a metre to several tiles, around and across the test's tile."""
    chance = np.random.default_rng(seed)
    found = np.empty(count + 2, dtype=object)
    for place in range(count):
        centre = chance.uniform((BBOX.west, BBOX.south), (BBOX.east, BBOX.north)) * (1, 1)
        size = 10 ** chance.uniform(0, 4.8)
        turns = np.sort(chance.uniform(0, 2 * np.pi, 9))
        xy = centre + size * chance.uniform(0.4, 1, (9, 1)) * np.column_stack(
            [np.cos(turns), np.sin(turns)]
        )
        ring = shapely.Polygon(xy)
        kinds = [shapely.Point(centre), shapely.LineString(xy), ring, shapely.MultiPolygon([ring])]
        found[place] = kinds[place % 4]
    found[count] = shapely.box(BBOX.west - 1e6, BBOX.south - 1e6, BBOX.east + 1e6, BBOX.north + 1e6)
    found[count + 1] = None
    return found


@pytest.mark.parametrize("z", [8, 10, 12])
def test_each_tile_is_what_it_is_alone(z: int) -> None:
    geometries = scattered(60, seed=z)
    rows = np.arange(len(geometries), dtype=np.uint64)
    columns = {
        "name": [f"点{row % 7}" for row in rows],
        "size": rows / 3,
        "none": [None] * len(rows),
    }
    pairs = in_window(pairs_of(shapely.bounds(geometries), z, extent=4096, buffer=64), z)
    many = encode_tiles("sites", geometries, rows, columns, pairs, z)
    places = list(dict.fromkeys(zip(pairs.x.tolist(), pairs.y.tolist(), strict=True)))
    assert len(many) == len(places) >= 4
    layer = TileLayer("sites", geometries, rows, columns)
    for (x, y), content in zip(places, many, strict=True):
        alone = read(encode_tile([layer], tile_bbox(z, x, y)))
        together = read(content)
        assert together.keys() == alone.keys()
        for one, other in zip(together["sites"], alone["sites"], strict=True):
            assert (one.id, one.kind, one.properties) == (other.id, other.kind, other.properties)
            assert is_same_shape(one, other)


def in_window(pairs, z):  # type: ignore[no-untyped-def]
    """The tiles near the test's own, in rows: the large polygon covers thousands."""
    side = tile_side(z)
    left, top = (
        np.floor((edge + sign * 2e4 + 20_037_508.34) / side)
        for edge, sign in ((BBOX.west, -1), (-BBOX.north, -1))
    )
    wide = np.ceil((BBOX.width + 4e4) / side)
    near = (pairs.x >= left) & (pairs.x <= left + wide) & (pairs.y >= top) & (pairs.y <= top + wide)
    found = type(pairs)(*(one[near] for one in pairs))
    order = np.lexsort((found.rows, found.x, found.y))
    return type(pairs)(*(one[order] for one in found))


def is_same_shape(one: Read, other: Read) -> bool:
    """A cut to several tiles first may move a new vertex on the edge by a rounding."""
    if one.parts == other.parts:
        return True
    return bool(shapely.hausdorff_distance(one.shape, other.shape) <= 2**0.5)


def test_pairs_are_the_tiles_that_bounds_touch_with_the_buffer() -> None:
    side = tile_side(3)
    bounds = np.array(
        [[side * 0.5, side * 0.5, side * 0.6, side * 0.6], [side * 0.999, 1, side, 1], [np.nan] * 4]
    )
    pairs = pairs_of(bounds, 3, extent=4096, buffer=64)
    # x from the world's middle: column 4; y upwards from it: row 3. The second lies in the buffers of its neighbours.
    assert list(zip(*map(list, pairs), strict=True)) == [
        (0, 4, 3),
        (1, 4, 3),
        (1, 5, 3),
        (1, 4, 4),
        (1, 5, 4),
    ]


def test_pairs_end_at_the_edge_of_the_world() -> None:
    pairs = pairs_of(np.array([[-9e7, -9e7, 9e7, 9e7]]), 1, extent=4096, buffer=64)
    assert sorted(zip(pairs.x.tolist(), pairs.y.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]
