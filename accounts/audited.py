"""Rows whose every save and deletion enters the audit trail, whichever form, command or shell it comes from."""

from typing import Any, ClassVar

from django.db import models, transaction

from accounts import audit
from accounts.audit import Action, Event


class Audited(models.Model):
    """Give ``audit_kind`` and ``audit_values``. Deletions need ``record_removal`` on pre_delete, see apps.py.

    ``QuerySet.update`` and ``bulk_create`` go around this: they are not for such rows.
    """

    audit_kind: ClassVar[str]
    # Of these the fact of a change is told, never a value.
    audit_secrets: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """One transaction for the row and its entry."""
        named = kwargs.get("update_fields")
        if named is not None and not self.audit_columns() & set(named):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            # no_key: whoever only refers to the row, such as an entry of the administration's log, need not wait.
            rows = type(self)._base_manager.select_for_update(no_key=True)
            former = rows.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            _record_saving(self, former)

    def audit_values(self) -> dict[str, Any]:
        """What is told of the row: field to a plain value; one that names another row, by its own key."""
        raise NotImplementedError

    def audit_columns(self) -> frozenset[str]:
        """The fields that these values come from."""
        return frozenset(self.audit_values())


def record_removal(instance: Audited, **_kwargs: Any) -> None:
    """Receives pre_delete: inside the transaction of the deletion, while what the row names is still there."""
    values = {
        name: (value, None)
        for name, value in instance.audit_values().items()
        if name not in instance.audit_secrets
    }
    _record(instance, Action.REMOVED, values)


def _record_saving(row: Audited, former: Any) -> None:
    if former is None:
        values = row.audit_values()
        public = {name: values[name] for name in values if name not in row.audit_secrets}
        _record(row, Action.CREATED, audit.created(public))
        return
    changes = audit.difference(former.audit_values(), row.audit_values())
    for name in row.audit_secrets & changes.keys():
        changes[name] = (None, "changed")
    if changes:
        _record(row, Action.UPDATED, changes)


def _record(row: Audited, action: Action, changes: dict[str, tuple[Any, Any]]) -> None:
    audit.record(Event(action, row.audit_kind, str(row.pk), str(row), changes))
