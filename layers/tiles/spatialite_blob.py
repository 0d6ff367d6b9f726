"""SpatiaLite's own form of a geometry is WKB with a head before it and marks in it: read without asking SpatiaLite.

Source: the internal BLOB format of SpatiaLite (gaia-sins, "BLOB-Geometry").
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = 39
# Start, byte order, SRID, bounds, mark, and the geometry's kind.
HEAD_TO_KIND = HEAD + 4
_HEADS = np.dtype(
    [
        ("start", "u1"),
        ("order", "u1"),
        ("srid", "<i4"),
        ("box", "<f8", 4),
        ("mark", "u1"),
        ("kind", "<i4"),
    ]
)
_LINES = (2, 5)
_LITTLE_ENDIAN, _MARK, _ENTITY, _END = 0x01, 0x7C, 0x69, 0xFE
_MULTI = range(4, 8)


def to_wkb(blob: bytes) -> bytes:
    """WKB (2-D, little-endian) of a BLOB. Raises ValueError for any other form than SpatiaLite writes here."""
    if (
        len(blob) < HEAD + 5
        or blob[1] != _LITTLE_ENDIAN
        or blob[HEAD - 1] != _MARK
        or blob[-1] != _END
    ):
        raise ValueError("not a geometry as SpatiaLite keeps it")
    body = b"\x01" + blob[HEAD:-1]
    (kind,) = struct.unpack_from("<I", body, 1)
    if not 1 <= kind <= 7:
        raise ValueError(f"a geometry of kind {kind}, not a plain one in two dimensions")
    return _unmarked(body) if kind in _MULTI else body


def heads(packed: bytes) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Bounds (n, 4) west, south, east, north of BLOBs by their first HEAD_TO_KIND bytes, and which are lines.

    Raises ValueError for any other form than SpatiaLite writes here.
    """
    found: NDArray[Any] = np.frombuffer(packed, dtype=_HEADS)
    if not ((found["order"] == _LITTLE_ENDIAN) & (found["mark"] == _MARK)).all():
        raise ValueError("not a geometry as SpatiaLite keeps it")
    return found["box"].astype(np.float64), np.isin(found["kind"], _LINES)


def _unmarked(body: bytes) -> bytes:
    """Parts begin with a mark where WKB has the byte order."""
    found = bytearray(body)
    (parts,) = struct.unpack_from("<I", body, 5)
    at = 9
    for _ in range(parts):
        if found[at] != _ENTITY:
            raise ValueError("a part of a geometry without its mark")
        found[at] = _LITTLE_ENDIAN
        at = _end(body, at)
    return bytes(found)


def _end(body: bytes, at: int) -> int:
    """Where the part that begins at ``at`` ends."""
    kind: int = struct.unpack_from("<I", body, at + 1)[0]
    at += 5
    if kind == 1:
        return at + 16
    count: int = struct.unpack_from("<I", body, at)[0]
    at += 4
    if kind == 2:
        return at + 16 * count
    if kind != 3:
        raise ValueError(f"a part of kind {kind}")
    for _ in range(count):
        (corners,) = struct.unpack_from("<I", body, at)
        at += 4 + 16 * corners
    return at
