"""A form made from a programme's JSON Schema: one control for each attribute."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from projects import attributes

PREFIX = "attr"


class AttributeForm(forms.Form):
    """Fields follow the schema's order; cleaned values have the schema's types, empty ones are left out."""

    prefix = PREFIX

    def __init__(self, schema: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schema = schema
        required = set(schema.get("required", []))
        for key, spec in attributes.fields(schema):
            self.fields[key] = _field(key, spec, schema, key in required)

    def clean(self) -> dict[str, Any]:
        values = self.values()
        for problem in attributes.problems(self.schema, values):
            if problem.field in self.fields and problem.field not in self.errors:
                self.add_error(problem.field, problem.sentence)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        found = {}
        for key, value in self.cleaned_data.items():
            if value is None or value == "":
                continue
            found[key] = value.isoformat() if hasattr(value, "isoformat") else value
        return found


def _field(key: str, spec: dict[str, Any], schema: dict[str, Any], required: bool) -> forms.Field:
    label = attributes.title(schema, key)
    if spec.get("unit"):
        label = f"{label}({spec['unit']})"
    common: dict[str, Any] = {"label": label, "required": required}
    if spec.get("enum"):
        return forms.ChoiceField(choices=[("", "—"), *_choices(spec)], **common)
    match spec.get("type"):
        case "boolean":
            return forms.BooleanField(label=label, required=False)
        case "integer":
            return forms.IntegerField(**common)
        case "number":
            return forms.FloatField(**common)
    if spec.get("format") == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    return forms.CharField(max_length=spec.get("maxLength", 400), **common)


def _choices(spec: dict[str, Any]) -> list[tuple[str, str]]:
    english = spec.get("enum_en") or []
    use_english = (get_language() or "").startswith("en") and len(english) == len(spec["enum"])
    titles = english if use_english else spec["enum"]
    return list(zip(spec["enum"], titles, strict=True))
