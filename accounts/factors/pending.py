"""A sign-in whose password was right and whose second factor is still to come: nobody is signed in yet.

Kept in a session of its own, begun anew, so that what was in the old one (or whoever planted it) is gone.
"""

import time

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.factors import store
from accounts.models import User

LIMIT_S = 300
KEY = "second_step"


def begin(request: HttpRequest, user: User, target: str) -> None:
    """target: where to go afterwards, checked already; empty for the usual place."""
    logout(request)
    request.session[KEY] = {
        "user": user.pk,
        "at": int(time.time()),
        "hash": user.get_session_auth_hash(),
        "next": target,
    }
    request.session.set_expiry(LIMIT_S)
    request.session.cycle_key()


def holder(request: HttpRequest) -> User | None:
    """Whose sign-in is half done. It ends when its time is over, and when the account was disabled, its password or
    sessions changed, or its factors removed in between.
    """
    kept = request.session.get(KEY)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    in_time = time.time() - kept["at"] < LIMIT_S
    if user and in_time and _same(user, kept["hash"]) and store.has(user):
        return user
    request.session.flush()
    return None


def finish(request: HttpRequest) -> str:
    """End the half-done state; gives where to go, or an empty text."""
    return str(request.session.pop(KEY, {}).get("next", ""))


def _same(user: User, kept: str) -> bool:
    return constant_time_compare(user.get_session_auth_hash(), kept)
