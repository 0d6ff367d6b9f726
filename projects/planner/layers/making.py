"""From the choices of the editor's form to a style."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from layers.models import Layer
from layers.styles import making
from layers.styles.classes import (
    MAX_CLASSES,
    MIN_CLASSES,
    Method,
    categories_of,
    limits,
    numbers_of,
)
from layers.styles.document import Style
from layers.styles.of_layer import kinds_of
from layers.styles.ramps import RAMPS, colours

_SCALED = [(ramp.key, ramp.key) for ramp in RAMPS.values()]


class ChoicesForm(forms.Form):
    """What the page sends whenever one of its controls is moved."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("single", "categorised", "graduated")])
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$", required=False, empty_value=making.DEFAULT_COLOUR
    )
    column = forms.CharField(required=False, max_length=200)
    method = forms.ChoiceField(choices=[(one.value, one.value) for one in Method], required=False)
    classes = forms.IntegerField(min_value=MIN_CLASSES, max_value=MAX_CLASSES, required=False)
    ramp = forms.ChoiceField(choices=_SCALED, required=False)
    is_reversed = forms.BooleanField(required=False)
    opacity = forms.IntegerField(min_value=10, max_value=100, required=False)
    label = forms.CharField(required=False, max_length=200)
    label_zoom = forms.IntegerField(min_value=0, max_value=20, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != "single" and not data.get("column"):
            self.add_error("column", _("Choose a column."))
        return data


def made(layer: Layer, choices: dict[str, Any]) -> tuple[Style, list[str]]:
    """The style, and sentences about what the reader should know of it."""
    notes: list[str] = []
    value = _colour(layer, choices, notes)
    drawn = making.symbols(value, kinds_of(layer))
    opacity = (choices.get("opacity") or 100) / 100
    for one in drawn:
        key = f"{one['type']}-opacity"
        if opacity < 1 or one["type"] == "fill":
            one["paint"][key] = round(opacity * one["paint"].get(key, 1.0), 3)
    if choices["kind"] != "single":
        drawn[0].setdefault("metadata", {})["title"] = choices["column"]
    for other in drawn[1:]:
        other["metadata"] = {"legend": False}
    if choices.get("label"):
        drawn.append(making.label(choices["label"], minzoom=choices.get("label_zoom") or 0))
    return {"version": 8, "layers": drawn}, notes


def _colour(layer: Layer, choices: dict[str, Any], notes: list[str]) -> Any:
    """One colour, or the expression that gives each feature its own."""
    if choices["kind"] == "single":
        return choices["colour"] or making.DEFAULT_COLOUR
    is_reversed = choices["is_reversed"]
    if choices["kind"] == "categorised":
        values, more = categories_of(layer, choices["column"])
        if more:
            notes.append(
                _(
                    "%(count)s further values are drawn as “other”: the most frequent have their own colour."
                )
                % {"count": more}
            )
        if not values:
            notes.append(_("The column has no values."))
            return making.DEFAULT_COLOUR
        ramp = choices["ramp"] or "categories"
        return making.categorised(
            choices["column"], values, colours(ramp, len(values), is_reversed=is_reversed)
        )
    return _graduated(layer, choices, notes)


def _graduated(layer: Layer, choices: dict[str, Any], notes: list[str]) -> Any:
    numbers = numbers_of(layer, choices["column"])
    if not len(numbers.values):
        notes.append(_("The column has no numbers."))
        return making.DEFAULT_COLOUR
    found = limits(
        numbers.values, Method(choices["method"] or Method.QUANTILE), choices["classes"] or 5
    )
    if numbers.missing:
        notes.append(
            _("%(count)s features have no number in this column; they are grey.")
            % {"count": numbers.missing}
        )
    if numbers.share < 1:
        notes.append(_("The limits were computed over a part of the features."))
    ramp = colours(
        choices["ramp"] or "yellow-blue", len(found) + 1, is_reversed=choices["is_reversed"]
    )
    return making.graduated(choices["column"], found, ramp)
