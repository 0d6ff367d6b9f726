"""PostgreSQL's side: one COPY in its text form, put together column by column.

Source: PostgreSQL documentation, COPY, "Text Format".
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.db import DataError, connection

SRID = 4326
_NULL = "\\N"
# Between the values of a column while they are escaped together: PostgreSQL has no text with it.
_BETWEEN = "\x00"
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def insert(table: str, fields: Sequence[Any], columns: Sequence[Sequence[Any]], count: int) -> None:
    """Write ``count`` rows. Raises django.db.IntegrityError, DataError."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    rows = zip(*map(_texts, columns), strict=True)
    text = "\n".join(map("\t".join, rows)) + "\n"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy,
    ):
        copy.write(text.encode())


def geometries(geoms: np.ndarray) -> list[str | None]:
    """EWKB in hexadecimal, which the geometry type reads."""
    marked = shapely.set_srid(geoms, SRID)
    found: list[str | None] = shapely.to_wkb(marked, hex=True, include_srid=True).tolist()
    return found


def _texts(column: Sequence[Any]) -> list[str]:
    """A column's values as COPY wants them."""
    return _escaped([_text(value) for value in column], column)


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value) is bool:
        return "t" if value else "f"
    return "" if value is None else str(value)


def _escaped(texts: list[str], column: Sequence[Any]) -> list[str]:
    joined = _BETWEEN.join(texts)
    for character, escape in _ESCAPES:
        joined = joined.replace(character, escape)
    found = joined.split(_BETWEEN)
    if len(found) != len(texts):
        raise DataError("text with a NUL character")
    if any(value is None for value in column):
        found = [
            _NULL if value is None else text for value, text in zip(column, found, strict=True)
        ]
    return found
