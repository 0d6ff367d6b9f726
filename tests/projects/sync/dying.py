"""The site as it is served, except that it is killed (SIGKILL, no goodbye) at a boundary that a file names.

The file ``DIES_AT`` holds a number: that many commits, fsyncs and renames, each counted before and after, are passed
inside requests that write before the whole server is gone. Empty or 0 lets it live; how many were passed is kept in
the file beside it, ``.passed``.
"""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from gis_projects.wsgi import application as served

_ORDER = Path(os.environ["DIES_AT"])
_WRITING = frozenset({"POST", "PATCH"})


class Boundaries:
    def __init__(self) -> None:
        self.passed = self.last = 0
        self.counts = False

    def begin(self, method: str) -> None:
        self.last = int(_ORDER.read_text() or 0)
        self.counts = self.last > 0 and method in _WRITING

    def at(self) -> None:
        if not self.counts:
            return
        self.passed += 1
        if self.passed == self.last:
            os.killpg(0, signal.SIGKILL)

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.at()
            result = real(*args, **kwargs)
            self.at()
            return result

        return call


boundaries = Boundaries()
BaseDatabaseWrapper._commit = boundaries.around(BaseDatabaseWrapper._commit)  # type: ignore[method-assign]
os.fsync = boundaries.around(os.fsync)
Path.replace = boundaries.around(Path.replace)  # type: ignore[method-assign]


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    boundaries.begin(environ["REQUEST_METHOD"])
    answer: Iterable[bytes] = served(environ, start_response)
    boundaries.counts = False
    return answer
