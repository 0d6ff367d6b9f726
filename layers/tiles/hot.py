"""Tiles that many ask for, kept for a while: by revision, so that nothing in here is ever of a former state."""

from django.core.cache import caches

from gis_projects.http.problems import Problem
from layers.tiles.packing import packed_tile
from layers.tiles.tile_set import TileSet

CACHE = "tiles"


def tile(tiles: TileSet, z: int, x: int, y: int, gone: Problem) -> bytes:
    """A public tile, gzip; b"" when it is empty. Raises ``gone`` when the revision changed while it was made."""
    cache = caches[CACHE]
    key = f"{tiles.info.key}/{tiles.info.revision}/{z}/{x}/{y}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = made(tiles, z, x, y, gone)
        cache.set(key, found)
    return found


def made(tiles: TileSet, z: int, x: int, y: int, gone: Problem) -> bytes:
    packed = packed_tile(tiles, z, x, y)
    if not tiles.is_current():
        raise gone
    return packed
