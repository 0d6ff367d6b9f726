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

VARIANTS = {"display", "original"}


@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID, variant: str) -> HttpResponseBase:
    if variant not in VARIANTS:
        raise NotFound()
    found = get_photo(request.user, photo_id, variant)
    etag = etag_of(found.sha256, variant)
    unchanged = not_modified(request, etag)
    if unchanged is not None:
        return unchanged
    path = Path(settings.MEDIA_ROOT) / (found.display if variant == "display" else found.original)
    if not path.is_file():
        raise NotFound()
    response = FileResponse(path.open("rb"), content_type=_content_type(path))
    return cached(response, etag, public=False)  # type: ignore[arg-type]


def _content_type(path: Path) -> str:
    return {".webp": "image/webp", ".png": "image/png"}.get(path.suffix, "image/jpeg")
