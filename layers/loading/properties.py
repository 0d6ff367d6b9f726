"""What a feature of a file has beside its geometry, as JSON text, and the name that people will read."""

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson

# What bureaus call a name; the first that a file has is taken.
_NAMES = ("名称", "name", "mc", "地名", "标准名称", "项目名称")
_NAME_LENGTH = 200
_INTEGER_MAX = 2**63
# PostgreSQL has no text with this character, not even in JSON.
_NUL = b"\\u0000"


def name_column(columns: Sequence[str]) -> str | None:
    """The column that holds names, as far as its own name tells."""
    by_word = {column.strip().lower(): column for column in reversed(columns)}
    return next((by_word[word] for word in _NAMES if word in by_word), None)


def names(rows: Sequence[dict[str, Any]], column: str | None) -> list[str]:
    """Of each feature; empty where there is none."""
    if column is None:
        return [""] * len(rows)
    return [_name(row.get(column)) for row in rows]


def _name(value: Any) -> str:
    if (
        type(value) is str and value.isprintable()
    ):  # neither NUL nor half a pair, and nearly all are so
        return value[:_NAME_LENGTH].strip()
    return "" if value is None else str(_clean(value))[:_NAME_LENGTH].strip()


def texts(rows: Sequence[dict[str, Any]]) -> list[str]:
    """JSON objects. A date is ISO 8601, bytes are base64, what is no number (NaN) is null."""
    return [_text(row) for row in rows]


def _text(row: dict[str, Any]) -> str:
    try:
        text = orjson.dumps(row, default=_plain)
    except TypeError:
        text = orjson.dumps(_clean(row), default=_plain)
    if _NUL in text:
        text = orjson.dumps(_clean(row), default=_plain)
    return text.decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    return str(value)


def _clean(value: Any) -> Any:
    """Without what JSON or a database refuses: half a surrogate pair, NUL, whole numbers beyond 64 bits (as text)."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "")
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(one) for one in value]
    if isinstance(value, int) and not -_INTEGER_MAX <= value < 2 * _INTEGER_MAX:
        return str(value)
    return value
