"""So many requests in so many seconds for each account, or each address of the public; then 429 with Retry-After.

Fixed windows, counted in Django's cache: with the default cache each worker process counts for itself, so the
whole site allows the limit times the number of workers; a shared cache makes it exact.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from gis_projects.http.actor import client_address
from gis_projects.http.middleware import answer
from gis_projects.http.problems import TooManyRequests

View = TypeVar("View", bound=Callable[..., Any])
GetResponse = Callable[[HttpRequest], HttpResponse]
SEARCH_PARAMETER = "q"
IPV6_NETWORK = 64  # bits: what one household or office is given


class SearchLimitMiddleware:
    """Limits every address that is asked with ``?q=``, whichever room answers it; stands after the session's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.GET.get(SEARCH_PARAMETER, "").strip():
            return self.get_response(request)
        try:
            spend(request, "search")
        except TooManyRequests as problem:
            return answer(request, problem)
        return self.get_response(request)


def limited(kind: str) -> Callable[[View], View]:
    """Decorate a view with the limit ``kind`` of settings.RATE_LIMITS; it then raises TooManyRequests."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            spend(request, kind)
            return view(request, *args, **kwargs)

        return cast(View, inner)

    return decorate


def spend(request: HttpRequest, kind: str) -> None:
    """Count this request. Raises TooManyRequests beyond settings.RATE_LIMITS[kind]: (requests, seconds)."""
    limit, period = settings.RATE_LIMITS[kind]
    now = time.time()
    window = math.floor(now / period)
    if _count(f"rate:{kind}:{_who(request)}:{window}", period) <= limit:
        return
    seconds = max(1, math.ceil((window + 1) * period - now))
    raise TooManyRequests(
        ngettext(
            "Please try again in %(seconds)d second.",
            "Please try again in %(seconds)d seconds.",
            seconds,
        )
        % {"seconds": seconds},
        retry_after=seconds,
    )


def _count(key: str, period: int) -> int:
    """How often this key was counted, this time included; a counter that the cache has dropped begins anew."""
    cache.add(key, 0, timeout=period + 1)
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def _who(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    address = client_address(request)
    if ":" in address:
        return f"net:{ipaddress.ip_network((address, IPV6_NETWORK), strict=False)}"
    return f"address:{address}"
