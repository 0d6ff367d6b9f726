"""A tile as it is sent: compressed once, and never larger than a telephone takes in at once."""

import gzip

from layers.pmtiles.plan import fitting
from layers.tiles.tile_set import TileSet

MAX_BYTES = 150_000


def packed_tile(tiles: TileSet, z: int, x: int, y: int) -> bytes:
    """Gzip of the MVT, at most MAX_BYTES; b"" when the tile is empty.

    A tile that would be larger holds the features of a lower zoom, and counts for the others.
    """
    ready = tiles.ready(z, x, y)
    if ready is not None:
        return ready
    shown, packed = z, _packed(tiles.mvt(z, x, y, z))
    while len(packed) > MAX_BYTES and shown:
        shown = fitting(tiles.totals(z, x, y), shown, MAX_BYTES / len(packed))
        packed = _packed(tiles.mvt(z, x, y, shown))
    return packed


def _packed(mvt: bytes) -> bytes:
    return gzip.compress(mvt, compresslevel=1, mtime=0) if mvt else b""
