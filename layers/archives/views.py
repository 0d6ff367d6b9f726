"""Archives over HTTP, by ranges of bytes, to those who may see the source."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http import params
from gis_projects.http.conditional import etag_of, not_modified
from gis_projects.http.problems import NotFound, TilesGone
from gis_projects.http.ranges import ranged
from layers.archives import making
from layers.archives.shelf import Shelf
from layers.sources import get_source
from layers.tiles.answers import FOR_EVERYBODY, FOR_STAFF
from layers.tiles.views import STAFF, address_revision

CONTENT_TYPE = "application/vnd.pmtiles"


@require_safe
def archive(request: HttpRequest, key: str, revision: str) -> HttpResponseBase:
    """The PMTiles archive of a source at its present revision, when there is one."""
    params.refuse_unknown(request, set())
    is_for_staff = revision.startswith(STAFF)
    viewer = request.user if is_for_staff else AnonymousUser()
    tiles = get_source(viewer, key).tile_set(viewer)
    # Of a layer whose table is still being made the archive may be there first.
    if revision not in (address_revision(tiles), address_revision(making.tile_set(key))):
        raise TilesGone(
            _("The layer has changed. Its TileJSON says where today's tiles are."),
            tilejson=reverse("layer-tilejson", args=[key]),
        )
    return _answer(request, Shelf(key), revision, FOR_STAFF if is_for_staff else FOR_EVERYBODY)


@require_safe
def published(request: HttpRequest, revision: str) -> HttpResponseBase:
    """All that everybody sees as one PMTiles archive, at its present revision, when there is one."""
    params.refuse_unknown(request, set())
    if making.published().revision != revision:
        raise TilesGone(_("What is published has changed since this archive was made."))
    return _answer(request, Shelf(None), revision, FOR_EVERYBODY)


def _answer(request: HttpRequest, shelf: Shelf, revision: str, caching: str) -> HttpResponseBase:
    found = shelf.archive(revision)
    if found is None:
        raise NotFound(_("There is no archive of this state of the layer."))
    etag = etag_of(shelf.folder.name, revision, found.size, found.made_at)
    response = not_modified(request, etag) or ranged(request, found.path, etag, CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = caching
    return response
