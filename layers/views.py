"""Vector data over HTTP as GeoJSON (RFC 7946)."""

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gis_projects.http import params
from gis_projects.http.conditional import cached, etag_of, not_modified
from gis_projects.http.problems import NotFound
from layers.sources import get_source


@require_safe
def items(request: HttpRequest, key: str) -> HttpResponse:
    """All features of a source that the user may see, within ``?bbox=`` when it is given (CRS84)."""
    source = get_source(request.user, key)
    params.refuse_unknown(request, {"bbox", *source.parameters})
    bbox = params.bbox(request)
    viewer = request.user.pk if request.user.is_authenticated else "public"
    query = sorted(request.GET.items())
    etag = etag_of(key, source.version(request), viewer, query)
    if unchanged := not_modified(request, etag):
        return unchanged
    collection = {
        "type": "FeatureCollection",
        "features": list(source.features(request, bbox)),
    }
    response = HttpResponse(orjson.dumps(collection), content_type="application/geo+json")
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"  # what only staff see stays on no disk
        return response
    return cached(response, etag, public=True)


@require_safe
def feature(request: HttpRequest, key: str, identifier: str) -> HttpResponse:
    """One feature of a source, by its id in GeoJSON or in tiles, with exact geometry and all properties."""
    params.refuse_unknown(request, set())
    found = get_source(request.user, key).feature(request.user, identifier)
    if found is None:
        raise NotFound()
    response = HttpResponse(orjson.dumps(found), content_type="application/geo+json")
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
        return response
    return cached(response, etag_of(response.content), public=True)
