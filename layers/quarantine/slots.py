"""How many jobs may run at once, over all processes of the site: whoever comes later waits, and not for ever.

A slot is a lock on a file, which the system lets go of when its process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE_S = 0.05


class NoSlot(Exception):
    """All are taken, and have been for as long as one waits."""


@contextmanager
def slot(folder: Path, count: int, wait_s: float) -> Iterator[None]:
    """One of ``count`` slots, whose files lie in ``folder``. Raises NoSlot, and OSError where there can be no files."""
    folder.mkdir(parents=True, exist_ok=True)
    held = _taken(folder, count, time.monotonic() + wait_s)
    try:
        yield
    finally:
        os.close(held)


def _taken(folder: Path, count: int, until: float) -> int:
    while True:
        for number in range(count):
            held = _try(folder / f"slot-{number}")
            if held is not None:
                return held
        if time.monotonic() >= until:
            raise NoSlot
        time.sleep(_PAUSE_S)


def _try(path: Path) -> int | None:
    """The locked file's descriptor; None where somebody else has it, in this process or another."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
