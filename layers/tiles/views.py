"""Vector tiles over HTTP: TileJSON says where they are, and each is answered by revision, column and row.

An address says for whom it is: what everybody sees has addresses whose answers depend on nothing but the address, so
that caches need not know who asks; what only some of the staff see has others, and no cache keeps it.
"""

from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.geo import tile_matrix
from gis_projects.http import params
from gis_projects.http.conditional import cached, etag_of, not_modified
from gis_projects.http.problems import TileOutOfRange, TilesGone
from layers.querysets import Viewer
from layers.sources import get_source
from layers.tiles import answers, hot, known
from layers.tiles.tile_set import MAX_ZOOM, TileSet

STAFF = "staff-"


@require_safe
def tilejson(request: HttpRequest, key: str) -> HttpResponse:
    """TileJSON 3.0 of a source, as the asking user sees it."""
    params.refuse_unknown(request, set())
    tiles = get_source(request.user, key).tile_set(request.user)
    content = orjson.dumps(_document(request, tiles))
    response = HttpResponse(content, content_type="application/json")
    if request.user.is_authenticated:
        response["Cache-Control"] = answers.FOR_STAFF
        return response
    etag = etag_of(content)
    return not_modified(request, etag) or cached(response, etag, public=True)


@require_safe
def tile(request: HttpRequest, key: str, revision: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile (MVT 2.1, gzip); 204 when nothing lies in it, 410 for another revision than today's."""
    params.refuse_unknown(request, set())
    _refuse_out_of_range(z, x, y)
    if revision.startswith(STAFF):
        seen = _tiles_of(request.user, key, revision)
        own = answers.answer(hot.made(seen, z, x, y, _gone(key)))
        own["Cache-Control"] = answers.FOR_STAFF
        return own
    tiles = known.get(key, revision) or _public(key, revision)
    place = f"{z}/{x}/{y}"
    response = not_modified(request, answers.etag(key, revision, place))
    if response is None:
        response = answers.answer(hot.tile(tiles, revision, z, x, y, _gone(key)))
    return answers.marked(response, key, revision, place)


def _public(key: str, revision: str) -> TileSet:
    """Raises NotFound, TilesGone."""
    tiles = _tiles_of(AnonymousUser(), key, revision)
    known.remember(key, revision, tiles)
    return tiles


def _tiles_of(viewer: Viewer, key: str, revision: str) -> TileSet:
    """Raises NotFound, TilesGone."""
    tiles = get_source(viewer, key).tile_set(viewer)
    if address_revision(tiles) != revision:
        raise _gone(key)
    return tiles


def address_revision(tiles: TileSet) -> str:
    """What stands in the tiles' addresses."""
    return tiles.info.revision if tiles.info.is_public else STAFF + tiles.info.revision


def _refuse_out_of_range(z: int, x: int, y: int) -> None:
    try:
        tile_matrix.tile_bbox(z, x, y)
    except tile_matrix.TileOutOfRange as error:
        raise TileOutOfRange(
            _("WebMercatorQuad has no tile %(z)s/%(x)s/%(y)s.") % {"z": z, "x": x, "y": y}
        ) from error
    if z > MAX_ZOOM:
        raise TileOutOfRange(
            _("The tiles end at zoom %(zoom)s; draw those larger.") % {"zoom": MAX_ZOOM}
        )


def _gone(key: str) -> TilesGone:
    return TilesGone(
        _("The layer has changed. Its TileJSON says where today's tiles are."),
        tilejson=reverse("layer-tilejson", args=[key]),
    )


def _document(request: HttpRequest, tiles: TileSet) -> dict[str, Any]:
    """Source: TileJSON 3.0.0, https://github.com/mapbox/tilejson-spec/tree/master/3.0.0"""
    info, bbox = tiles.info, tiles.bbox()
    here = reverse("layer-tile", args=[info.key, address_revision(tiles), 0, 0, 0])
    address = request.build_absolute_uri(here.removesuffix("0/0/0.mvt")) + "{z}/{x}/{y}.mvt"
    document = {
        "tilejson": "3.0.0",
        "name": info.name,
        "tiles": [address],
        "vector_layers": [
            {
                "id": layer.id,
                "fields": dict(layer.fields),
                "minzoom": layer.minzoom,
                "maxzoom": layer.maxzoom,
            }
            for layer in tiles.vector_layers()
        ],
        "attribution": info.attribution,
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "scheme": "xyz",
    }
    return document if bbox is None else {**document, "bounds": list(bbox.bounds)}
