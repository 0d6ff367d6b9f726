"""Signing in and out, and trying to, as Django tells of them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from accounts import audit
from accounts.audit import Action, Event


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="audit")
    user_logged_out.connect(_logged_out, dispatch_uid="audit")
    user_login_failed.connect(_login_failed, dispatch_uid="audit")


def _logged_in(user: AbstractBaseUser, request: Any = None, **_kwargs: Any) -> None:
    """Tells of the second factor, when there was one."""
    factor = getattr(request, "second_factor", None)
    changes = {"second_factor": (None, factor)} if factor else {}
    audit.record(Event(Action.LOGGED_IN, "user", str(user.pk), str(user), changes, by=user))


def _logged_out(user: AbstractBaseUser | None, **_kwargs: Any) -> None:
    if user is not None:
        audit.record(Event(Action.LOGGED_OUT, "user", str(user.pk), str(user), {}, by=user))


def _login_failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Only a name that an account has is kept: what else stands in that field may be somebody's password."""
    from accounts.models import User

    name = str(credentials.get(User.USERNAME_FIELD, ""))
    user = User.objects.filter(username=name).first() if "\x00" not in name else None
    subject, label = ("", "") if user is None else (str(user.pk), user.username)
    audit.record(Event(Action.LOGIN_FAILED, "user", subject, label, {}))
