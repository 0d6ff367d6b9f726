"""Rows brought to what the folder says, written only where they differ."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)


@dataclass
class Tally:
    """How many rows of one kind were made, changed, left as they were and removed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        return self.created + self.updated + self.unchanged

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.removed

    def upsert(
        self, model: type[ModelT], found_by: Mapping[str, Any], values: Mapping[str, Any]
    ) -> ModelT:
        """The row that ``found_by`` names, with these values; no query is spent on one that has them."""
        manager = model._default_manager
        row = manager.filter(**found_by).first()
        if row is None:
            self.created += 1
            return manager.create(**found_by, **values)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            self.unchanged += 1
            return row
        for name in changed:
            setattr(row, name, values[name])
        # auto_now columns are written by Django only when they are named.
        stamps = [field.name for field in model._meta.fields if getattr(field, "auto_now", False)]
        row.save(update_fields=[*changed, *stamps])
        self.updated += 1
        return row

    def remove_others(self, rows: QuerySet[Any], kept: Collection[Any]) -> None:
        """Delete the rows that are not among the kept primary keys."""
        for row in rows.exclude(pk__in=kept):
            row.delete()
            self.removed += 1
