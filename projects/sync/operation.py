"""An operation as a tablet sent it: read, held against its hash, and brought to today's form."""

import datetime as dt
import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

SCHEMA_OLDEST, SCHEMA_NEWEST = 1, 1
MAX_DEPENDENCIES = 50
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MAX_SEQ = 2**53  # the largest whole number that every JavaScript engine keeps exactly


class Refused(Exception):
    """The operation cannot be applied as it is. code: for programs and for ever; detail: a sentence for people."""

    def __init__(self, code: str, detail: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.detail = str(detail)


@dataclass(frozen=True, slots=True)
class Incoming:
    """body: the JSON text, word for word; sha256: of its UTF-8 bytes, in hexadecimal, as the tablet reckoned it."""

    body: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Op:
    """changes: field to (old, new). client_time: by the tablet's clock, which nothing is ordered by."""

    id: uuid.UUID
    device_seq: int
    author_id: int
    entity: str
    target: uuid.UUID
    base_rev: int | None
    changes: dict[str, tuple[Any, Any]]
    depends_on: tuple[uuid.UUID, ...]
    client_time: dt.datetime

    def new(self, field: str, default: Any = None) -> Any:
        """The value that the tablet wants the field to have."""
        return self.changes[field][1] if field in self.changes else default


def named_id(body: str) -> uuid.UUID | None:
    """The id that a body names, even when the rest of it cannot be read."""
    try:
        return _uuid(orjson.loads(body), "op_id")
    except (orjson.JSONDecodeError, Refused):
        return None


def read(incoming: Incoming) -> Op:
    """Raises Refused: hash-mismatch, unreadable, schema-unknown."""
    digest = hashlib.sha256(incoming.body.encode("utf-8", "surrogatepass")).hexdigest()
    if digest != incoming.sha256:
        raise Refused("hash-mismatch", _("The record did not arrive as it was written."))
    if (
        "\\u0000" in incoming.body or "\x00" in incoming.body
    ):  # no database of ours keeps it in a text
        raise Refused("unreadable", _("The record holds a character that no text can have."))
    try:
        found = orjson.loads(incoming.body)
    except orjson.JSONDecodeError as error:
        raise Refused("unreadable", _("The record is no JSON.")) from error
    if not isinstance(found, dict):
        raise _unreadable("{}")
    schema = _whole(found, "schema_v", 0, 10_000)
    if not SCHEMA_OLDEST <= schema <= SCHEMA_NEWEST:
        raise Refused("schema-unknown", _("The record was written by another version of the app."))
    return Op(
        id=_uuid(found, "op_id"),
        device_seq=_whole(found, "device_seq", 0, _MAX_SEQ),
        author_id=_whole(found, "author_id", 0, _MAX_SEQ),
        entity=_text(found, "entity", 16),
        target=_uuid(found, "id"),
        base_rev=None if found.get("base_rev") is None else _whole(found, "base_rev", 0, _MAX_SEQ),
        changes=_changes(found),
        depends_on=_dependencies(found),
        client_time=_time(found, "client_time"),
    )


def is_sha256(text: object) -> bool:
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def _unreadable(name: str) -> Refused:
    return Refused(
        "unreadable", _("The record lacks “%(name)s”, or has it wrong.") % {"name": name}
    )


def _uuid(found: Any, name: str) -> uuid.UUID:
    value = found.get(name) if isinstance(found, dict) else None
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable(name) from error


def _whole(found: dict[str, Any], name: str, least: int, most: int) -> int:
    value = found.get(name)
    if type(value) is not int or not least <= value <= most:
        raise _unreadable(name)
    return value


def _text(found: dict[str, Any], name: str, limit: int) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise _unreadable(name)
    return value


def _time(found: dict[str, Any], name: str) -> dt.datetime:
    moment = as_time(found.get(name))
    if moment is None:
        raise _unreadable(name)
    return moment


def as_time(value: Any) -> dt.datetime | None:
    """An ISO 8601 time with its offset from UTC; None for anything else."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None else moment


def _changes(found: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    given = found.get("changes")
    if not isinstance(given, dict):
        raise _unreadable("changes")
    pairs = {}
    for field, pair in given.items():
        if not isinstance(pair, list) or len(pair) != 2:
            raise _unreadable(f"changes.{field}"[:80])
        pairs[field] = (pair[0], pair[1])
    return pairs


def _dependencies(found: dict[str, Any]) -> tuple[uuid.UUID, ...]:
    given = found.get("depends_on", [])
    if not isinstance(given, list) or len(given) > MAX_DEPENDENCIES:
        raise _unreadable("depends_on")
    return tuple(_uuid({"depends_on": one}, "depends_on") for one in given)
