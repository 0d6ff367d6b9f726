"""The short way to public tiles, and those that many ask for, kept for a while: by revision, so that nothing in here is
ever of a former state.
"""

import re
from collections.abc import Callable

from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from gis_projects.http.problems import Problem
from layers.tiles import answers, known
from layers.tiles.packing import packed_tile
from layers.tiles.tile_set import MAX_ZOOM, TileSet

CACHE = "tiles"
_PATH = re.compile(r"/layers/([-\w]+)/tiles/([-\w]+)/(\d{1,2}/\d{1,8}/\d{1,8})\.mvt", re.ASCII)


class HotTilesMiddleware:
    """Answers a tile of a layer that was public a moment ago before anything else has work with it.

    Stands where static files are served: nothing in such an answer depends on who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _answered(request) or self.get_response(request)


def tile(tiles: TileSet, revision: str, z: int, x: int, y: int, gone: Problem) -> bytes:
    """A public tile, gzip; b"" when it is empty. Raises ``gone`` when the revision changed while it was made."""
    cache, key = caches[CACHE], _key(tiles.info.key, revision, f"{z}/{x}/{y}")
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


def _answered(request: HttpRequest) -> HttpResponse | None:
    """None for what takes the long way: another kind of address, and all that is not simply a tile."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    asked = _PATH.fullmatch(request.path_info)
    tiles = None if asked is None else known.get(asked[1], asked[2])
    if asked is None or tiles is None:
        return None
    key, revision, place = asked.groups()
    cache = caches[CACHE]
    found = cache.get(_key(key, revision, place))
    if found is None:
        found = _ready(tiles, place)
        if found is None:
            return None
        cache.set(_key(key, revision, place), found)
    return answers.public(request, key, revision, place, found)


def _ready(tiles: TileSet, place: str) -> bytes | None:
    z, x, y = map(int, place.split("/"))
    if z > MAX_ZOOM or max(x, y) >= 2**z:
        return None
    try:
        return tiles.ready(z, x, y)
    except DatabaseError:
        return None  # what is wrong is said on the long way


def _key(key: str, revision: str, place: str) -> str:
    return f"{key}/{revision}/{place}"
