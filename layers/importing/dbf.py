"""The attribute table of a shapefile (dBASE III/IV), read by ourselves, in columns.

Why not GDAL: it decodes by its own guess of the encoding, and a field name that was cut at ten
bytes inside a character makes readers above it fail. Here bytes stay bytes until the encoding is
decided.

Source: ESRI Shapefile Technical Description (1998); dBASE table file structure, level 3 to 7.
"""

from __future__ import annotations

import datetime
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from layers.importing.mapped import MappedFile
from layers.importing.problems import Code, refuse

FieldType = Literal["text", "integer", "real", "date", "datetime", "boolean", "other"]

_HEADER = struct.Struct("<B3xIHH17xB2x")
_DESCRIPTOR = struct.Struct("<11sc4xBB14x")
NAME_BYTES = 10
_MAX_FIELDS = 1_024
_INTEGER_DIGITS = 18
_CODES = "CNFDLMIOBGPT@+YVQW0"
_TRUE, _FALSE = b"TtYy", b"FfNn"


@dataclass(frozen=True, slots=True)
class RawField:
    """A column as the header has it: the name still in bytes."""

    raw_name: bytes
    code: str
    width: int
    decimals: int
    offset: int

    @property
    def type(self) -> FieldType:
        """What its values become."""
        if self.code in "NF":
            whole = self.decimals == 0 and self.width <= _INTEGER_DIGITS and self.code == "N"
            return "integer" if whole else "real"
        known: dict[str, FieldType] = {"C": "text", "D": "date", "L": "boolean", "I": "integer"}
        return known.get(self.code, "real" if self.code in "OB" else "other")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table. ``count`` is what the file can hold, not what it claims."""

    ldid: int
    count: int
    header_length: int
    record_length: int
    fields: tuple[RawField, ...]


def read_header(path: Path, name: str = "") -> Header:
    """Read the header of a .dbf. Raises ImportRefused (damaged file) when it is none."""
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            raise refuse(Code.DAMAGED_FILE, name, reason=".dbf")
        _version, claimed, header_length, record_length, ldid = _HEADER.unpack(head)
        descriptors = file.read(max(header_length - _HEADER.size, 0))
    fields = _fields(descriptors)
    width = fields[-1].offset + fields[-1].width if fields else 1
    size = path.stat().st_size
    is_torn = not _HEADER.size <= header_length <= size or record_length < width
    if is_torn or len(fields) > _MAX_FIELDS or any(one.code not in _CODES for one in fields):
        raise refuse(Code.DAMAGED_FILE, name, reason=".dbf")
    room = (size - header_length) // record_length
    return Header(ldid, min(claimed, room), header_length, record_length, fields)


def _fields(descriptors: bytes) -> tuple[RawField, ...]:
    fields: list[RawField] = []
    offset = 1  # the first byte of a record is its deletion mark
    for start in range(0, len(descriptors) - _DESCRIPTOR.size + 1, _DESCRIPTOR.size):
        if descriptors[start] == 0x0D:
            break
        name, code, width, decimals = _DESCRIPTOR.unpack_from(descriptors, start)
        code = code.decode("latin-1").upper()
        if code == "C" and decimals:
            width, decimals = width + 256 * decimals, 0  # Clipper's long text fields
        fields.append(RawField(name.split(b"\x00")[0].rstrip(), code, width, decimals, offset))
        offset += width
    return tuple(fields)


class Table:
    """Records by number, a whole column at a time, without holding the file in memory."""

    def __init__(self, path: Path, header: Header) -> None:
        self.header = header
        names = [f"f{number}" for number in range(len(header.fields))]
        layout = np.dtype(
            {
                "names": ["deleted", *names],
                "formats": ["S1", *(f"S{max(one.width, 1)}" for one in header.fields)],
                "offsets": [0, *(one.offset for one in header.fields)],
                "itemsize": header.record_length,
            }
        )
        self._file = MappedFile(path)
        self._records = self._file.array(layout, header.header_length, header.count)

    def take(self, numbers: np.ndarray) -> np.ndarray:
        """The records with these numbers (0-based, all below ``header.count``)."""
        records = np.asarray(self._records[numbers])
        self._file.forget()
        return records

    def column(self, records: np.ndarray, field: int) -> list[bytes]:
        """The bytes of one field, trailing NULs gone."""
        values: list[bytes] = records[f"f{field}"].tolist()
        return values


def decode_text(raw: bytes, encoding: str, width: int) -> str | None:
    """Text of a field, blanks at the ends gone; None when it is not text in this encoding.

    A value that fills its field may have been cut inside its last character: that one is dropped.
    width: of the field, in bytes.
    """
    stripped = raw.strip(b" \x00")
    try:
        return stripped.decode(encoding)
    except UnicodeDecodeError as error:
        is_full = len(raw.rstrip(b" \x00")) >= width
        is_cut = is_full and len(stripped) - error.start <= 3
        if not is_cut:
            return None
        try:
            return stripped[: error.start].decode(encoding)
        except UnicodeDecodeError:
            return None


def plain_value(raw: bytes, field: RawField) -> Any:
    """A value that is not text: number, date, boolean; None for blank; text where it is neither.

    A date that does not exist, or letters in a number, stay text, for a schema to refuse by name.
    """
    if field.code in "IOB":
        return _binary(raw, field)
    if field.code == "M":
        return None  # the memo file is not among the parts that are read
    word = raw.strip(b" \x00")
    if not word or word.strip(b"*") == b"":
        return None
    if field.code == "L":
        return True if word in _TRUE else False if word in _FALSE else None
    text = word.decode("ascii", "replace")
    return _date(text) if field.code == "D" else _number(text, field)


def _number(text: str, field: RawField) -> Any:
    try:
        return int(text) if field.type == "integer" else float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _date(text: str) -> Any:
    if not text.strip("0"):
        return None
    try:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return text


def _binary(raw: bytes, field: RawField) -> Any:
    if field.code == "I":
        return int.from_bytes(raw.ljust(4, b"\x00")[:4], "little", signed=True)
    return float(struct.unpack("<d", raw.ljust(8, b"\x00")[:8])[0])
