"""A programme's attributes: checked against its JSON Schema (draft 2020-12), with sentences people understand."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from gis_projects.http.problems import AttributesInvalid

JsonDict = dict[str, Any]


@dataclass(frozen=True)
class AttributeProblem:
    """field: the attribute's key. sentence: in the user's language."""

    field: str
    sentence: str


def problems(schema: JsonDict, values: JsonDict) -> list[AttributeProblem]:
    """Everything that the schema refuses in ``values``; an empty list when all is well."""
    validator = _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    found = [
        problem for error in validator.iter_errors(values) for problem in _explain(schema, error)
    ]
    # There is an error for each field that is missing, and each is explained by all that are.
    return sorted(dict.fromkeys(found), key=lambda problem: problem.field)


def check(schema: JsonDict, values: JsonDict) -> None:
    """Raises AttributesInvalid naming each field."""
    found = problems(schema, values)
    if found:
        raise AttributesInvalid(
            " ".join(problem.sentence for problem in found),
            problems=[{"field": problem.field, "detail": problem.sentence} for problem in found],
        )


def title(schema: JsonDict, field: str) -> str:
    """The field's name in the user's language."""
    spec: JsonDict = schema.get("properties", {}).get(field, {})
    if (get_language() or "").startswith("en"):
        return str(spec.get("title_en") or spec.get("title") or field)
    return str(spec.get("title") or field)


def fields(schema: JsonDict) -> list[tuple[str, JsonDict]]:
    """The properties in the order of the form: a database may not keep that of a JSON object."""
    properties: dict[str, JsonDict] = schema.get("properties", {})
    return sorted(properties.items(), key=lambda item: item[1].get("order", 0))


def label(schema: JsonDict, field: str, value: Any) -> Any:
    """The value in the user's language: of an enumeration its English word, of a truth value yes or no."""
    spec: JsonDict = schema.get("properties", {}).get(field, {})
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices, english = spec.get("enum", []), spec.get("enum_en", [])
    if (
        (get_language() or "").startswith("en")
        and value in choices
        and len(english) == len(choices)
    ):
        return english[choices.index(value)]
    return value


def unit(schema: JsonDict, field: str) -> str:
    """The unit that the schema gives the field, in the user's language, or nothing."""
    spec: JsonDict = schema.get("properties", {}).get(field, {})
    if (get_language() or "").startswith("en") and spec.get("unit_en"):
        return str(spec["unit_en"])
    return str(spec.get("unit") or "")


def public_values(schema: JsonDict, values: JsonDict) -> JsonDict:
    """Only the attributes that the programme marks as public."""
    properties: JsonDict = schema.get("properties", {})
    return {key: value for key, value in values.items() if properties.get(key, {}).get("public")}


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(orjson.loads(schema), format_checker=FormatChecker())


def _explain(schema: JsonDict, error: ValidationError) -> list[AttributeProblem]:
    limit: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = [name for name in limit if name not in instance]
        return [
            AttributeProblem(name, _("%(f)s is missing.") % {"f": title(schema, name)})
            for name in missing
        ]
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        extra = [name for name in instance if name not in known]
        return [
            AttributeProblem(name, _("“%(f)s” is not a field of this programme.") % {"f": name})
            for name in extra
        ]
    field = str(error.absolute_path[0]) if error.absolute_path else ""
    return [AttributeProblem(field, _sentence(title(schema, field), error))]


def _sentence(name: str, error: ValidationError) -> str:
    limit: Any = error.validator_value
    if error.validator == "enum":
        limit = "、".join(str(choice) for choice in limit)
    words = {"f": name, "value": error.instance, "limit": limit}
    return _SENTENCES.get(str(error.validator), _OTHERWISE) % words


_SENTENCES = {
    "type": gettext_lazy("%(f)s: “%(value)s” is not of the right type (%(limit)s)."),
    "enum": gettext_lazy("%(f)s: “%(value)s” is not one of %(limit)s."),
    "minimum": gettext_lazy("%(f)s: %(value)s is too small; at least %(limit)s."),
    "maximum": gettext_lazy("%(f)s: %(value)s is too large; at most %(limit)s."),
    "maxLength": gettext_lazy("%(f)s is too long; at most %(limit)s characters."),
    "format": gettext_lazy("%(f)s: “%(value)s” is not a valid %(limit)s."),
}
_OTHERWISE = gettext_lazy("%(f)s: “%(value)s” does not have the expected form.")
