"""A style's legend: what stands for what, as plain data that the screen and paper draw alike.

An entry is {"type", "label", "label_en", "minzoom", "maxzoom", "symbol"}; the symbol holds the properties of its type
as plain values, as docs/styles.md lists them. An entry whose "heading" is true has words only.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from layers.styles.document import Style
from layers.styles.words import MAX_ZOOM, TYPES

Entry = dict[str, Any]
_OTHERS = gettext_noop("Other")
_NO_VALUE = gettext_noop("No data")


def legend(style: Style, name: str, name_en: str = "") -> list[Entry]:
    """The entries of a style, in the order of its layers. name: for a symbol that stands for the whole layer."""
    return [
        entry
        for layer in style["layers"]
        if _is_listed(layer)
        for entry in _entries(layer, (name, name_en))
    ]


def _is_listed(layer: dict[str, Any]) -> bool:
    if layer.get("layout", {}).get("visibility") == "none":
        return False
    return bool(layer.get("metadata", {}).get("legend", layer["type"] != "symbol"))


def _entries(layer: dict[str, Any], names: tuple[str, str]) -> Iterator[Entry]:
    metadata = layer.get("metadata", {})
    title = (metadata.get("title", ""), metadata.get("title_en", ""))
    found = _classified(layer)
    if found is None:
        yield _entry(layer, title if title[0] else names, {})
        return
    property_name, classes = found
    if title[0]:
        yield {**_entry(layer, title, {}), "heading": True}
    labels, labels_en = metadata.get("labels", []), metadata.get("labels_en", [])
    # Where a style gives the words, a class that it has none for is not listed.
    for index, (words, value) in enumerate(classes[: len(labels)] if labels else classes):
        given = labels[index] if labels else words[0]
        given_en = labels_en[index] if index < len(labels_en) else ("" if labels else words[1])
        yield _entry(layer, (given, given_en), {property_name: value})


def _entry(layer: dict[str, Any], names: tuple[str, str], own: dict[str, Any]) -> Entry:
    kind = TYPES[layer["type"]]
    paint, layout = layer.get("paint", {}), layer.get("layout", {})
    symbol = {
        key: plain(own.get(key, part.get(key, one.default)), one.default)
        for properties, part in ((kind.paint, paint), (kind.layout, layout))
        for key, one in properties.items()
        if one.kind != "text" and key != "visibility"
    }
    return {
        "type": layer["type"],
        "label": names[0],
        "label_en": names[1],
        "minzoom": layer.get("minzoom", 0),
        "maxzoom": layer.get("maxzoom", MAX_ZOOM),
        "symbol": symbol,
    }


def plain(value: Any, default: Any) -> Any:
    """A value to draw a symbol with: of an expression its middle output, since a legend has no zoom and no feature."""
    while isinstance(value, list) and value and isinstance(value[0], str):
        outputs = _outputs(value)
        value = outputs[len(outputs) // 2] if outputs else default
    return value


def _outputs(expression: list[Any]) -> list[Any]:
    name = expression[0]
    if name == "match":
        return [*expression[3:-1:2], expression[-1]]
    if name == "case":
        return [*expression[2:-1:2], expression[-1]]
    if name == "step":
        return [expression[2], *expression[4::2]]
    return list(expression[4::2])


def _classified(layer: dict[str, Any]) -> tuple[str, list[tuple[tuple[str, str], Any]]] | None:
    """The property that tells classes apart, with the words and the value of each; None for a single symbol.

    Of several such properties colours come first: they are what is read first.
    """
    known = TYPES[layer["type"]].paint
    paint = layer.get("paint", {})
    names = sorted(
        (name for name in paint if name in known), key=lambda one: known[one].kind != "colour"
    )
    for name in names:
        classes = _classes(paint[name])
        if classes:
            return name, classes
    return None


def _classes(value: Any) -> list[tuple[tuple[str, str], Any]]:
    if not isinstance(value, list):
        return []
    if value[0] == "match":
        return [
            *(((_joined(value[at]),) * 2, value[at + 1]) for at in range(2, len(value) - 1, 2)),
            (_in_both(_OTHERS), value[-1]),
        ]
    if value[0] == "case":
        return _cases(value)
    if value[0] == "step" and value[1] != ["zoom"]:
        stops = value[3::2]
        words = [f"< {number(stops[0])}"]
        words += [f"{number(low)} – {number(high)}" for low, high in pairwise(stops)]
        words.append(f"≥ {number(stops[-1])}")
        outputs = _outputs(value)
        return [((word, word), output) for word, output in zip(words, outputs, strict=True)]
    if value[0] == "interpolate" and value[2] != ["zoom"]:
        return [((number(value[at]),) * 2, value[at + 1]) for at in range(3, len(value), 2)]
    return []


def _cases(value: list[Any]) -> list[tuple[tuple[str, str], Any]]:
    """["case", ["has", column], classes, else] is classes with a colour for what has no value."""
    first = value[1]
    if len(value) == 4 and first[0] == "has":
        inside = _classes(value[2])
        return [*inside, (_in_both(_NO_VALUE), value[3])] if inside else []
    found = [((words_of(value[at]),) * 2, value[at + 1]) for at in range(1, len(value) - 1, 2)]
    return [*found, (_in_both(_OTHERS), value[-1])]


def _in_both(words: str) -> tuple[str, str]:
    """Our own words in the two languages that a legend is written in, whoever asks for it."""
    with translation.override("zh-hans"):
        return gettext(words), words


def words_of(condition: list[Any]) -> str:
    """A condition as a person would write it: ``floors >= 6``."""
    name = condition[0]
    if name in {"all", "any"}:
        return (" & " if name == "all" else " | ").join(words_of(one) for one in condition[1:])
    if name == "!":
        return f"¬({words_of(condition[1])})"
    if name == "has":
        return str(condition[1])
    subject = condition[1][-1]
    if name == "in":
        return f"{subject}: {_joined(condition[2][1])}"
    return f"{subject} {'=' if name == '==' else name} {_joined(condition[2])}"


def _joined(values: Any) -> str:
    listed = values if isinstance(values, list) else [values]
    return "、".join(one if isinstance(one, str) else number(one) for one in listed)


def number(value: float) -> str:
    """As short as it is exact enough to read: at most six significant digits, never with an exponent."""
    text = f"{value:.6g}"
    return f"{value:.0f}" if "e" in text and abs(value) >= 1 else text
