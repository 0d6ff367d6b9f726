"""The process that children are forked from: it has the libraries loaded, and nothing else.

It is started afresh (no memory of the site's, no secret in its environment, no file of anybody's), never opens
a file from outside, and ends when the process that started it does. One thread, one loop.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from layers.quarantine import child, jobs, sandbox

_ORDER_MAX = 64 << 10


@dataclass(slots=True)
class _Running:
    pid: int
    process: int
    control: socket.socket
    oom_kills: int | None


class _Server:
    def __init__(
        self, orders: socket.socket, known: dict[str, jobs.Job], walls: dict[str, str]
    ) -> None:
        self._orders = orders
        self._jobs = known
        self._walls = walls
        self._selector = selectors.DefaultSelector()
        self._running: dict[int, _Running] = {}
        self._watch(orders, self._take_order)

    def _watch(self, thing: Any, what: Callable[[], None]) -> None:
        self._selector.register(thing, selectors.EVENT_READ, what)

    def run(self) -> None:
        """Until the site's process has ended; then no child lives on."""
        while self._orders.fileno() >= 0:
            for key, _events in self._selector.select():
                key.data()
        for running in self._running.values():
            _kill(running)

    def _take_order(self) -> None:
        text, descriptors, _flags, _address = socket.recv_fds(self._orders, _ORDER_MAX, 2)
        if not text:
            self._selector.unregister(self._orders)
            self._orders.close()
            return
        data, control = descriptors
        self._fork(json.loads(text), data, socket.socket(fileno=control))
        os.close(data)

    def _fork(self, order: dict[str, Any], data: int, control: socket.socket) -> None:
        before = _oom_kills()
        pid = os.fork()
        if not pid:
            child.live(data, order, self._jobs, self._walls)
        running = _Running(pid, os.pidfd_open(pid), control, before)
        self._running[pid] = running
        self._watch(running.process, lambda: self._reap(running))
        self._watch(control, lambda: self._stop(running))

    def _stop(self, running: _Running) -> None:
        """The parent has nothing more to ask, or is gone."""
        if running.pid in self._running:
            self._selector.unregister(running.control)
            _kill(running)

    def _reap(self, running: _Running) -> None:
        _pid, status = os.waitpid(running.pid, 0)
        self._selector.unregister(running.process)
        os.close(running.process)
        if running.control.fileno() in self._selector.get_map():
            self._selector.unregister(running.control)
        now = _oom_kills()
        is_known = now is not None and running.oom_kills is not None
        told = {
            "code": os.waitstatus_to_exitcode(status),
            "oom": now != running.oom_kills if is_known else None,
        }
        try:
            running.control.send(json.dumps(told).encode())
        except OSError:
            pass  # nobody waits for it any more
        running.control.close()
        del self._running[running.pid]


def _oom_kills() -> int | None:
    """How many processes the kernel has ended for want of memory since it started; None where it does not say."""
    try:
        with open("/proc/vmstat", encoding="ascii") as file:
            for line in file:
                name, _space, count = line.partition(" ")
                if name == "oom_kill":
                    return int(count)
    except (OSError, ValueError):
        pass
    return None


def _kill(running: _Running) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main() -> None:
    """``python -c … DESCRIPTOR JOBS``: serve over the socket of that number; all readers are imported once."""
    walls = sandbox.prepare()
    # The parts of Django that readers use are sentences; they leave as messages, for the parent to translate.
    from django.conf import settings

    # Fiona would log each driver of GDAL_SKIP that its own GDAL does not have.
    logging.disable(logging.CRITICAL)
    settings.configure(USE_I18N=False, LOGGING_CONFIG=None)
    known = {name: jobs.load(path) for name, path in json.loads(sys.argv[2]).items()}
    gc.collect()
    gc.freeze()
    _Server(socket.socket(fileno=int(sys.argv[1])), known, walls).run()
