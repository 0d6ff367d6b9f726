"""Tiles of any source, one after the other, from the top: where there is nothing in a tile, there is none below it."""

import gzip
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from layers.mvt.grid import Rows
from layers.pmtiles.tile_id import tile_ids
from layers.tiles.packing import packed_tile
from layers.tiles.tile_set import MAX_ZOOM, TileSet


def asked_tiles(
    tile_sets: Sequence[TileSet], zooms: range, tell: Callable[[float], None]
) -> Iterator[tuple[int, bytes]]:
    """(number, gzip) of all tiles that are not empty, rising; the sets' layers beside one another in each.

    zooms: from 0; the last shows all that there is. tell: is told 0 to 1.
    """
    places = np.zeros((1, 2), dtype=np.int64)
    for z in zooms:
        ids = tile_ids(z, *places.T)
        order = np.argsort(ids)
        places, filled = places[order], []
        for at, (number, x, y) in enumerate(
            zip(ids[order].tolist(), *places.T.tolist(), strict=True)
        ):
            shown = MAX_ZOOM if z == zooms[-1] else z
            content = b"".join(_tile(tiles, z, x, y, shown) for tiles in tile_sets)
            if content:
                filled.append(at)
                yield number, gzip.compress(content, mtime=0)
            # Each zoom takes about as long as all above it.
            tell(2.0 ** (z - zooms[-1]) * (1 + at / len(places)) / 2)
        places = _below(places[filled])


def _tile(tiles: TileSet, z: int, x: int, y: int, shown: int) -> bytes:
    """As it is served; at the last zoom all that is there."""
    if shown != z:
        return tiles.mvt(z, x, y, shown)
    packed = packed_tile(tiles, z, x, y)
    return gzip.decompress(packed) if packed else b""


def _below(places: Rows) -> Rows:
    quarters = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
    below: Rows = (places[:, None, :] * 2 + quarters).reshape(-1, 2)
    return below
