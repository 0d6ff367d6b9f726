"""What goes wrong between a tablet and the server, and inside it: lost and doubled messages, strangers, sudden death.

A death is an exception that nothing catches, thrown just before or just after a commit, an fsync or a rename; the
connection is then closed, as the system would. What was committed or renamed stays, all else is gone.
"""

import enum
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")


class Fault(enum.Enum):
    NONE = "none"
    REQUEST_LOST = "the request never arrives"
    ANSWER_LOST = "the answer never arrives"
    DOUBLED = "the request arrives twice"
    PORTAL = "a captive portal answers"
    DEATH = "the server dies at some boundary"


class Lost(Exception):
    """The tablet waits for an answer that does not come."""


class Death(BaseException):
    """No handler of ours catches this, as none would see a kill -9."""


class Boundaries:
    """Counts the commits, fsyncs and renames, before and after each, and dies at one of them."""

    def __init__(self, dies_at: int) -> None:
        self.dies_at = dies_at
        self.passed = 0

    def at(self) -> None:
        self.passed += 1
        if self.passed == self.dies_at:
            connection.close()  # or what unwinds would still speak to the database
            raise Death

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.at()
            result = real(*args, **kwargs)
            self.at()
            return result

        return call


@contextmanager
def death(dies_at: int) -> Iterator[Boundaries]:
    """Inside, the server dies at its ``dies_at``-th boundary, and Lost is what the tablet sees of it."""
    count = Boundaries(dies_at)
    with (
        mock.patch.object(
            BaseDatabaseWrapper, "_commit", count.around(BaseDatabaseWrapper._commit)
        ),
        mock.patch.object(os, "fsync", count.around(os.fsync)),
        mock.patch.object(Path, "replace", count.around(Path.replace)),
    ):
        try:
            yield count
        except Death as error:
            connection.close()
            raise Lost from error


def through(fault: Fault, dies_at: int, request: Callable[[], T]) -> T:
    """The answer to a request over a bad line. Raises Lost when the tablet gets none."""
    if fault in (Fault.REQUEST_LOST, Fault.PORTAL):
        raise Lost
    if fault is Fault.DEATH:
        with death(dies_at):
            return request()
    answer = request()
    if fault is Fault.DOUBLED:
        answer = request()
    if fault is Fault.ANSWER_LOST:
        raise Lost
    return answer
