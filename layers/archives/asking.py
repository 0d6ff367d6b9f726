"""Tiles of any source, one after the other, from the top: where nothing lies in a tile, nothing does below it."""

import gzip
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from layers.mvt.grid import Rows
from layers.pmtiles.plan import fitting
from layers.pmtiles.tile_id import tile_ids
from layers.tiles.packing import MAX_BYTES, packed_tile
from layers.tiles.tile_set import MAX_ZOOM, TileSet


def asked_tiles(
    tile_sets: Sequence[TileSet], zooms: range, tell: Callable[[float], None]
) -> Iterator[tuple[int, bytes]]:
    """(number, gzip) of all tiles that are not empty, rising; the sets' layers beside one another in each.

    zooms: from 0; the last shows all that there is and fits. tell: is told 0 to 1.
    """
    places = np.zeros((1, 2), dtype=np.int64)
    asked = np.ones((1, len(tile_sets)), dtype=bool)
    for z in zooms:
        ids = tile_ids(z, *places.T)
        order = np.argsort(ids)
        places, asked = places[order], asked[order]
        for at, (number, x, y) in enumerate(
            zip(ids[order].tolist(), *places.T.tolist(), strict=True)
        ):
            shown = MAX_ZOOM if z == zooms[-1] else z
            asking = np.flatnonzero(asked[at]).tolist()
            sets = [tile_sets[one] for one in asking]
            parts = [_tile(tiles, z, x, y, shown) for tiles in sets]
            asked[at, asking] = [
                bool(part) or _reaches(tiles, z, x, y)
                for tiles, part in zip(sets, parts, strict=True)
            ]
            if any(parts):
                yield number, joined_tile(sets, parts, z, x, y, shown)
            # Each zoom takes about as long as all above it.
            tell(2.0 ** (z - zooms[-1]) * (1 + at / len(places)) / 2)
        filled = asked.any(axis=1)
        places, asked = _below(places[filled]), np.repeat(asked[filled], 4, axis=0)


def _reaches(tiles: TileSet, z: int, x: int, y: int) -> bool:
    """What is too small to be drawn yet is counted where its middle is, and may reach over the border of that tile."""
    return bool(tiles.totals(z, x, y)[MAX_ZOOM])


def joined_tile(
    tile_sets: Sequence[TileSet], given: Sequence[bytes], z: int, x: int, y: int, shown: int
) -> bytes:
    """Gzip of the sets' layers in one tile, at most MAX_BYTES. given: what each has there, not compressed.

    Where they are too much together, the one that is largest holds the features of a lower zoom, and counts the
    others, until all of them fit.
    """
    parts = list(given)
    depths = [shown] * len(parts)
    packed = _packed(parts)
    while len(packed) > MAX_BYTES and any(depths):
        sizes = [len(part) if depth else 0 for part, depth in zip(parts, depths, strict=True)]
        at = sizes.index(max(sizes))
        # Of the compressed bytes each part has about the share that it has of the others.
        own = sizes[at] / sum(map(len, parts)) * len(packed)
        wanted = max(own - (len(packed) - MAX_BYTES), 0) / own if own else 0
        totals = tile_sets[at].totals(z, x, y)
        # Counts are of the tile's own zoom, or of one above it.
        depths[at] = min(fitting(totals, depths[at], wanted), z)
        parts[at] = tile_sets[at].mvt(z, x, y, depths[at])
        packed = _packed(parts)
    return packed


def _packed(parts: Sequence[bytes]) -> bytes:
    return gzip.compress(b"".join(parts), mtime=0)


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
