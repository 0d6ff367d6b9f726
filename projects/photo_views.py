"""Photographs by address; access is asked for each time."""

import uuid
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from gis_projects.http.conditional import cached, etag_of, not_modified
from gis_projects.http.problems import NotFound
from projects.access import get_photo
from projects.evidence import thumb_name
from projects.models import Photo

VARIANTS = {"display", "original", "thumb"}


@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID, variant: str) -> HttpResponseBase:
    if variant not in VARIANTS:
        raise NotFound()
    found = get_photo(request.user, photo_id, variant)
    path = _path(found, variant)
    if not path.is_file():
        raise NotFound()
    etag = etag_of(found.sha256, path.parts[-3])
    unchanged = not_modified(request, etag)
    if unchanged is not None:
        return unchanged
    response = FileResponse(path.open("rb"), content_type=_content_type(path))
    return cached(response, etag, public=False)  # type: ignore[arg-type]


def _path(found: Photo, variant: str) -> Path:
    """The file of a variant; of a photograph without a small copy the one for showing."""
    media = Path(settings.MEDIA_ROOT)
    if variant == "original":
        return media / found.original
    thumb = media / thumb_name(found.display)
    return thumb if variant == "thumb" and thumb.is_file() else media / found.display


def _content_type(path: Path) -> str:
    return {".webp": "image/webp", ".png": "image/png"}.get(path.suffix, "image/jpeg")
