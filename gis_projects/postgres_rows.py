"""Many rows by COPY on PostgreSQL, in its binary form, which the server need not parse.

Source: PostgreSQL documentation, COPY, "Binary Format".
"""

import struct
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, repeat
from typing import Any

from django.db import DataError, connection, models
from psycopg.types.datetime import DateBinaryDumper, DatetimeBinaryDumper
from psycopg.types.numeric import DecimalBinaryDumper

from gis_projects.columns import Column, Same

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_JSONB_VERSION = b"\x01"
_UUID_SIZE = struct.pack(">i", 16)

Encode = Callable[[Any], bytes]
_DATE, _TIME = DateBinaryDumper(date), DatetimeBinaryDumper(datetime)
_DECIMAL = DecimalBinaryDumper(Decimal)


@contextmanager
def copying(table: str, fields: Sequence[Any]) -> Iterator[Callable[[Sequence[Column], int], None]]:
    """A function that writes rows, in columns beside ``fields`` (of a model), and their number.

    Values: whole numbers, floats, truth, text, JSON as text, dates, times with their zone, decimals, UUIDs (or their
    text), bytes, geometries as EWKB; None for NULL. Until the end the connection can do nothing else. Raises
    django.db.IntegrityError, DataError.
    """
    encoders = [_encoder(field) for field in fields]
    count = struct.pack(">h", len(fields))
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)

    def write(columns: Sequence[Column], rows: int) -> None:
        try:
            pieces = _pieces(count, encoders, columns)
        except struct.error as error:
            raise DataError("number out of range") from error
        copy.write(b"".join(chain.from_iterable(zip(*pieces, strict=False))))

    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(_HEADER)
        yield write
        copy.write(_TRAILER)


def _pieces(count: bytes, encoders: Sequence[Encode], columns: Sequence[Column]) -> list[Any]:
    """Columns of bytes; what is the same in all rows is made once, and neighbours of that kind are one."""
    pieces: list[Any] = []
    waiting = count
    for encode, column in zip(encoders, columns, strict=True):
        if isinstance(column, Same):
            waiting += _NULL if column.value is None else encode(column.value)
            continue
        if waiting:
            pieces.append(repeat(waiting))
            waiting = b""
        pieces.append([_NULL if value is None else encode(value) for value in column])
    if waiting:
        pieces.append(repeat(waiting))
    return pieces


def _encoder(field: Any) -> Encode:
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    for types, encode in _ENCODERS:
        if isinstance(kind, types):
            return encode
    if hasattr(kind, "geom_type"):
        return _sized
    raise TypeError(f"no binary form for {field}")


def _sized(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _text(value: str) -> bytes:
    return _sized(value.encode())


def _json(value: str) -> bytes:
    return _sized(_JSONB_VERSION + value.encode())


def _uuid(value: uuid.UUID | str) -> bytes:
    plain = value.bytes if isinstance(value, uuid.UUID) else bytes.fromhex(value.replace("-", ""))
    return _UUID_SIZE + plain


def _dumped(dumper: Any, value: Any) -> bytes:
    return _sized(bytes(dumper.dump(value)))


def _number(form: str) -> Encode:
    packer = struct.Struct(f">i{form}")
    return partial(packer.pack, packer.size - 4)


# The first that fits: a field of small numbers is one of whole numbers, too.
_ENCODERS: tuple[tuple[Any, Encode], ...] = (
    ((models.BigIntegerField, models.BigAutoField, models.PositiveBigIntegerField), _number("q")),
    ((models.SmallIntegerField, models.PositiveSmallIntegerField), _number("h")),
    (models.IntegerField, _number("i")),
    (models.FloatField, _number("d")),
    (models.BooleanField, _number("?")),
    (models.UUIDField, _uuid),
    (models.JSONField, _json),
    ((models.CharField, models.TextField), _text),
    (models.DateTimeField, partial(_dumped, _TIME)),
    (models.DateField, partial(_dumped, _DATE)),
    (models.DecimalField, partial(_dumped, _DECIMAL)),
    (models.BinaryField, _sized),
)
