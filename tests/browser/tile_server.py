"""A base map of its own for the browser tests: one colour, on another port of this machine."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIZE_PX = 256


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(colour: tuple[int, int, int]) -> bytes:
    """Source: PNG (third edition), sections 5 and 11."""
    header = struct.pack(">IIBBBBB", SIZE_PX, SIZE_PX, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * SIZE_PX) * SIZE_PX
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")]
    )


TILE = _png((214, 226, 208))


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_there = self.path.startswith("/tiles/")
        self.send_response(200 if is_there else 503)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        if is_there:
            self.wfile.write(TILE)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def tile_server() -> Iterator[str]:
    """Its address; what is not below /tiles/ is out of order."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
