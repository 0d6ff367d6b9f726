"""Turns at SQLite's write lock, first come first served.

SQLite's busy handler sleeps and asks again (https://sqlite.org/c3ref/busy_timeout.html), so the lock goes to whoever
happens to ask next, and of many writers some wait until their time is over. Whoever waits here is in a queue instead:
the threads of a process in the order in which they came, and the first of each process at two file locks beside the
database. Who had the turn must pass by the second lock, ``next``, to have it again: there another process is before.
PostgreSQL queues its writers itself: nothing is done there.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

LIMIT_S = 30.0  # as long as the busy handler waits
_ASKS_AGAIN_S = 0.002


class Line:
    """The threads of one process that wait, in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    def __len__(self) -> int:
        """How many wait or have the turn."""
        return len(self._waiting)

    @contextmanager
    def first(self, deadline: float) -> Iterator[None]:
        """Be the first for as long as the block lasts. Raises OperationalError after deadline (of time.monotonic)."""
        mine = threading.Event()
        with self._guard:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                mine.set()
        try:
            if not mine.wait(max(0.0, deadline - time.monotonic())):
                raise OperationalError("no turn to write came in time")
            yield
        finally:
            with self._guard:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()


_line = Line()
_mine = threading.local()  # whether this thread has the turn


def keep_timeout(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """For every new connection: wait for a lock as long as the settings say.

    Loading SpatiaLite sets 5 seconds (spatialite_init_ex), and Django loads it after all that the settings can say.
    """
    limit_s = connection.settings_dict["OPTIONS"].get("timeout")
    if connection.vendor == "sqlite" and limit_s is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(limit_s * 1000)}")


@contextmanager
def write_turn() -> Iterator[None]:
    """Hold the turn around a transaction that writes. Raises OperationalError when it does not come within LIMIT_S.

    Inside a transaction nothing is done: SQLite's lock is held there already, and to wait with it would be a deadlock.
    Nor inside another turn: several short transactions may share one.
    """
    name = str(connection.settings_dict["NAME"])
    is_mine = getattr(_mine, "has_turn", False) or connection.in_atomic_block
    if connection.vendor != "sqlite" or is_mine or not os.path.isfile(name):
        yield
        return
    deadline = time.monotonic() + LIMIT_S
    with _line.first(deadline), file_turn(name, deadline):
        _mine.has_turn = True
        try:
            yield
        finally:
            _mine.has_turn = False


@contextmanager
def file_turn(name: str, deadline: float) -> Iterator[None]:
    """The turn among processes. name: path of the database. Raises OperationalError after deadline."""
    with ExitStack() as turn:
        with locked(f"{name}.next", deadline):
            turn.enter_context(locked(f"{name}.turn", deadline))
        yield


@contextmanager
def locked(path: str, deadline: float) -> Iterator[None]:
    """An open file of its own for each holder: the lock ends with it, also when the process is killed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _is_taken(descriptor):
            if time.monotonic() >= deadline:
                raise OperationalError("no turn to write came in time")
            time.sleep(_ASKS_AGAIN_S)
        yield
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
