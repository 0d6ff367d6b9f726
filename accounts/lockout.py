"""Guessing a password or a code: so many wrong ones in a while lock that account, and no other, for a while.

Counted in the database, so that every worker sees the same. Names that no account has are counted and locked like
real ones: whoever guesses cannot tell them apart. A name is kept as a keyed hash, since people type passwords there.
The attempts that several threads check at the same moment may exceed the limit by their number, not more.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from accounts.models import LoginFailure, User
from gis_projects.http.problems import AccountLocked


def guard(username: str) -> None:
    """Raise AccountLocked while the account of that name is locked; to be asked before a password is checked."""
    until = locked_until(username)
    if until is None:
        return
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    minutes = -(-seconds // 60)
    raise AccountLocked(
        ngettext(
            "Too many wrong passwords. Try again in %(minutes)d minute, or ask an administrator to unlock it.",
            "Too many wrong passwords. Try again in %(minutes)d minutes, or ask an administrator to unlock it.",
            minutes,
        )
        % {"minutes": minutes},
        retry_after=seconds,
    )


def locked_until(username: str) -> dt.datetime | None:
    """The end of the lock, or None when the account is open."""
    limit = settings.LOCKOUT_FAILURES
    latest = list(
        LoginFailure.objects.filter(key=_key(username))
        .order_by("-at")
        .values_list("at", flat=True)[:limit]
    )
    if len(latest) < limit or latest[0] - latest[-1] > _window():
        return None
    until = latest[0] + _lock()
    return until if until > timezone.now() else None


def failed(username: str) -> None:
    """Count a wrong password or second factor, and forget what is too old to matter for any account."""
    now = timezone.now()
    LoginFailure.objects.filter(at__lt=now - _window() - _lock()).delete()
    LoginFailure.objects.create(key=_key(username), at=now)


def reset(username: str) -> None:
    """Open the account: after a whole sign-in, or by an administrator."""
    LoginFailure.objects.filter(key=_key(username)).delete()


def _window() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LOCKOUT_WINDOW)


def _lock() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LOCKOUT_DURATION)


def _key(username: str) -> str:
    name = User.normalize_username(username)
    return salted_hmac("accounts.lockout", name, algorithm="sha256").hexdigest()
