"""What a style may say: types of layers, their properties, and the values that each takes.

Source: Mapbox GL style specification, version 8, sections "Layers" and "Expressions"; a subset, in its own words.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any

MAX_ZOOM = 24
MAX_LAYERS = 400
MAX_ARGUMENTS = 1000
MAX_DEPTH = 8
MAX_TEXT = 300
MAX_BYTES = 256 << 10

COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
GEOMETRY_TYPES = ("Point", "LineString", "Polygon")


@dataclass(frozen=True)
class Property:
    """One property of a layer. kind: ``colour``, ``number``, ``choice``, ``text`` or ``dash``.

    low, high: bounds of a number, of each part of a dash. Only colours and numbers may depend on data or zoom.
    """

    kind: str
    default: Any = None
    low: float = 0.0
    high: float = math.inf
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerType:
    paint: dict[str, Property]
    layout: dict[str, Property] = field(default_factory=dict)


_OPACITY = Property("number", 1.0, 0.0, 1.0)
_VISIBILITY = {"visibility": Property("choice", "visible", choices=("visible", "none"))}

TYPES = {
    "circle": LayerType(
        {
            "circle-color": Property("colour", "#000000"),
            "circle-radius": Property("number", 5.0, 0.0, 100.0),
            "circle-opacity": _OPACITY,
            "circle-stroke-color": Property("colour", "#000000"),
            "circle-stroke-width": Property("number", 0.0, 0.0, 50.0),
        },
        _VISIBILITY,
    ),
    "line": LayerType(
        {
            "line-color": Property("colour", "#000000"),
            "line-width": Property("number", 1.0, 0.0, 100.0),
            "line-opacity": _OPACITY,
            "line-dasharray": Property("dash", None, 0.0, 100.0),
        },
        {
            "line-cap": Property("choice", "butt", choices=("butt", "round", "square")),
            "line-join": Property("choice", "miter", choices=("miter", "round", "bevel")),
            **_VISIBILITY,
        },
    ),
    "fill": LayerType(
        {
            "fill-color": Property("colour", "#000000"),
            "fill-opacity": _OPACITY,
            "fill-outline-color": Property("colour", None),
        },
        _VISIBILITY,
    ),
    "symbol": LayerType(
        {
            "text-color": Property("colour", "#000000"),
            "text-opacity": _OPACITY,
            "text-halo-color": Property("colour", "#ffffff"),
            "text-halo-width": Property("number", 0.0, 0.0, 10.0),
        },
        {
            "text-field": Property("text", ""),
            "text-size": Property("number", 16.0, 6.0, 60.0),
            "symbol-placement": Property("choice", "point", choices=("point", "line")),
            "text-anchor": Property(
                "choice", "center", choices=("center", "left", "right", "top", "bottom")
            ),
            **_VISIBILITY,
        },
    ),
}
# Of a layer, besides paint and layout.
LAYER_KEYS = frozenset(
    {"id", "type", "minzoom", "maxzoom", "filter", "paint", "layout", "metadata"}
)
# For the legend: a heading, a word for each class in the order of the expression, or no place in it.
METADATA_KEYS = frozenset({"title", "title_en", "labels", "labels_en", "legend"})
STYLE_KEYS = frozenset({"version", "layers"})
