"""Parts of a large file, as clients ask for them by bytes (RFC 9110, section 14); it is never in memory as a whole."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from gis_projects.http.problems import RangeNotSatisfiable

CHUNK = 1 << 16
_ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)


class Span(NamedTuple):
    """Bytes from ``first`` to ``last``, both included."""

    first: int
    last: int


def ranged(request: HttpRequest, path: Path, etag: str, content_type: str) -> HttpResponseBase:
    """200 with the whole file, or 206 with the range that was asked for. etag: a strong one of this very file.

    Several ranges at once, and what is no range of bytes, are answered with the whole file, as the standard allows.
    Raises RangeNotSatisfiable for a range behind the end, FileNotFoundError when there is no file.
    """
    file = path.open("rb")
    try:
        size = os.fstat(file.fileno()).st_size
        span = _asked(request, etag, size)
    except BaseException:
        file.close()
        raise
    first, last = span or Span(0, size - 1)
    length = last - first + 1
    response: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        response = HttpResponse(content_type=content_type)
    elif length <= CHUNK:
        with file:
            response = HttpResponse(
                os.pread(file.fileno(), length, first), content_type=content_type
            )
    else:
        response = StreamingHttpResponse(_chunks(file, first, length), content_type=content_type)
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    # Bytes of the file as it is: packed on the way, they would be others than those that were asked for.
    response["Content-Encoding"] = "identity"
    return response


def _asked(request: HttpRequest, etag: str, size: int) -> Span | None:
    """The one range that is asked for, or None where the whole is to be sent. If-Range: section 13.1.5."""
    if request.method != "GET":
        return None
    one = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if one is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = one.groups()
    if (not first and not last) or (first and last and int(last) < int(first)):
        return None
    if not first:
        span = Span(max(size - int(last), 0), size - 1)
    else:
        span = Span(int(first), min(int(last) if last else size - 1, size - 1))
    if span.first > span.last:
        raise RangeNotSatisfiable(
            _("The file has only %(size)s bytes.") % {"size": size}, size=size
        )
    return span


def _chunks(file: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
