"""Symbolizers of an SLD as paint and layout of a style's layers, in pixels.

Source: OGC 02-070 (SLD 1.0), section 12, and OGC 05-077r4 (Symbology Encoding 1.1), section 11.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from layers.importing.xml_stream import Tree
from layers.styles.words import COLOUR

Note = Callable[[str], None]
# A metre or a foot on the ground is not so many pixels; only pixels are taken.
_PIXELS = ("", "http://www.opengeospatial.org/se/units/pixel")
_DEFAULT_SIZE = 6.0
_KNOWN_MARKS = ("circle", "")
# What is read of each element, or says nothing about how it looks. Whatever else stands there is told by name.
_READ = {
    "PointSymbolizer": {"Name", "Description", "Geometry", "Graphic"},
    "LineSymbolizer": {"Name", "Description", "Geometry", "Stroke"},
    "PolygonSymbolizer": {"Name", "Description", "Geometry", "Fill", "Stroke"},
    "TextSymbolizer": {
        "Name", "Description", "Geometry", "Label", "Font", "LabelPlacement", "Halo", "Fill", "VendorOption",
    },
    "Graphic": {"Mark", "Size", "Opacity"},
    "Mark": {"WellKnownName", "Fill", "Stroke"},
    "LabelPlacement": {"LinePlacement", "PointPlacement"},
    "PointPlacement": set(),
    "LinePlacement": set(),
    "Halo": {"Radius", "Fill"},
}  # fmt: skip
_PARAMETERS = {
    "Fill": {"fill", "fill-opacity"},
    "Stroke": {
        "stroke", "stroke-opacity", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray",
    },
    "Font": {"font-family", "font-size", "font-style", "font-weight"},
}  # fmt: skip


def point(tree: Tree, note: Note) -> list[dict[str, Any]]:
    """Every mark is drawn as a circle; Size is its diameter."""
    _only_pixels(tree, note)
    graphic = tree.child("Graphic") or Tree("Graphic", {})
    mark = graphic.child("Mark")
    for name in ("ExternalGraphic", "Rotation", "Displacement"):
        _told(graphic, name, note)
    if mark is None:
        mark = Tree("Mark", {})
    shape = mark.value("WellKnownName") or ""
    if shape not in _KNOWN_MARKS:
        note(f"WellKnownName {shape}")
    fill, stroke = parameters(mark.child("Fill")), parameters(mark.child("Stroke"))
    _painted_otherwise(mark, note)
    paint = {
        "circle-radius": _number(graphic.value("Size"), _DEFAULT_SIZE, 0.5, 200) / 2,
        "circle-color": colour(fill.get("fill"), "#808080", note),
    }
    opacity = _number(fill.get("fill-opacity"), 1, 0, 1) * _number(
        graphic.value("Opacity"), 1, 0, 1
    )
    if opacity < 1:
        paint["circle-opacity"] = opacity
    if mark.child("Stroke") is not None:
        paint["circle-stroke-color"] = colour(stroke.get("stroke"), "#000000", note)
        paint["circle-stroke-width"] = _number(stroke.get("stroke-width"), 1, 0, 50)
    return [{"type": "circle", "paint": paint}]


def line(tree: Tree, note: Note) -> list[dict[str, Any]]:
    _only_pixels(tree, note)
    _told(tree, "PerpendicularOffset", note)
    stroke = tree.child("Stroke")
    if stroke is None:
        return []
    return [_stroked(stroke, note)]


def polygon(tree: Tree, note: Note) -> list[dict[str, Any]]:
    """An area with its outline, which has no row of its own in the legend."""
    _only_pixels(tree, note)
    for name in ("Displacement", "PerpendicularOffset"):
        _told(tree, name, note)
    _painted_otherwise(tree, note)
    layers: list[dict[str, Any]] = []
    fill, stroke = tree.child("Fill"), tree.child("Stroke")
    if fill is not None and (fill.child("GraphicFill") is None or parameters(fill)):
        given = parameters(fill)
        paint: dict[str, Any] = {"fill-color": colour(given.get("fill"), "#808080", note)}
        opacity = _number(given.get("fill-opacity"), 1, 0, 1)
        if opacity < 1:
            paint["fill-opacity"] = opacity
        layers.append({"type": "fill", "paint": paint})
    if stroke is not None:
        outline = _stroked(stroke, note)
        if layers:
            outline["metadata"] = {"legend": False}
        layers.append(outline)
    return layers


def text(tree: Tree, note: Note) -> list[dict[str, Any]]:
    _only_pixels(tree, note)
    column = (tree.child("Label") or Tree("Label", {})).value("PropertyName")
    if column is None:
        note("Label")
        return []
    font, halo = parameters(tree.child("Font")), tree.child("Halo")
    for name in ("font-family", "font-style", "font-weight"):
        if font.get(name, "normal") not in {"normal", ""}:
            note(f"{name} {font[name]}")
    fill = parameters(tree.child("Fill"))
    layout: dict[str, Any] = {
        "text-field": ["get", column],
        "text-size": _number(font.get("font-size"), 10, 6, 60),
    }
    paint: dict[str, Any] = {"text-color": colour(fill.get("fill"), "#000000", note)}
    if halo is not None:
        paint["text-halo-width"] = _number(halo.value("Radius"), 1, 0, 10)
        halo_fill = parameters(halo.child("Fill"))
        paint["text-halo-color"] = colour(halo_fill.get("fill"), "#ffffff", note)
    placement = tree.child("LabelPlacement")
    if placement is not None and placement.child("LinePlacement") is not None:
        layout["symbol-placement"] = "line"
    for option in tree.all("VendorOption"):
        note(f"VendorOption {option.attributes.get('name', '')}")
    return [{"type": "symbol", "layout": layout, "paint": paint}]


SYMBOLIZERS = {
    "PointSymbolizer": point,
    "LineSymbolizer": line,
    "PolygonSymbolizer": polygon,
    "TextSymbolizer": text,
}


def tell_unread(tree: Tree, note: Note) -> None:
    """Every part of a symbolizer that the functions above make nothing of, by its name."""
    read, given = _READ.get(tree.tag), _PARAMETERS.get(tree.tag)
    for one in tree.children:
        name = one.attributes.get("name", "")
        if one.tag in {"SvgParameter", "CssParameter"}:
            if given is not None and name not in given:
                note(name)
            elif one.children:
                note(f"{name} {one.children[0].tag}")
        elif read is not None and one.tag not in read:
            note(one.tag)
        else:
            tell_unread(one, note)


def parameters(tree: Tree | None) -> dict[str, str]:
    """SvgParameter (1.1) and CssParameter (1.0) of an element; one whose value is an expression is left out."""
    if tree is None:
        return {}
    listed = [*tree.all("SvgParameter"), *tree.all("CssParameter")]
    return {one.attributes.get("name", ""): one.text.strip() for one in listed if not one.children}


def colour(value: str | None, default: str, note: Note) -> str:
    if value is None:
        return default
    if COLOUR.fullmatch(value):
        return value.lower()
    note(f"colour {value}")
    return default


def _stroked(stroke: Tree, note: Note) -> dict[str, Any]:
    given = parameters(stroke)
    for name in ("GraphicStroke", "GraphicFill"):
        _told(stroke, name, note)
    paint: dict[str, Any] = {
        "line-color": colour(given.get("stroke"), "#000000", note),
        "line-width": _number(given.get("stroke-width"), 1, 0, 100),
    }
    opacity = _number(given.get("stroke-opacity"), 1, 0, 1)
    if opacity < 1:
        paint["line-opacity"] = opacity
    layout: dict[str, Any] = {}
    cap, join = given.get("stroke-linecap"), given.get("stroke-linejoin")
    if cap in {"round", "square"}:
        layout["line-cap"] = cap
    if join in {"round", "bevel"}:
        layout["line-join"] = join
    dashes = _dashes(given.get("stroke-dasharray", ""), paint["line-width"])
    if dashes:
        paint["line-dasharray"] = dashes
    elif given.get("stroke-dasharray"):
        note(f"stroke-dasharray {given['stroke-dasharray']}")
    return {"type": "line", "paint": paint, **({"layout": layout} if layout else {})}


def _dashes(text: str, width: float) -> list[float]:
    """In line widths, as a style has them; SLD has pixels."""
    try:
        parts = [round(float(part) / (width or 1), 2) for part in text.replace(",", " ").split()]
    except ValueError:
        return []
    is_right = 2 <= len(parts) <= 8 and all(0 <= part <= 100 for part in parts) and sum(parts) > 0
    return parts if is_right else []


def _number(value: str | None, default: float, low: float, high: float) -> float:
    try:
        found = float(value) if value is not None else default
    except ValueError:
        return default
    found = default if math.isnan(found) else min(max(found, low), high)
    return int(found) if found == int(found) else round(found, 3)


def _only_pixels(tree: Tree, note: Note) -> None:
    unit = tree.attributes.get("uom", "")
    if unit not in _PIXELS:
        note(f"uom {unit.rpartition('/')[2]}")
    _told(tree, "Geometry", note)


def _painted_otherwise(tree: Tree, note: Note) -> None:
    fill = tree.child("Fill")
    if fill is not None:
        _told(fill, "GraphicFill", note)


def _told(tree: Tree, name: str, note: Note) -> None:
    if tree.child(name) is not None:
        note(name)
