"""Protocol Buffers' variable-length integers, many at once (https://protobuf.dev/programming-guides/encoding)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def widths(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bytes each takes: 1 to 10."""
    found = np.ones(len(values), dtype=np.int64)
    rest = values >> np.uint64(7)
    while rest.any():
        found += rest > 0
        rest >>= np.uint64(7)
    return found


def encode(values: NDArray[np.uint64]) -> bytes:
    """One after the other, seven bits to a byte, the lowest first."""
    if not len(values):
        return b""
    size = widths(values)
    ends = np.cumsum(size)
    begin = ends - size
    encoded = np.empty(ends[-1], dtype=np.uint8)
    for place in range(int(size.max())):
        here = np.flatnonzero(size > place) if place else slice(None)
        seven = (values[here] >> np.uint64(7 * place)).astype(np.uint8) & 0x7F
        more = (size[here] > place + 1).astype(np.uint8) << 7
        encoded[begin[here] + place] = seven | more
    return encoded.tobytes()


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Signed numbers as unsigned, small ones staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    found: NDArray[Any] = (values << 1) ^ (values >> 63)
    return found.view(np.uint64)


def one(value: int) -> bytes:
    """A single number, 0 or more."""
    if value <= 0x7F:
        return bytes((value,))
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field (wire type 2)."""
    return one(number << 3 | 2) + one(len(content)) + content
