"""How a tile is answered, and how long who may keep it."""

from django.http import HttpRequest, HttpResponse

from gis_projects.http.conditional import not_modified

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
# A browser keeps what it was given, at an address that nobody gives out any more once the layer has changed. A cache
# that others share asks again after a minute, so that what was withdrawn is gone from it, too.
FOR_EVERYBODY = "public, max-age=31536000, s-maxage=60, immutable"
FOR_STAFF = "private, no-store"


def etag(key: str, revision: str, place: str) -> str:
    """The address is the validator: it names the very state. All of its characters may stand in one."""
    return f'"{key}/{revision}/{place}"'


def public(
    request: HttpRequest, key: str, revision: str, place: str, packed: bytes
) -> HttpResponse:
    """place: z/x/y. packed: gzip, b"" for an empty tile."""
    response = None
    if "HTTP_IF_NONE_MATCH" in request.META:
        response = not_modified(request, etag(key, revision, place))
    return marked(response or answer(packed), key, revision, place)


def marked(response: HttpResponse, key: str, revision: str, place: str) -> HttpResponse:
    response["ETag"] = etag(key, revision, place)
    response["Cache-Control"] = FOR_EVERYBODY
    return response


def answer(packed: bytes) -> HttpResponse:
    if not packed:
        return HttpResponse(status=204)
    response = HttpResponse(packed, content_type=CONTENT_TYPE)
    response["Content-Encoding"] = "gzip"
    return response
