"""What a GeoPackage's geometries are before GDAL flattens them: curves become lines there, and measures are dropped.

Source: OGC 12-128r18, section 2.1.3 (the header before each geometry); ISO 13249-3 (WKB types: 8 to 14 are curves and
surfaces of curves, 1000 more has Z, 2000 more has M, 3000 more both).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from layers.importing.archive import Staged
from layers.importing.problems import Code, Problem, refuse

_ENVELOPES = (0, 32, 48, 48, 64)  # bytes, by the code in the flags
_HEAD = 8 + max(_ENVELOPES) + 5  # GP header, envelope, byte order and type
_CURVES = range(8, 15)


@dataclass(slots=True)
class Flattened:
    """How many features lose something on the way in."""

    curves: int = 0
    measures: int = 0

    def add(self, kind: int) -> None:
        """kind: an ISO WKB type."""
        self.curves += kind % 1000 in _CURVES
        self.measures += kind // 1000 in (2, 3)

    def problems(self, file: str) -> tuple[Problem, ...]:
        """Warnings, where there is something to be told."""
        counts = {Code.CURVES_STRAIGHTENED: self.curves, Code.MEASURES_DROPPED: self.measures}
        return tuple(Problem(code, file, params={"count": n}) for code, n in counts.items() if n)


def flattened(staged: Staged, table: str) -> Flattened:
    """Look at the head of each geometry of a feature table. Raises ImportRefused when SQLite cannot read it."""
    found = Flattened()
    for head in _heads(staged, table):
        kind = _kind(head)
        if kind is not None:
            found.add(kind)
    return found


def _heads(staged: Staged, table: str) -> Iterator[bytes]:
    address = f"{staged.path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
        try:
            asked = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
            (column,) = connection.execute(asked, (table,)).fetchone()
            sql = f"SELECT substr({_quoted(column)}, 1, {_HEAD}) FROM {_quoted(table)}"
            yield from (head for (head,) in connection.execute(sql) if isinstance(head, bytes))
        finally:
            connection.close()
    except (sqlite3.Error, TypeError) as error:
        raise refuse(Code.DAMAGED_FILE, staged.name, reason=".gpkg") from error


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _kind(head: bytes) -> int | None:
    """The ISO type; None for what is no geometry (GDAL will have its say)."""
    if len(head) < 13 or head[:2] != b"GP":
        return None
    envelope = (head[3] >> 1) & 7
    if envelope >= len(_ENVELOPES):
        return None
    wkb = head[8 + _ENVELOPES[envelope] :]
    if len(wkb) < 5:
        return None
    return int.from_bytes(wkb[1:5], "little" if wkb[0] else "big")
