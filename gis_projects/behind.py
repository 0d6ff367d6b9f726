"""Writing behind: what is written next is prepared while the database is busy with what was prepared before.

    with behind():
        for columns in prepared:
            later(insert, Feature, columns)

The connection, and the transaction that is open on it, are lent to one thread that does what it is given in order.
A query of the lender's waits until that thread has nothing to do, so nobody has to think of it; psycopg and SQLite
let Python run while they work.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DEFAULT_DB_ALIAS

_writer: ContextVar["_Writer | None"] = ContextVar("writer", default=None)


# Calls that may be open at a time. One batch of an import is three of them (its sites, the entries of their logs, the
# notes for an undo): with less room than two batches' whoever prepares would wait for the first call of each.
_OPEN = 6


class _Writer:
    """One thread; whoever gives it more than it can do waits, so memory holds two batches or so."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, "writer", initializer=self._borrow)
        self._calls: list[Future[None]] = []

    def _borrow(self) -> None:
        connections[DEFAULT_DB_ALIAS] = self._connection

    def do(self, call: Callable[..., None], *args: Any) -> None:
        self._calls.append(self._thread.submit(call, *args))
        self.wait(leave=_OPEN)

    def wait(self, leave: int = 0) -> None:
        """Until no more than ``leave`` calls are open. Raises what one of them raised."""
        while len(self._calls) > leave:
            self._calls.pop(0).result()

    def end(self) -> None:
        """Nothing runs afterwards; what has not begun never will."""
        self._thread.shutdown(cancel_futures=True)


@contextmanager
def behind() -> Iterator[None]:
    """Inside, ``later`` does not wait. An error of what was given there is raised at the next of it, or at the end."""
    if _writer.get() is not None:
        yield
        return
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    connection.inc_thread_sharing()
    writer = _Writer(connection)
    token = _writer.set(writer)
    try:
        with connection.execute_wrapper(_after_the_writer):
            yield
            writer.wait()
    finally:
        _writer.reset(token)
        writer.end()
        connection.dec_thread_sharing()


def later(call: Callable[..., None], *args: Any) -> None:
    """Do it behind where somebody asked for that, else at once. args: not to be changed afterwards."""
    writer = _writer.get()
    if writer is None:
        call(*args)
    else:
        writer.do(call, *args)


def _after_the_writer(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """The lender's own queries; in the writer's thread there is no writer to wait for."""
    writer = _writer.get()
    if writer is not None:
        writer.wait()
    return execute(sql, params, many, context)
