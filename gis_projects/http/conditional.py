"""ETag and If-None-Match: the same answer is not sent twice (RFC 9110, section 13)."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag


def etag_of(*parts: object) -> str:
    """A quoted strong validator over everything that the answer depends on."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
    return quote_etag(digest[:32])


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """A 304 when the client has this very answer already, else None."""
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    plain = {candidate.removeprefix("W/") for candidate in sent}
    if etag not in plain and "*" not in plain:
        return None
    response = HttpResponse(status=304)
    response["ETag"] = etag
    return response


def cached(
    response: HttpResponse,
    etag: str,
    *,
    public: bool,
    max_age_s: int = 0,
    is_immutable: bool = False,
) -> HttpResponse:
    """Mark the answer: max_age_s 0 means "ask each time whether it changed".

    is_immutable: the address names the revision, so a client need not ask before the time is over (RFC 8246).
    """
    response["ETag"] = etag
    scope = "public" if public else "private"
    freshness = f"max-age={max_age_s}" + (", immutable" if is_immutable else "")
    response["Cache-Control"] = f"{scope}, {freshness}" if max_age_s else f"{scope}, no-cache"
    return response
