"""Rules that say one thing as the one expression that says it: categories as ``match``, ranges as ``step``.

A hundred categories as a hundred layers would be asked of every feature; as one ``match`` they are one question.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

_COLOURS = {"circle": "circle-color", "line": "line-color", "fill": "fill-color"}
_LEAST = 2
_OTHERS = "#9a9a9a"


def collapse(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same layers, fewer where all of a type differ in filter, title and colour alone; others as they were.

    Areas come before their outlines then, and all of them before names.
    """
    made: list[dict[str, Any]] = []
    for kind in dict.fromkeys(layer["type"] for layer in layers):
        alike = [layer for layer in layers if layer["type"] == kind]
        one = _one(alike) if kind in _COLOURS else None
        if one is None and len(alike) >= _LEAST and kind in _COLOURS:
            return layers  # the order of drawing is then the rules' own
        made += alike if one is None else [one]
    return made


def _one(layers: list[dict[str, Any]]) -> dict[str, Any] | None:
    name = _COLOURS[layers[0]["type"]]
    if len(layers) < _LEAST or len({_rest(layer, name) for layer in layers}) != 1:
        return None
    return _match(layers, name) or _step(layers, name)


def _rest(layer: dict[str, Any], name: str) -> str:
    """All that must be the same."""
    paint = {key: value for key, value in layer["paint"].items() if key != name}
    kept = {key: layer.get(key) for key in ("minzoom", "maxzoom", "layout")}
    kept["legend"] = layer.get("metadata", {}).get("legend")
    return repr((sorted(paint.items()), sorted(kept.items(), key=lambda pair: pair[0])))


def _match(layers: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    pairs, others = [], None
    for layer in layers:
        condition = layer.get("filter")
        if condition and condition[0] == "==" and not isinstance(condition[2], bool):
            pairs.append((condition[1], condition[2], layer))
        elif condition and condition[0] == "!" and condition[1][:1] == ["any"] and others is None:
            others = layer
        else:
            return None
    if not pairs or len({tuple(column) for column, _value, _layer in pairs}) != 1:
        return None
    column = pairs[0][0]
    expression: list[Any] = ["match", column]
    for _column, value, layer in pairs:
        expression += [value, layer["paint"][name]]
    titled = [layer for _column, _value, layer in pairs]
    if others is not None:
        return _made([*titled, others], name, [*expression, others["paint"][name]])
    made = _made(titled, name, [*expression, _OTHERS])
    made["filter"] = ["in", column, ["literal", [value for _column, value, _layer in pairs]]]
    return made


def _step(layers: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    """Ranges that follow one another, as QGIS writes them: closed below for the first, open for the others."""
    ranges = []
    for layer in layers:
        found = _range(layer.get("filter"))
        if found is None:
            return None
        ranges.append((*found, layer))
    ranges.sort(key=lambda one: one[1])
    columns = {one[0] for one in ranges}
    follow = all(former[2] == later[1] for former, later in pairwise(ranges))
    if len(columns) != 1 or not follow:
        return None
    column = ["get", ranges[0][0]]
    step: list[Any] = ["step", column, ranges[0][3]["paint"][name]]
    for _column, low, _high, layer in ranges[1:]:
        # QGIS's classes are closed above, ours below: a limit itself belongs to the class under it.
        step += [math.nextafter(low, math.inf), layer["paint"][name]]
    made = _made([one[3] for one in ranges], name, step)
    made["filter"] = ["all", [">=", column, ranges[0][1]], ["<=", column, ranges[-1][2]]]
    return made


def _range(condition: Any) -> tuple[str, float, float] | None:
    if not condition or condition[0] != "all" or len(condition) != 3:
        return None
    (low_sign, low_of, low), (high_sign, high_of, high) = condition[1], condition[2]
    is_range = low_sign in {">", ">="} and high_sign == "<=" and low_of == high_of
    is_numeric = all(isinstance(one, (int, float)) for one in (low, high))
    return (low_of[1], low, high) if is_range and is_numeric and low < high else None


def _made(layers: list[dict[str, Any]], name: str, expression: list[Any]) -> dict[str, Any]:
    first = layers[0]
    metadata: dict[str, Any] = dict(first.get("metadata", {}))
    titles = [layer.get("metadata", {}).get("title", "") for layer in layers]
    metadata.pop("title", None)
    if all(titles):
        metadata["labels"] = titles
    made = {key: value for key, value in first.items() if key not in {"filter", "metadata"}}
    made["paint"] = {**first["paint"], name: expression}
    return {**made, **({"metadata": metadata} if metadata else {})}
