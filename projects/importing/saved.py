"""Mappings that were used before: found again by programme and column names, the sender's own before a colleague's."""

import hashlib
from collections.abc import Mapping, Sequence

from accounts.models import User
from projects.models import Programme, SavedMapping


def signature(columns: Sequence[str]) -> str:
    """Of a file's column names, in whatever order they stand."""
    return hashlib.sha256("\x1f".join(sorted(columns)).encode("utf-8")).hexdigest()


def remember(
    user: User, programme: Programme, columns: Sequence[str], mapping: Mapping[str, str]
) -> None:
    SavedMapping.objects.update_or_create(
        owner=user,
        programme=programme,
        signature=signature(columns),
        defaults={"mapping": dict(mapping)},
    )


def recalled(user: User, programme: Programme, columns: Sequence[str]) -> SavedMapping | None:
    """The sender's own, else the latest of anybody who sent such a file for this programme."""
    rows = SavedMapping.objects.filter(programme=programme, signature=signature(columns))
    rows = rows.select_related("owner").order_by("-saved_at")
    return rows.filter(owner=user).first() or rows.first()
