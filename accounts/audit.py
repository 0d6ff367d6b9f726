"""The audit trail's one writer: entries join the transaction of what they tell of, and a chain that cannot fork.

An entry is sealed over the one before it, so whoever writes holds the chain until the transaction ends: on PostgreSQL
by an advisory lock, on SQLite because every transaction is IMMEDIATE. Two that wait for each other would never end, so
the chain is the last thing that a transaction takes: what does several things does them inside ``gathered``.
"""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit_entry import (
    FIRST_PREVIOUS,
    LABEL_LENGTH,
    Action,
    AuditEntry,
    Chain,
    canonical,
)
from accounts.audit_rows import Rows
from accounts.audit_waiting import Kept, Waiting
from gis_projects.behind import behind, later
from gis_projects.columns import mapped
from gis_projects.http.actor import origin

__all__ = ["Action", "Event", "Given", "gathered", "record", "record_all", "record_created"]

Changes = Mapping[str, tuple[Any, Any]]
# Any number will do that nothing else in this database locks: the letters "audit".
_LOCK = 0x6175646974
_BATCH = 2_000
_pending: ContextVar[Waiting | None] = ContextVar("pending", default=None)


class Given(NamedTuple):
    """What all of many new things were given."""

    value: Any


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
    _take([_keep(event) for event in events])


def record_created(
    kind: str,
    subjects: Sequence[str],
    labels: Sequence[str],
    values: Mapping[str, Sequence[Any] | Given],
    by: AbstractBaseUser | None,
) -> None:
    """An entry for each of many new things, as ``record`` of ``created`` writes it.

    values: field to its column, beside subjects and labels; or to the one value that all were given.
    """
    texts = _created_texts(values, len(subjects))
    shown = list(map(_label, labels))
    created = Action.CREATED.value
    _take([Kept(created, kind, _actor(by), timezone.now(), list(subjects), shown, texts)])


def _take(entries: Sequence[Kept]) -> None:
    pending = _pending.get()
    if pending is not None:
        for kept in entries:
            pending.add(kept)
    elif entries:
        with transaction.atomic(savepoint=False):
            _write(entries)


@contextmanager
def gathered() -> Iterator[None]:
    """Keep what is recorded inside and write it at the end: nothing else is locked after the chain, and not for long.

    Stands inside the transaction. An exception that leaves it drops the entries together with the changes; a
    savepoint that is rolled back inside, and caught there, would not. Many wait in a temporary file, not in memory.
    """
    if _pending.get() is not None:
        yield
        return
    waiting = Waiting()
    token = _pending.set(waiting)
    with waiting:
        try:
            yield
        finally:
            _pending.reset(token)
        if waiting.has_some:
            _write(waiting)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose value is another, with both; one that is absent counts as None."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def created(values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a new thing was given; what it was left without is not told."""
    return {name: (None, value) for name, value in values.items() if _is_told(value)}


def _is_told(value: Any) -> bool:
    return bool(value) or value not in (None, "", {})  # what is something needs no comparing


def _created_texts(values: Mapping[str, Sequence[Any] | Given], count: int) -> list[str]:
    """``canonical(created(…))`` of each row, put together from the fields' own texts, in the order of their names."""
    columns: list[Iterable[str]] = []
    has_gaps = False
    for name in sorted(values, key=str.encode):
        column = values[name]
        if isinstance(column, Given):
            text = _created_text(name, column.value)
            columns += [itertools.repeat(text)] if text else []
            continue
        texts = mapped(partial(_created_text, name), column)
        has_gaps |= "" in texts
        columns.append(texts)
    rows = zip(itertools.repeat("", count), *columns, strict=False)
    if has_gaps:
        return [f"{{{','.join(filter(None, row))}}}" for row in rows]
    return [f"{{{','.join(row[1:])}}}" for row in rows]


def _created_text(name: str, value: Any) -> str:
    """A member of the JSON object; nothing for what is not told."""
    return canonical({name: (None, value)})[1:-1] if _is_told(value) else ""


def _keep(event: Event) -> Kept:
    return Kept(
        event.action.value,
        event.kind,
        _actor(event.by),
        event.at,
        [event.subject],
        [_label(event.label)],
        [canonical(event.changes)],
    )


def _label(text: str) -> str:
    return _storable(text)[:LABEL_LENGTH]


def _actor(user: AbstractBaseUser | None) -> tuple[int, str] | None:
    return None if user is None else (user.pk, user.get_username())


def _write(entries: Iterable[Kept]) -> None:
    where = origin()
    chain = Chain(*_take_head())
    rows = Rows()
    with ExitStack() as stack:
        for kept in entries:
            rows.add(kept, where, chain)
            if len(rows) >= _BATCH:
                stack.enter_context(behind())  # within one that is there already, nothing
                later(rows.write)
                rows = Rows()
        if rows:
            later(rows.write)


def _take_head() -> tuple[int, str]:
    """The number and hash of the last entry, which stays the last until this transaction adds another."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return head or (0, FIRST_PREVIOUS)


def _storable(text: str) -> str:
    """Without what a database refuses in text: half a surrogate pair, and the character NUL."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "")
