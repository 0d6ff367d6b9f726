"""How long a session lives, and what one may do whose password an administrator chose.

Django renews the key at every log-in and ends a session whose password changed. On top of that: an idle time and an
absolute limit by role (settings, seconds), and nobody's rights for a temporary password, or without a second factor
where one is asked for.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.factors import store
from accounts.models import Role, User

BEGAN, SEEN = "began", "seen"  # keys in the session: seconds since 1970
NOTE_EVERY = (
    900  # seconds between two notes that a session is in use, so that reading stays reading
)


class StaffSessionMiddleware(AuthenticationMiddleware):
    """Django's own, with the rules of this module applied when a view first asks for the user."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]


def begin(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Start the clocks of a session; a receiver of user_logged_in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session.set_expiry(limits(user)[0])


def limits(user: User) -> tuple[int, int]:
    """Seconds without a request, and seconds since the log-in, after which a session of the user ends."""
    if user.role == Role.INSPECTOR and not user.is_administrator:
        return settings.SESSION_IDLE_INSPECTOR, settings.SESSION_LIMIT_INSPECTOR
    return settings.SESSION_IDLE_OFFICE, settings.SESSION_LIMIT_OFFICE


def holder(request: HttpRequest) -> User | None:
    """Whose session it is, be the password temporary or not; None for nobody's. Ends it when its time is over."""
    if not hasattr(request, "_session_holder"):
        request._session_holder = _holder(request)  # type: ignore[attr-defined]
    found: User | None = request._session_holder  # type: ignore[attr-defined]
    return found


def _user(request: HttpRequest) -> User | AnonymousUser:
    user = holder(request)
    if user is None or (user.must_change_password and request.path not in _open_paths()):
        return AnonymousUser()
    if request.path not in _open_paths() | _factor_paths() and store.is_missing(user):
        return AnonymousUser()
    return user


def _holder(request: HttpRequest) -> User | None:
    user = get_user(request)
    if not isinstance(user, User):
        if SESSION_KEY in request.session:  # a disabled or removed account
            request.session.flush()
        return None
    now = int(time.time())
    idle, limit = limits(user)
    began, seen = request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
    if now - began >= limit or now - seen >= idle:
        request.session.flush()
        return None
    if now - seen >= NOTE_EVERY:
        request.session[SEEN] = now
        request.session.set_expiry(idle)
    return user


def _open_paths() -> set[str]:
    return {reverse("accounts:password"), reverse("accounts:logout")}


def _factor_paths() -> set[str]:
    names = ("second-factor", "confirm", "add-app", "add-passkey", "recovery-codes")
    return {reverse(f"accounts:{name}") for name in names}
