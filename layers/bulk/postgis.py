"""PostgreSQL's side: a COPY, put together column by column.

In its text form for any table; in its binary form, which the server need not parse, for tables of numbers, text, JSON
and geometry.
Source: PostgreSQL documentation, COPY, "Text Format" and "Binary Format".
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any

import numpy as np
import shapely
from django.db import DataError, connection, models

SRID = 4326
_NULL = "\\N"
# Between the values of a column while they are escaped together: PostgreSQL has no text with it.
_BETWEEN = "\x00"
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = struct.pack(">h", -1)
_NULL_BINARY = struct.pack(">i", -1)
_JSONB_VERSION = b"\x01"
_LONG = struct.Struct(">iq")

Columns = Sequence[Sequence[Any]]


def insert(
    table: str, fields: Sequence[Any], columns: Columns, count: int, _late: object = None
) -> None:
    """Write ``count`` rows, of any types. Raises django.db.IntegrityError, DataError."""
    texts = [_texts(field, column) for field, column in zip(fields, columns, strict=True)]
    text = "\n".join(map("\t".join, zip(*texts, strict=True))) + "\n"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {_target(table, fields)} FROM STDIN") as copy,
    ):
        copy.write(text.encode())


@contextmanager
def writing(table: str, fields: Sequence[Any]) -> Iterator[Callable[[Columns], None]]:
    """One COPY for many calls: the server works on one batch while the next is made.

    fields: bigint, text, jsonb, bytea and geometry. Until the end the connection can do nothing else. Raises
    django.db.IntegrityError, DataError.
    """
    encoders = [_encoder(field) for field in fields]
    head = struct.pack(">h", len(fields))

    def write(columns: Columns) -> None:
        made = [encode(column) for encode, column in zip(encoders, columns, strict=True)]
        copy.write(b"".join(chain.from_iterable(zip(repeat(head), *made, strict=False))))

    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {_target(table, fields)} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(_HEADER)
        yield write
        copy.write(_TRAILER)


def geometries(geoms: np.ndarray) -> list[bytes | None]:
    """EWKB."""
    marked = shapely.set_srid(geoms, SRID)
    found: list[bytes | None] = shapely.to_wkb(marked, include_srid=True).tolist()
    return found


def _target(table: str, fields: Sequence[Any]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(field.column) for field in fields)})"


def _encoder(field: Any) -> Callable[[Sequence[Any]], list[bytes]]:
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kind, models.BigIntegerField | models.BigAutoField):
        return _longs
    if isinstance(kind, models.JSONField):
        return _jsons
    if isinstance(kind, models.CharField | models.TextField):
        return lambda column: _sized([value.encode() for value in column])
    if hasattr(kind, "geom_type") or isinstance(kind, models.BinaryField):
        return _sized
    raise TypeError(f"no binary form for {field}")


def _longs(column: Sequence[int | None]) -> list[bytes]:
    known = {value: _LONG.pack(8, value) for value in set(column) - {None}}
    return [_NULL_BINARY if value is None else known[value] for value in column]


def _jsons(column: Sequence[str]) -> list[bytes]:
    return _sized([_JSONB_VERSION + value.encode() for value in column])


def _sized(column: Sequence[bytes | None]) -> list[bytes]:
    return [
        _NULL_BINARY if value is None else len(value).to_bytes(4, "big") + value for value in column
    ]


def _texts(field: Any, column: Sequence[Any]) -> list[str]:
    """A column's values as COPY's text form wants them."""
    if hasattr(field, "geom_type"):
        return [_NULL if value is None else value.hex() for value in column]
    if isinstance(field, models.BinaryField):
        return [_NULL if value is None else rf"\\x{value.hex()}" for value in column]
    joined = _BETWEEN.join(map(_text, column))
    for character, escape in _ESCAPES:
        joined = joined.replace(character, escape)
    found = joined.split(_BETWEEN)
    if len(found) != len(column):
        raise DataError("text with a NUL character")
    if None in column:
        found = [_NULL if one is None else text for one, text in zip(column, found, strict=True)]
    return found


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value) is bool:
        return "t" if value else "f"
    return "" if value is None else str(value)
