"""The cable between a tablet and the server: it can be cut, and somebody else can answer at its end."""

import contextlib
import socket
import threading
from typing import Literal

Mode = Literal["through", "cut", "portal"]
_PORTAL = "<!doctype html><title>登录</title><p>请登录本网络".encode()
_BLOCK = 64 * 1024


class Wire:
    """Listens on a port of its own and hands on what comes to the server's. mode may change at any time."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.mode: Mode = "through"
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set(self, mode: Mode) -> None:
        """Connections that stand are broken, as when somebody drives out of reach."""
        self.mode = mode
        for one in list(self.open):
            _close(one)

    def close(self) -> None:
        self.listening.close()
        self.set("cut")

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self.mode == "cut":
            _close(near)
        elif self.mode == "portal":
            with contextlib.suppress(OSError):
                near.recv(_BLOCK)
                near.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(_PORTAL), _PORTAL)
                )
            _close(near)
        else:
            far = socket.create_connection(("127.0.0.1", self.target))
            self.open |= {near, far}
            threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
            self._pump(far, near)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_BLOCK):
                sink.sendall(data)
        for one in (source, sink):
            self.open.discard(one)
            _close(one)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()
