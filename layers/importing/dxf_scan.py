"""What a DXF drawing says of itself, before GDAL opens it: its code page, its own texts, and how far its blocks unfold.

GDAL goes by the code page alone, though drawings of AutoCAD 2007 and later are in UTF-8 whatever it says; and a few
kilobytes of blocks that insert each other ten times unfold to more entities than there is room for.
Source: Autodesk DXF Reference (group codes 0 to 9; HEADER, BLOCKS and ENTITIES sections; INSERT).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_SAMPLES = 2_000
_MODEL = b""  # the drawing itself, beside its blocks
_MAX_LINE = 1 << 16
_TEXT_CODES = frozenset(range(10)) | {1000, 1001}


@dataclass(slots=True)
class Drawing:
    """code_page: as the header spells it. samples: texts beyond ASCII. entities and inserts: by block."""

    code_page: str = ""
    samples: list[bytes] = field(default_factory=list)
    entities: Counter[bytes] = field(default_factory=Counter)
    inserts: dict[bytes, Counter[bytes]] = field(default_factory=dict)

    def unfolded(self, most: int) -> int:
        """How many entities there are once all blocks are inserted; no further than just above ``most``."""
        known: dict[bytes, int] = {}
        open_: set[bytes] = set()

        def count(block: bytes) -> int:
            if block in open_:  # a block in itself has no end
                return most + 1
            if block not in known:
                open_.add(block)
                inner = self.inserts.get(block, Counter())
                total = self.entities[block]
                for name, times in inner.items():
                    total += times * count(name) if total <= most else 0
                known[block] = min(total, most + 1)
                open_.discard(block)
            return known[block]

        try:
            return count(_MODEL)
        except RecursionError:
            return most + 1


def scan(path: Path) -> Drawing:
    """Go through the drawing once, in flat memory. What is no DXF gives an empty one, for GDAL to refuse."""
    found = Drawing()
    reader = _Reader(found)
    for code, value in _groups(path):
        reader.take(code, value)
        if not value.isascii() and code in _TEXT_CODES and len(found.samples) < _SAMPLES:
            found.samples.append(value)
    reader.end_entity()
    return found


def _groups(path: Path) -> Iterator[tuple[int, bytes]]:
    """Pairs of lines: a code, and its value."""
    with path.open("rb") as file:
        while code := file.readline(_MAX_LINE):
            value = file.readline(_MAX_LINE)
            try:
                yield int(code), value.strip()
            except ValueError:
                return


class _Reader:
    def __init__(self, found: Drawing) -> None:
        self._found = found
        self._section = self._variable = self._kind = b""
        self._block: bytes | None = _MODEL
        self._name = b""
        self._times = [1, 1]  # columns and rows of an INSERT

    def take(self, code: int, value: bytes) -> None:
        """One group, in order."""
        if code == 0:
            self.end_entity()
            self._begin(value.upper())
        elif code == 2:
            self._take_name(value)
        elif code == 9 and self._section == b"HEADER":
            self._variable = value
        elif code == 3 and self._variable == b"$DWGCODEPAGE":
            self._found.code_page, self._variable = value.decode("ascii", "replace")[:40], b""
        elif code in (70, 71) and self._kind == b"INSERT":
            self._times[code - 70] = max(int(value), 1) if value.isdigit() else 1

    def _begin(self, kind: bytes) -> None:
        self._kind, self._name, self._times = kind, b"", [1, 1]
        if kind == b"BLOCK":
            self._block = None  # its name comes
        elif kind in (b"ENDBLK", b"ENDSEC"):
            self._block = _MODEL

    def _take_name(self, value: bytes) -> None:
        if self._kind == b"SECTION":
            self._section = value.upper()
        elif self._kind == b"BLOCK" and self._block is None:
            self._block = value.upper()
        elif self._kind == b"INSERT" and not self._name:
            self._name = value.upper()

    def end_entity(self) -> None:
        """Count the entity that the last groups were of."""
        if self._section not in (b"BLOCKS", b"ENTITIES") or self._block is None:
            return
        if self._kind == b"INSERT":
            inserts = self._found.inserts.setdefault(self._block, Counter())
            inserts[self._name] += self._times[0] * self._times[1]
        elif self._kind not in (b"BLOCK", b"ENDBLK", b"SECTION", b"ENDSEC", b"EOF", b""):
            self._found.entities[self._block] += 1
