"""Who is asking, and from where: known to whatever is written while a request is answered."""

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

COMMAND = "command"
_behalf: ContextVar["Origin | None"] = ContextVar("behalf", default=None)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@dataclass(frozen=True, slots=True)
class Origin:
    """address: of the client, or ``command`` when no request is being answered; request_id is then empty."""

    user: AbstractBaseUser | None
    address: str
    request_id: str


@contextmanager
def on_behalf_of(who: Origin) -> Iterator[None]:
    """For a worker that does later what a request had asked for: the entries name who asked, and from where."""
    token = _behalf.set(who)
    try:
        yield
    finally:
        _behalf.reset(token)


class ActorMiddleware:
    """Keeps the request at hand; stands after AuthenticationMiddleware. It asks the database nothing itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def origin() -> Origin:
    """Of the request that this thread answers. Reads the signed-in user, which may cost one query."""
    behalf = _behalf.get()
    if behalf is not None:
        return behalf
    request = _request.get()
    if request is None:
        return Origin(None, COMMAND, "")
    user = getattr(request, "user", None)
    known = user if isinstance(user, AbstractBaseUser) else None
    return Origin(known, client_address(request), getattr(request, "request_id", ""))


def client_address(request: HttpRequest) -> str:
    """The address that the connection came from; behind our own proxy (BEHIND_HTTPS) the one that the proxy saw.

    Of X-Forwarded-For only the last part is the proxy's; a client can write whatever stands before it.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_HTTPS:
        return _as_address(direct)
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _as_address(forwarded) or _as_address(direct)


def _as_address(text: str) -> str:
    """Normalised; empty for what is no IP address, such as the name of a socket."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))[:45]
    except ValueError:
        return ""
