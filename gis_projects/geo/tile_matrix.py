"""WebMercatorQuad, the tile matrix set of all our tiles (OGC 17-083r4, annex D.1).

EPSG:3857, metres; columns count from the west, rows from the north.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from gis_projects.geo.bbox import BBox

WEB_MERCATOR = 3857
MAX_TILE_MATRIX = 24
# Half the circumference of the sphere of EPSG:3857, metres.
HALF_WORLD_M = math.pi * 6_378_137.0
# Where the square ends, degrees: atan(sinh(pi)).
MAX_LATITUDE = 85.051_128_779_806_59


class TileOutOfRange(ValueError):
    """The tile matrix, row or column does not exist in WebMercatorQuad."""


def tile_bbox(z: int, x: int, y: int) -> BBox:
    """The bbox of a tile, EPSG:3857, metres.

    z: tile matrix, 0 to 24; x: column from the west; y: row from the north. Raises TileOutOfRange.
    """
    if not 0 <= z <= MAX_TILE_MATRIX:
        raise TileOutOfRange(f"z must be from 0 to {MAX_TILE_MATRIX}")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise TileOutOfRange(f"x and y must be from 0 to {2**z - 1} at z {z}")
    side = tile_side(z)
    west, north = -HALF_WORLD_M + x * side, HALF_WORLD_M - y * side
    return BBox(west, north - side, west + side, north, WEB_MERCATOR)


def tile_side(z: int) -> float:
    """Width and height of a tile of this matrix, metres of EPSG:3857."""
    return 2 * HALF_WORLD_M / float(2**z)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """(column, row) of the tile that a position (EPSG:4326, degrees) lies in; beyond the square, the nearest."""
    lat = max(-MAX_LATITUDE, min(MAX_LATITUDE, lat))
    across = (lon + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    last = 2**z - 1
    return min(max(int(across * 2**z), 0), last), min(max(int(down * 2**z), 0), last)


def tiles_within(bbox: BBox, z: int) -> Iterator[tuple[int, int]]:
    """(column, row) of all tiles of a matrix that a bbox (EPSG:4326) touches, row by row from the north-west."""
    left, top = tile_at(bbox.west, bbox.north, z)
    right, bottom = tile_at(bbox.east, bbox.south, z)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield column, row
