"""Groups and single permissions of an account: Django keeps them in tables of their own, beside the account's row."""

from typing import Any

from django.db.models import Model

from accounts import audit
from accounts.audit import Action, Event

FIELDS = ("groups", "user_permissions")
_NAMES = {"post_add": "added", "post_remove": "removed", "pre_clear": "removed"}


def record(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: set[Any] | None,
    **_kwargs: Any,
) -> None:
    """Receives m2m_changed, which Django sends inside the transaction of the change."""
    from accounts.models import User

    if action not in _NAMES:
        return
    field = next(name for name in FIELDS if getattr(User, name).through is sender)
    if reverse:
        users = User.objects.filter(pk__in=pk_set or _users_of(sender, instance))
        names = [str(instance)]
    else:
        users = User.objects.filter(pk=instance.pk)
        held = getattr(instance, field).all()
        rows = held if pk_set is None else model._default_manager.filter(pk__in=pk_set)
        names = sorted(str(row) for row in rows)
    if not names:
        return
    pair = (None, names) if _NAMES[action] == "added" else (names, None)
    audit.record_all(
        [Event(Action.UPDATED, "user", str(user.pk), str(user), {field: pair}) for user in users]
    )


def _users_of(sender: type[Model], instance: Any) -> list[Any]:
    key = f"{instance._meta.model_name}_id"
    rows = sender._default_manager.filter(**{key: instance.pk})
    return list(rows.values_list("user_id", flat=True))
