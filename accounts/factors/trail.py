"""Factors in the audit trail, whichever page, command or shell adds or removes them: never their secrets."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save, pre_delete

from accounts import audit
from accounts.audit import Action, Event


def connect() -> None:
    post_save.connect(_saved, sender=Authenticator, dispatch_uid="audit")
    pre_delete.connect(_removed, sender=Authenticator, dispatch_uid="audit")


def _saved(instance: Authenticator, created: bool, **_kwargs: Any) -> None:
    if created:
        _record(instance, (None, _words(instance)))


def _removed(instance: Authenticator, **_kwargs: Any) -> None:
    _record(instance, (_words(instance), None))


def _record(row: Authenticator, pair: tuple[Any, Any]) -> None:
    user = row.user
    audit.record(Event(Action.UPDATED, "user", str(user.pk), str(user), {"second_factor": pair}))


def _words(row: Authenticator) -> str:
    return ": ".join(filter(None, (row.type, row.data.get("name", ""))))
