"""Entries of the audit trail on their way to the end of a transaction: a few in memory, many in a temporary file."""

import datetime as dt
import marshal
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

_IN_MEMORY = 5_000
_SIZE = 8  # bytes before each piece of the file, with its length


class Kept(NamedTuple):
    """Events of one kind, in as little room as they take.

    changes: canonical JSON, beside subjects and labels; by: number and name, None for the asker.
    """

    action: str
    kind: str
    by: tuple[int, str] | None
    at: dt.datetime
    subjects: list[str]
    labels: list[str]
    changes: list[str]


_AT = Kept._fields.index("at")


class Waiting:
    """Takes entries and gives them in their order. A context manager: what it holds goes away with it.

    The file lies in TMPDIR and has no name, so it is gone with the process too.
    """

    def __init__(self) -> None:
        self._kept: list[Kept] = []
        self._count = 0
        self._file: IO[bytes] | None = None

    @property
    def has_some(self) -> bool:
        return bool(self._kept) or self._file is not None

    def add(self, entries: Kept) -> None:
        """Raises OSError where the disk is full."""
        self._kept.append(entries)
        self._count += len(entries.subjects)
        if self._count > _IN_MEMORY:
            if self._file is None:
                self._file = TemporaryFile()
            packed = marshal.dumps(list(map(_plain, self._kept)))
            self._file.write(len(packed).to_bytes(_SIZE, "big"))
            self._file.write(packed)
            self._kept.clear()
            self._count = 0

    def __iter__(self) -> Iterator[Kept]:
        if self._file is not None:
            self._file.seek(0)
            while size := self._file.read(_SIZE):
                packed = self._file.read(int.from_bytes(size, "big"))
                yield from map(_read, marshal.loads(packed))  # written by this very process
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


def _plain(kept: Kept) -> tuple[Any, ...]:
    """As Python's own form takes it, which knows no times."""
    return (*kept[:_AT], kept.at.isoformat(), *kept[_AT + 1 :])


def _read(row: tuple[Any, ...]) -> Kept:
    at = dt.datetime.fromisoformat(row[_AT])
    return Kept(*row)._replace(at=at)
