"""A tile as it is sent: compressed once, and never larger than a telephone takes in at once."""

import gzip

from layers.tiles.tile_set import TileSet

MAX_BYTES = 150_000


def packed_tile(tiles: TileSet, z: int, x: int, y: int) -> bytes:
    """Gzip of the MVT, at most MAX_BYTES; b"" when the tile is empty.

    A tile that would be larger holds the features of a lower zoom, and counts for the others.
    """
    packed = b""
    for shown in range(z, -1, -1):
        mvt = tiles.mvt(z, x, y, shown)
        packed = gzip.compress(mvt, compresslevel=1, mtime=0) if mvt else b""
        if len(packed) <= MAX_BYTES:
            break
    return packed
