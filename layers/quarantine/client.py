"""The site's end: starts the server that children are forked from, once, and hands it orders.

Each process of the site has a server of its own, started at the first file that comes in. It ends with
the process, however that ends: it listens to a socket that closes then.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from layers.quarantine.jobs import JOBS
from layers.quarantine.sandbox import GDAL_SETTINGS, ROOT

# Names of the environment that concern the machine; all others stay behind.
_KEPT = ("LD_LIBRARY_PATH", "TZ", "TZDIR")
_START = (
    "import sys; sys.path.insert(0, {root!r}); from layers.quarantine import server; server.main()"
)


class ServerLost(Exception):
    """The server cannot be started, or takes no orders."""


class Client:
    """Starts the server when it is needed, and again when it is gone. jobs: name to function, by path."""

    def __init__(self, jobs: Mapping[str, str]) -> None:
        self.jobs = dict(jobs)
        self._lock = threading.Lock()
        self._orders: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def warm(self) -> None:
        """Start the server now, so that it is there when a file comes; who comes before it waits for it."""
        with self._lock:
            if self._orders is None:
                self._start()

    def begin(self, order: dict[str, Any]) -> tuple[socket.socket, socket.socket]:
        """Have a child forked. Returns the socket of its data, and the one that tells how it ended.

        Closing the second for writing kills the child. Raises ServerLost.
        """
        data, childs_data = socket.socketpair()
        control, servers_control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with childs_data, servers_control:
            try:
                self._send(order, [childs_data.fileno(), servers_control.fileno()])
            except BaseException:
                data.close()
                control.close()
                raise
        return data, control

    def _send(self, order: dict[str, Any], descriptors: list[int]) -> None:
        text = json.dumps(order).encode()
        with self._lock:
            for _again in range(2):
                orders = self._orders or self._start()
                try:
                    socket.send_fds(orders, [text], descriptors)
                    return
                except OSError:
                    self._stop()
        raise ServerLost("the quarantine's server takes no orders")

    def _start(self) -> socket.socket:
        ours, servers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with servers:
            number = servers.fileno()
            code = _START.format(root=str(ROOT))
            self.process = subprocess.Popen(  # closes all other descriptors
                [sys.executable, "-I", "-c", code, str(number), json.dumps(self.jobs)],
                env=environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[number],
                start_new_session=True,  # Ctrl-C in a terminal is the site's to handle
            )
        self._orders = ours
        self.starts += 1
        return ours

    def _stop(self) -> None:
        if self._orders is not None:
            self._orders.close()
        self._orders = None
        if self.process is not None:
            self.process.wait()
        self.process = None

    def stop(self) -> None:
        """End the server, and every child with it."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a fork of the site's process: the server is the other one's."""
        self._lock = threading.Lock()
        if self._orders is not None:
            self._orders.close()
        self._orders = self.process = None


def environment() -> dict[str, str]:
    """What the server gets to know of the environment: no secret, no address, no path of anybody's."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"LANG": "C.UTF-8", **kept, **GDAL_SETTINGS}


CLIENT = Client(JOBS)
os.register_at_fork(after_in_child=CLIENT.forget)
