"""Entries of the audit trail on their way to the end of a transaction: a few in memory, many in a temporary file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

import orjson

_IN_MEMORY = 5_000


class Kept(NamedTuple):
    """An event in as little room as it takes. changes: canonical JSON; by: number and name, None for the asker."""

    action: str
    kind: str
    subject: str
    label: str
    changes: str
    by: tuple[int, str] | None
    at: dt.datetime


class Waiting:
    """Takes entries and gives them in their order. A context manager: what it holds goes away with it.

    The file lies in TMPDIR and has no name, so it is gone with the process too.
    """

    def __init__(self) -> None:
        self._kept: list[Kept] = []
        self._file: IO[bytes] | None = None

    @property
    def has_some(self) -> bool:
        return bool(self._kept) or self._file is not None

    def add(self, entries: Sequence[Kept]) -> None:
        """Raises OSError where the disk is full."""
        self._kept += entries
        if len(self._kept) > _IN_MEMORY:
            if self._file is None:
                self._file = TemporaryFile()
            self._file.write(orjson.dumps(list(map(tuple, self._kept))))
            self._file.write(b"\n")
            self._kept.clear()

    def __iter__(self) -> Iterator[Kept]:
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                yield from map(_read, orjson.loads(line))
        yield from self._kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _read(row: list[Any]) -> Kept:
    action, kind, subject, label, changes, by, at = row
    actor = None if by is None else (by[0], by[1])
    return Kept(action, kind, subject, label, changes, actor, dt.datetime.fromisoformat(at))
