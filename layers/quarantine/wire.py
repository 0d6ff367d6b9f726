"""Frames between the two sides: a JSON header and raw buffers, with their sizes before them.

What comes from a child is data of unknown intent: sizes are checked before room is made, nothing is
unpickled, nothing is evaluated.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

HEADER_MAX = 16 << 20
BODY_MAX = 256 << 20
_BUFFERS_MAX = 16
_MAGIC = b"GISQ"
_PREFIX = 8

Buffer = bytes | bytearray | memoryview


class WireError(Exception):
    """What was received is no frame."""


@dataclass(slots=True)
class Frame:
    """A header and what goes with it."""

    header: dict[str, Any]
    buffers: list[bytearray]

    @property
    def kind(self) -> str:
        """Which kind of message it is."""
        return str(self.header.get("kind"))


def packed(header: dict[str, Any], buffers: Sequence[Buffer] = ()) -> list[Buffer]:
    """A frame as the pieces that are to be written, one after the other."""
    text = orjson.dumps({**header, "sizes": [len(one) for one in buffers]})
    prefix = _MAGIC + len(text).to_bytes(4, "little")
    return [prefix + text, *buffers]


def read_frame(fill: Callable[[memoryview], int]) -> Frame | None:
    """The next frame; None when the other side has ended between two frames.

    fill: puts bytes into a view and says how many; 0 at the end. Raises WireError for anything
    that is not a frame within bounds.
    """
    prefix = bytearray(_PREFIX)
    if not _fill(fill, prefix, may_end=True):
        return None
    length = int.from_bytes(prefix[4:], "little")
    if prefix[:4] != _MAGIC or length > HEADER_MAX:
        raise WireError("no frame")
    text = bytearray(length)
    _fill(fill, text)
    header = _header(text)
    buffers = []
    for size in _sizes(header):
        buffer = bytearray(size)
        _fill(fill, buffer)
        buffers.append(buffer)
    return Frame(header, buffers)


def _header(text: bytearray) -> dict[str, Any]:
    try:
        header = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise WireError("no header") from error
    if not isinstance(header, dict):
        raise WireError("no header")
    return header


def _sizes(header: dict[str, Any]) -> list[int]:
    sizes = header.get("sizes")
    if not isinstance(sizes, list) or len(sizes) > _BUFFERS_MAX:
        raise WireError("no sizes")
    if not all(type(size) is int and 0 <= size <= BODY_MAX for size in sizes):
        raise WireError("sizes beyond bounds")
    if sum(sizes) > BODY_MAX:
        raise WireError("sizes beyond bounds")
    return sizes


def _fill(fill: Callable[[memoryview], int], room: bytearray, may_end: bool = False) -> bool:
    view, at = memoryview(room), 0
    while at < len(room):
        got = fill(view[at:])
        if not got:
            if may_end and not at:
                return False
            raise WireError("cut off")
        at += got
    return True


class Pipe:
    """The child's end: plain reads and writes, since it may not use socket calls."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def send(self, header: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Write a frame; waits while the other side is busy. Raises OSError when it is gone."""
        for piece in packed(header, buffers):
            view = memoryview(piece)
            while view:
                view = view[os.write(self.descriptor, view) :]

    def receive(self) -> Frame | None:
        """The next frame, None when the other side has closed."""
        return read_frame(lambda room: os.readv(self.descriptor, [room]))
