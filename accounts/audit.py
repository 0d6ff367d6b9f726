"""The audit trail's one writer: entries join the transaction of what they tell of, and a chain that cannot fork.

An entry is sealed over the one before it, so whoever writes holds the chain until the transaction ends: on PostgreSQL
by an advisory lock, on SQLite because every transaction is IMMEDIATE. Two that wait for each other would never end, so
the chain is the last thing that a transaction takes: what does several things does them inside ``gathered``.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit_entry import (
    FIRST_PREVIOUS,
    LABEL_LENGTH,
    SEALED,
    Action,
    AuditEntry,
    canonical,
    seal,
)
from gis_projects.http.actor import Origin, origin

__all__ = ["Action", "Event", "gathered", "record", "record_all"]

Changes = Mapping[str, tuple[Any, Any]]
# Any number will do that nothing else in this database locks: the letters "audit".
_LOCK = 0x6175646974
_BATCH = 2_000
_AT = SEALED.index("at")
_pending: ContextVar[list["_Kept"] | None] = ContextVar("pending", default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """One change. subject: the thing's key in its table; label: as people call it; changes: field to (old, new).

    by: who did it, when that is not the user of the request.
    """

    action: Action
    kind: str
    subject: str
    label: str
    changes: Changes
    by: AbstractBaseUser | None = None
    at: dt.datetime = dataclasses.field(default_factory=timezone.now)


def record(event: Event) -> None:
    """Write one entry, or keep it for the end of ``gathered``. Raises TypeError for a value that is no plain one."""
    record_all([event])


def record_all(events: Sequence[Event]) -> None:
    """Write entries in this order, in the caller's transaction or else in one of their own."""
    pending = _pending.get()
    if pending is not None:
        pending.extend(_keep(event) for event in events)
    elif events:
        with transaction.atomic(savepoint=False):
            _write([_keep(event) for event in events])


@contextmanager
def gathered() -> Iterator[None]:
    """Keep what is recorded inside and write it at the end: nothing else is locked after the chain, and not for long.

    Stands inside the transaction. An exception that leaves it drops the entries together with the changes; a
    savepoint that is rolled back inside, and caught there, would not. About half a kilobyte is kept for each entry.
    """
    if _pending.get() is not None:
        yield
        return
    token = _pending.set([])
    try:
        yield
        events = _pending.get() or []
    finally:
        _pending.reset(token)
    if events:
        _write(events)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose value is another, with both; one that is absent counts as None."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def created(values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a new thing was given; what it was left without is not told."""
    return {
        name: (None, value)
        for name, value in values.items()
        if value or value not in (None, "", {})  # what is something needs no comparing
    }


class _Kept(NamedTuple):
    """An event in as little room as it takes; changes: JSON text."""

    action: str
    kind: str
    subject: str
    label: str
    changes: str
    by: AbstractBaseUser | None
    at: dt.datetime


def _keep(event: Event) -> _Kept:
    label = _storable(event.label)[:LABEL_LENGTH]
    text = canonical(event.changes)
    return _Kept(event.action.value, event.kind, event.subject, label, text, event.by, event.at)


def _write(events: Sequence[_Kept]) -> None:
    where = origin()
    sequence, previous = _take_head()
    for start in range(0, len(events), _BATCH):
        rows = []
        for event in events[start : start + _BATCH]:
            sequence += 1
            values = _values(event, where, sequence, previous)
            previous = seal(values)
            rows.append([*(values[name] for name in SEALED), previous])
        _insert(rows)


def _insert(rows: list[list[Any]]) -> None:
    """One statement for all of them: Django's own insert would take many, and most of the time."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in (*SEALED, "hash"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > 1:
            copying = cursor.copy(f"COPY {table} ({names}) FROM STDIN")
            with connection.wrap_database_errors, copying as copy:
                for row in rows:
                    copy.write_row(row)
            return
        for row in rows:
            row[_AT] = connection.ops.adapt_datetimefield_value(row[_AT])
        holes = ", ".join(["%s"] * (len(SEALED) + 1))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", rows)


def _take_head() -> tuple[int, str]:
    """The number and hash of the last entry, which stays the last until this transaction adds another."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return head or (0, FIRST_PREVIOUS)


def _values(event: _Kept, where: Origin, sequence: int, previous: str) -> dict[str, Any]:
    user = event.by or where.user
    return {
        "sequence": sequence,
        "at": event.at,
        "actor_id": None if user is None else user.pk,
        "actor": "" if user is None else user.get_username(),
        "address": where.address,
        "request_id": where.request_id,
        "action": event.action,
        "kind": event.kind,
        "subject": event.subject,
        "label": event.label,
        "changes": event.changes,
        "previous": previous,
    }


def _storable(text: str) -> str:
    """Without what a database refuses in text: half a surrogate pair, and the character NUL."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "")
