"""A programme's fields as JSON Schema (draft 2020-12), which is how attributes are checked and forms are made."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import JSONField
from django.utils.translation import gettext as _

from projects.city.record import Record

FIELD_KEY = re.compile(r"[a-z][a-z0-9_]*")
TYPES = ("string", "integer", "number", "boolean")
# Long enough for a sentence; without any limit one attribute could be as large as a book.
DEFAULT_MAX_LENGTH = 400
JsonDict = dict[str, Any]


def read_schema(programme: Record, units: Mapping[str, str]) -> JsonDict:
    """The fields of a programme. Beside the standard words each property has title, title_en and public, and where
    given unit, unit_en and enum_en; ``order`` is its place, since a database may not keep that of a JSON object.
    """
    properties: dict[str, JsonDict] = {}
    required: list[str] = []
    for order, record in enumerate(programme.records("fields", required=False)):
        key = _field_key(record)
        if key in properties:
            record.refuse("key", _("“%(key)s” is given twice.") % {"key": key})
        if record.flag("required"):
            required.append(key)
        properties[key] = _property(record, order, units)
        record.close()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
    }


def _field_key(record: Record) -> str:
    """Keys are asked for in database queries, so they may not look like a part of one."""
    key = record.key()
    if key and (not FIELD_KEY.fullmatch(key) or "__" in key):
        record.refuse(
            "key", _("“%(value)s”: a field's key has a–z, 0–9 and single _ only.") % {"value": key}
        )
    elif key and JSONField().get_lookup(key) is not None:
        record.refuse(
            "key", _("“%(value)s” is a word of the database; choose another key.") % {"value": key}
        )
    return key


def _property(record: Record, order: int, units: Mapping[str, str]) -> JsonDict:
    kind = record.choice("type", TYPES)
    found: JsonDict = {
        "type": kind,
        "title": record.text("title"),
        "title_en": record.text("title_en"),
        "public": record.flag("public"),
        "order": order,
    }
    if unit := record.text("unit", required=False):
        found["unit"], found["unit_en"] = unit, units.get(unit, unit)
    found |= _enum(record, kind)
    found |= _limits(record, kind)
    found |= _string_rules(record, kind, has_enum="enum" in found)
    return found


def _enum(record: Record, kind: str) -> JsonDict:
    if not record.has("enum"):
        if record.texts("enum_en", required=False):
            record.refuse("enum_en", _("There is no enum that this could translate."))
        record.texts("enum", required=False)
        return {}
    if kind and kind != "string":
        record.refuse("enum", _("Only a string can have an enum."))
    values = record.texts("enum")
    english = record.texts("enum_en", required=False)
    if english and len(english) != len(values):
        words = {"enum": len(values), "enum_en": len(english)}
        record.refuse("enum_en", _("%(enum)s values in enum, %(enum_en)s in enum_en.") % words)
    return {"enum": values} | ({"enum_en": english} if english else {})


def _limits(record: Record, kind: str) -> JsonDict:
    found: JsonDict = {}
    for name in ("minimum", "maximum"):
        value = record.number(name)
        if value is None:
            continue
        if kind not in {"integer", "number"}:
            record.refuse(name, _("Only a number can have this."))
        found[name] = value
    if found.get("minimum", 0) > found.get("maximum", float("inf")):
        record.refuse("maximum", _("The maximum is below the minimum."))
    return found


def _string_rules(record: Record, kind: str, *, has_enum: bool) -> JsonDict:
    length = (
        record.integer("max_length", least=1, most=4000, required=False)
        if record.has("max_length")
        else 0
    )
    form = record.choice("format", ("date",), required=False)
    record.read |= {"max_length", "format"}
    for name, given in (("max_length", length), ("format", form)):
        if given and kind != "string":
            record.refuse(name, _("Only a string can have this."))
    if form:
        return {"format": form}
    return {"maxLength": length or DEFAULT_MAX_LENGTH} if kind == "string" and not has_enum else {}
