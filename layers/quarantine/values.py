"""Values on the wire: JSON, with a mark on what JSON has no word for.

Marked are dates, times, decimals, bytes, numbers that are not finite, and sentences, which travel as the
English message and are shown in the reader's language. A marked value is an object with the member ``$``; so
every object is marked too.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from layers.quarantine.wire import WireError

_PLAIN: frozenset[type] = frozenset({str, int, bool, type(None)})
_MAX_INT = 1 << 63


def _shown(value: Promise) -> str:
    """The message itself: nothing is translated in a child."""
    return str(value)


_MARKS: tuple[tuple[type, str, Callable[[Any], Any]], ...] = (
    (dt.datetime, "datetime", dt.datetime.isoformat),
    (dt.date, "date", dt.date.isoformat),
    (dt.time, "time", dt.time.isoformat),
    (Decimal, "decimal", str),
    (bytes, "bytes", bytes.hex),
    (Promise, "sentence", _shown),
)
_READERS: dict[str, Callable[[Any], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "decimal": Decimal,
    "bytes": bytes.fromhex,
    "sentence": gettext_lazy,
    "float": float,
    "int": int,
}
_COLUMNS = {"date": dt.date, "datetime": dt.datetime}


def tagged(value: Any) -> Any:
    """A value that orjson can write. What is of no known type becomes text."""
    if isinstance(value, np.generic):
        value = value.item()
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    for known, mark, say in _MARKS:
        if isinstance(value, known):
            return {"$": mark, "v": say(value)}
    return _clean(str(value))


def _tagged_float(value: float) -> Any:
    return value if math.isfinite(value) else {"$": "float", "v": repr(value)}


def _tagged_int(value: int) -> Any:
    return value if -_MAX_INT <= value < _MAX_INT else {"$": "int", "v": str(value)}


def _tagged_object(value: Mapping[Any, Any]) -> Any:
    return {"$": "object", "v": {_clean(str(key)): tagged(one) for key, one in value.items()}}


def _clean(text: str) -> str:
    """Half of a surrogate pair is no text that can be sent, or stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


_WRITERS: dict[type, Callable[[Any], Any]] = {
    str: _clean,
    bool: bool,
    type(None): lambda value: value,
    int: _tagged_int,
    float: _tagged_float,
    dict: _tagged_object,
    list: lambda value: [tagged(one) for one in value],
    tuple: lambda value: {"$": "tuple", "v": [tagged(one) for one in value]},
}


def untagged(value: Any) -> Any:
    """The value again. Raises WireError for a mark that is not known."""
    if isinstance(value, list):
        return [untagged(one) for one in value]
    if not isinstance(value, dict):
        return value
    mark, inner = value.get("$"), value.get("v")
    if mark == "object" and isinstance(inner, dict):
        return {key: untagged(one) for key, one in inner.items()}
    if mark == "tuple" and isinstance(inner, list):
        return tuple(untagged(one) for one in inner)
    if not isinstance(mark, str) or mark not in _READERS or not isinstance(inner, str):
        raise WireError("unknown mark")
    try:
        return _READERS[mark](inner)
    except (ValueError, InvalidOperation) as error:
        raise WireError("value without meaning") from error


def pack_rows(rows: list[dict[str, Any]]) -> bytes:
    """Rows as JSON: in columns when all have the same names, as a rule."""
    names = list(rows[0]) if rows else []
    if any(list(row) != names for row in rows):
        return orjson.dumps({"rows": [tagged(row) for row in rows]})
    columns = [[row[name] for row in rows] for name in names]
    try:
        kinds = [_kind(column) for column in columns]
        given = [
            [tagged(value) for value in column] if kind == "marked" else column
            for kind, column in zip(kinds, columns, strict=True)
        ]
        packed = {"count": len(rows), "names": names, "kinds": kinds, "columns": given}
        return orjson.dumps(packed, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits
        return orjson.dumps({"rows": [tagged(row) for row in rows]})


def _kind(column: list[Any]) -> str:
    kinds = set(map(type, column))
    rest = kinds - _PLAIN
    if not rest or (rest == {float} and np.isfinite(_numbers(column)).all()):
        return "plain"
    for name, kind in _COLUMNS.items():
        if kinds <= {kind, type(None)}:
            return name
    return "marked"


def _numbers(column: list[Any]) -> Any:
    return np.array([value for value in column if type(value) is float])


def unpack_rows(data: bytes | bytearray, count: int) -> list[dict[str, Any]]:
    """``count`` rows again. Raises WireError when it is not that."""
    try:
        packed = orjson.loads(data)
        if "rows" in packed:
            rows = [untagged(row) for row in packed["rows"]]
        else:
            rows = _rows(packed)
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError) as error:
        raise WireError("no rows") from error
    if len(rows) != count or not all(type(row) is dict for row in rows):
        raise WireError("other rows than promised")
    return rows


def _rows(packed: dict[str, Any]) -> list[dict[str, Any]]:
    names, kinds, columns = packed["names"], packed["kinds"], packed["columns"]
    if not names:
        return [{} for _row in range(min(int(packed["count"]), 1 << 20))]
    if not all(type(name) is str for name in names):
        raise WireError("names are no text")
    made = [_column(kind, column) for kind, column in zip(kinds, columns, strict=True)]
    if len(made) != len(names):
        raise WireError("other columns than promised")
    return [dict(zip(names, row, strict=True)) for row in zip(*made, strict=True)]


def _column(kind: str, column: list[Any]) -> list[Any]:
    if kind == "plain":
        return column
    if kind == "marked":
        return [untagged(value) for value in column]
    read = _READERS[kind]
    return [None if value is None else read(value) for value in column]
