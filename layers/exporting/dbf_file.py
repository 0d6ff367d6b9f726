"""A DBF table, written in one pass with the widest fields and then narrowed to what the values need.

GDAL cuts texts in the middle of a character and gives numbers a fixed width; here a text is cut at a whole character
and counted, and a number keeps every digit. Source: dBASE III table file structure; language byte 0x4D is code page
936.
"""

import datetime as dt
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from layers.exporting.names import cut
from layers.exporting.notes import Loss, Notes
from layers.exporting.table import Column

TEXT_BYTES = 254
# GDAL and ArcGIS read wider ones as floating point.
INTEGER_DIGITS = 18
_WIDTHS = {"str": TEXT_BYTES, "int": 20, "float": 24, "date": 8, "bool": 5}
_LANGUAGE_BYTES = {"gbk": 0x4D}
_CHUNK = 20_000


class DbfFile:
    """Rows go in by the batch; ``close`` writes the file. names: at most ten bytes each in ``encoding``."""

    def __init__(
        self, path: Path, columns: Sequence[Column], names: Sequence[str], encoding: str
    ) -> None:
        self.path, self.columns, self.names, self.encoding = path, columns, names, encoding
        self.notes = Notes()
        self.rows = 0
        self._used = [1] * len(columns)
        self._dtype = _dtype([_WIDTHS[column.kind] for column in columns])
        self._raw_path = path.with_suffix(".raw")
        self._raw = self._raw_path.open("wb")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """rows: plain values, one for each column."""
        records = np.zeros(len(rows), self._dtype)
        for number, (column, values) in enumerate(
            zip(self.columns, zip(*rows, strict=True), strict=True)
        ):
            cells = np.array(
                [self._cell(number, column, value) for value in values], records.dtype[number + 1]
            )
            self._used[number] = max(self._used[number], int(np.char.str_len(cells).max()))
            records[f"f{number}"] = cells
        self._raw.write(records.tobytes())
        self.rows += len(rows)

    def close(self) -> None:
        """Write the head and the records with the widths that the values need."""
        self._raw.close()
        widths = [self._width(number) for number in range(len(self.columns))]
        narrow = _dtype(widths)
        with self.path.open("wb") as out, self._raw_path.open("rb") as raw:
            out.write(self._head(widths, narrow.itemsize))
            while chunk := raw.read(_CHUNK * self._dtype.itemsize):
                # Fields of the same names: each is cut to its new width, and filled with NUL.
                records = np.frombuffer(chunk, self._dtype).astype(narrow)
                octets = np.frombuffer(records.tobytes(), np.uint8).copy()
                octets[octets == 0] = ord(" ")
                out.write(octets.tobytes())
            out.write(b"\x1a")
        self._raw_path.unlink()

    def size(self) -> int:
        """Bytes that the finished file will have."""
        widths = [self._width(number) for number in range(len(self.columns))]
        return self.rows * _dtype(widths).itemsize

    def _cell(self, number: int, column: Column, value: Any) -> bytes:
        if value is None:
            return b""
        match column.kind:
            case "str":
                return self._text(self.names[number], value)
            case "float":
                return repr(float(value)).encode()
            case "date":
                return _date(value)
            case "bool":
                return b"true" if value else b"false"
        digits = str(int(value)).encode()
        if len(digits) > INTEGER_DIGITS:
            self.notes.add(Loss.WIDE_INTEGERS, self.names[number])
        return digits

    def _text(self, name: str, value: str) -> bytes:
        text = value.replace("\x00", "")
        try:
            octets = text.encode(self.encoding)
        except UnicodeEncodeError:
            self.notes.add(Loss.CHARACTERS, name)
            text = text.encode(self.encoding, "replace").decode(self.encoding)
            octets = text.encode(self.encoding)
        if len(octets) <= TEXT_BYTES:
            return octets
        self.notes.add(Loss.CUT, name)
        return cut(text, TEXT_BYTES, self.encoding).encode(self.encoding)

    def _width(self, number: int) -> int:
        kind, used = self.columns[number].kind, self._used[number]
        if kind in ("date", "bool"):
            return _WIDTHS[kind]
        # Room for one decimal at least: a field of numbers without decimals would be read as whole numbers.
        return max(used, 3) if kind == "float" else used

    def _head(self, widths: Sequence[int], record_bytes: int) -> bytes:
        today = dt.date.today()
        head = struct.pack(
            "<4BIHH17xB2x", 3, today.year - 1900, today.month, today.day, self.rows,
            32 * len(widths) + 33, record_bytes, _LANGUAGE_BYTES.get(self.encoding, 0),
        )  # fmt: skip
        fields = [
            struct.pack("<11sc4x2B14x", name.encode(self.encoding), *self._type(number, width))
            for number, (name, width) in enumerate(zip(self.names, widths, strict=True))
        ]
        return head + b"".join(fields) + b"\r"

    def _type(self, number: int, width: int) -> tuple[bytes, int, int]:
        match self.columns[number].kind:
            case "int" if width <= INTEGER_DIGITS:
                return b"N", width, 0
            case "float":
                return b"N", width, min(15, width - 2)
            case "date":
                return b"D", width, 0
        return b"C", width, 0


def _dtype(widths: Sequence[int]) -> np.dtype[Any]:
    """A record: the octet that marks deleted ones, here always blank, and the fields."""
    fields = [(f"f{number}", f"S{width}") for number, width in enumerate(widths)]
    return np.dtype([("mark", "S1"), *fields])


def _date(value: dt.date) -> bytes:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}".encode()
