"""What the addresses of resumable uploads share (tus 1.0, https://tus.io/protocols/resumable-upload)."""

from django.http import HttpRequest, HttpResponse

from gis_projects.http.problems import RequestInvalid

OFFSET_TYPE = "application/offset+octet-stream"


def offset_of(request: HttpRequest) -> int:
    """Where a PATCH wants to add its bytes. Raises RequestInvalid for another content type, or no whole number."""
    if request.content_type != OFFSET_TYPE:
        raise RequestInvalid(OFFSET_TYPE)
    at = request.headers.get("Upload-Offset", "")
    if not (at.isascii() and at.isdigit()):
        raise RequestInvalid("Upload-Offset")
    return int(at[:15])


def tell_offset(response: HttpResponse, here: int) -> None:
    """Say how many bytes are here."""
    response["Upload-Offset"] = str(here)
    response["Tus-Resumable"] = "1.0.0"
