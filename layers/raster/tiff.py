"""The directories of a TIFF, walked without GDAL: sizes and tags are known before a library acts on them.

Source: TIFF 6.0, section 2; BigTIFF as libtiff 4 writes it; GDAL_METADATA is tag 42112 (an XML text).
"""

import html
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from layers.raster.problems import SceneCode, SceneRefused

MAGICS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_WIDTH, _HEIGHT, _GDAL_METADATA = 256, 257, 42112
# A COG has one directory for each overview and each mask; a hundred pages are no scene.
_MAX_DIRECTORIES = 100
_MAX_TAGS = 500
_MAX_METADATA = 1_000_000
# Domains by which GDAL is led to other data sets than the one that it was given.
_LEADING_AWAY = ("overview_file", "geolocation", "x_dataset", "y_dataset", "mask_file")


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    is_big: bool
    size: int

    @property
    def entry_bytes(self) -> int:
        return 20 if self.is_big else 12


def tiff_size(path: Path) -> tuple[int, int]:
    """Width and height of the first directory, in pixels, after all directories have been looked at.

    Raises SceneRefused: DAMAGED for tags that reach beyond the file, loops and absurd counts, FOREIGN_FILES for
    metadata that leads to another file.
    """
    with path.open("rb") as file:
        layout, offset = _start(file, path.stat().st_size)
        sizes = []
        seen: set[int] = set()
        while offset:
            if offset in seen or len(seen) >= _MAX_DIRECTORIES:
                raise _damaged("IFD")
            seen.add(offset)
            size, offset = _directory(file, layout, offset)
            sizes.append(size)
    if not sizes or 0 in sizes[0]:
        raise _damaged("IFD")
    return sizes[0]


def _start(file: BinaryIO, size: int) -> tuple[_Layout, int]:
    head = file.read(16).ljust(16, b"\0")
    order = "<" if head[:2] == b"II" else ">"
    if struct.unpack(order + "H", head[2:4])[0] == 43:
        return _Layout(order, True, size), struct.unpack(order + "Q", head[8:16])[0]
    return _Layout(order, False, size), struct.unpack(order + "I", head[4:8])[0]


def _directory(file: BinaryIO, layout: _Layout, offset: int) -> tuple[tuple[int, int], int]:
    """The directory's width and height, and the offset of the next one."""
    count_bytes = 8 if layout.is_big else 2
    count = _number(layout, _read(file, layout, offset, count_bytes))
    if not 0 < count <= _MAX_TAGS:
        raise _damaged("tags")
    entries = _read(file, layout, offset + count_bytes, count * layout.entry_bytes)
    found = {_WIDTH: 0, _HEIGHT: 0}
    for begin in range(0, len(entries), layout.entry_bytes):
        tag, value = _entry(file, layout, entries[begin : begin + layout.entry_bytes])
        if tag in found:
            found[tag] = _number(layout, value)
        elif tag == _GDAL_METADATA:
            _check_metadata(value)
    link = offset + count_bytes + len(entries)
    following = _number(layout, _read(file, layout, link, 8 if layout.is_big else 4))
    return (found[_WIDTH], found[_HEIGHT]), following


def _entry(file: BinaryIO, layout: _Layout, entry: bytes) -> tuple[int, bytes]:
    """The tag and its bytes, those only of the tags that are read here."""
    tag = _number(layout, entry[:2])
    kind = _number(layout, entry[2:4])
    count = _number(layout, entry[4:12] if layout.is_big else entry[4:8])
    inline = entry[12:] if layout.is_big else entry[8:]
    length = count * _SIZES.get(kind, 1)
    if length <= len(inline):
        return tag, inline[:length]
    offset = _number(layout, inline)
    if offset + length > layout.size:
        raise _damaged(f"tag {tag}")
    if tag in {_WIDTH, _HEIGHT} or (tag == _GDAL_METADATA and length > _MAX_METADATA):
        raise _damaged(f"tag {tag}")
    return tag, _read(file, layout, offset, length) if tag == _GDAL_METADATA else b""


def _check_metadata(value: bytes) -> None:
    """GDAL unescapes entities once and compares without case: so is it done here, and once more for good measure."""
    text = html.unescape(html.unescape(value.decode("latin-1"))).lower()
    for word in _LEADING_AWAY:
        if word in text:
            raise SceneRefused(SceneCode.FOREIGN_FILES, tag=word.upper())


def _read(file: BinaryIO, layout: _Layout, offset: int, length: int) -> bytes:
    if offset + length > layout.size:
        raise _damaged("IFD")
    file.seek(offset)
    return file.read(length)


def _number(layout: _Layout, data: bytes) -> int:
    return int.from_bytes(data, "little" if layout.order == "<" else "big")


def _damaged(what: str) -> SceneRefused:
    return SceneRefused(SceneCode.DAMAGED, reason=what)
