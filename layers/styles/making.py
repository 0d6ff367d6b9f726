"""Styles made from a few choices: what the editor's form offers, and what a layer is drawn in that has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layers.styles.document import Style
from layers.styles.ramps import NO_VALUE, OTHERS

_COLOUR = {"circle": "circle-color", "line": "line-color", "fill": "fill-color"}
_PLAIN: dict[str, dict[str, Any]] = {
    "circle": {"circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1},
    "line": {"line-width": 2},
    "fill": {"fill-opacity": 0.55},
}
_FILTERS = {"circle": "Point", "line": "LineString", "fill": "Polygon"}
DEFAULT_COLOUR = "#2b7bba"


def default_style() -> Style:
    """For any geometry: areas, lines and points in one colour, and names where features have them."""
    return {"version": 8, "layers": [*symbols(DEFAULT_COLOUR), label("name")]}


def symbols(colour: Any, kinds: Sequence[str] = ("fill", "line", "circle")) -> list[dict[str, Any]]:
    """A layer of each type in one colour or expression; each draws its own geometries alone."""
    layers: list[dict[str, Any]] = []
    for kind in kinds:
        layer: dict[str, Any] = {"type": kind, "paint": {**_PLAIN[kind], _COLOUR[kind]: colour}}
        if len(kinds) > 1:
            layer["filter"] = ["==", ["geometry-type"], _FILTERS[kind]]
        layers.append(layer)
    return layers


def label(column: str, *, size: float = 13, minzoom: float = 0) -> dict[str, Any]:
    """The column's value beside each feature, dark on a white halo."""
    return {
        "type": "symbol",
        **({"minzoom": minzoom} if minzoom else {}),
        "layout": {"text-field": ["get", column], "text-size": size, "text-anchor": "top"},
        "paint": {"text-color": "#3c4650", "text-halo-color": "#ffffff", "text-halo-width": 1.5},
    }


def graduated(column: str, limits: Sequence[float], colours: Sequence[str]) -> Any:
    """A colour for each class of a column: one more colour than limits, in rising order; grey without a value."""
    if not limits:
        return ["case", ["has", column], colours[0], NO_VALUE]
    step: list[Any] = ["step", ["get", column], colours[0]]
    for limit, colour in zip(limits, colours[1:], strict=True):
        step += [limit, colour]
    return ["case", ["has", column], step, NO_VALUE]


def categorised(column: str, values: Sequence[str | int | float], colours: Sequence[str]) -> Any:
    """A colour for each value of a column, grey for all others."""
    match: list[Any] = ["match", ["get", column]]
    for value, colour in zip(values, colours, strict=True):
        match += [value, colour]
    return [*match, OTHERS]
