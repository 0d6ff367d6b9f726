"""KML: every Placemark is a feature. Links, styles, overlays and models are not looked at, and nothing is fetched.

Source: OGC 12-007r2 (KML 2.3), and Google's gx:Track.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.importing.archive import Staged
from layers.importing.build import Malformed, Shape
from layers.importing.tree_source import TreeSource, families_of
from layers.importing.xml_stream import Tree

_NOT_NUMBERS: Promise = _("a position must be two or three numbers")
_NO_OUTLINE: Promise = _("a polygon must have one outline")
_GEOMETRIES = frozenset(
    {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack"}
)
_MAX_NESTING = 8
_SPACED_COMMA = re.compile(r"\s*,\s*")
_PLAIN = ("name", "description", "address", "phoneNumber")


class KMLSource(TreeSource):
    """Columns: name, description and the like, and what ExtendedData holds."""

    def __init__(self, staged: Staged) -> None:
        self.layer = staged.name
        self.layers = (staged.name,)
        self._begin(staged)

    def _wanted(self) -> tuple[str, ...]:
        return ("Placemark",)

    def _shape(self, tree: Tree) -> Shape | None:
        return families_of(list(_shapes(tree, 0)))

    def _properties(self, tree: Tree) -> dict[str, str]:
        plain = ((tag, tree.value(tag)) for tag in _PLAIN)
        found = {tag: text for tag, text in plain if text is not None}
        for extended in tree.all("ExtendedData"):
            found |= dict(_extended(extended))
        return found


def _extended(tree: Tree) -> Iterator[tuple[str, str]]:
    """Data of one's own, and of a schema; one that is called like a plain column stands in its place."""
    for data in tree.all("Data"):
        value = data.value("value")
        if value is not None and data.attributes.get("name"):
            yield data.attributes["name"][:120], value
    for schema in tree.all("SchemaData"):
        for simple in schema.all("SimpleData"):
            if simple.text.strip() and simple.attributes.get("name"):
                yield simple.attributes["name"][:120], simple.text.strip()


def _shapes(tree: Tree, depth: int) -> Iterator[Shape]:
    if depth > _MAX_NESTING:
        raise Malformed(_NOT_NUMBERS)
    for child in tree.children:
        if child.tag not in _GEOMETRIES:
            continue
        if child.tag in {"MultiGeometry", "MultiTrack"}:
            yield from _shapes(child, depth + 1)
            continue
        shape = _simple(child)
        if shape is not None:
            yield shape


def _simple(tree: Tree) -> Shape | None:
    if tree.tag == "Polygon":
        return _polygon(tree)
    if tree.tag == "Track":
        places = [_position(one.text.split()) for one in tree.all("coord")]
        return ("LineString", places) if places else None
    places = _positions(tree)
    if not places:
        return None
    return ("Point", places[0]) if tree.tag == "Point" else ("LineString", places)


def _polygon(tree: Tree) -> Shape | None:
    """The outer ring first. Raises Malformed for a hole without an outline around it, or for two outlines."""
    outer, inner = _rings(tree, "outerBoundaryIs"), _rings(tree, "innerBoundaryIs")
    if not outer and not inner:
        return None
    if len(outer) != 1:
        raise Malformed(_NO_OUTLINE)
    return "Polygon", outer + inner


def _rings(tree: Tree, boundary: str) -> list[list[Any]]:
    found = (_positions(ring) for one in tree.all(boundary) for ring in one.all("LinearRing"))
    return [ring for ring in found if ring]


def _positions(tree: Tree) -> list[Any]:
    text = _SPACED_COMMA.sub(",", tree.value("coordinates") or "")
    places = [_position(one.split(",")) for one in text.split()]
    heights = {len(place) for place in places}
    return [place[:2] for place in places] if len(heights) > 1 else places


def _position(words: list[str]) -> list[float]:
    """lon, lat and perhaps a height; whatever stands behind is left out. Raises Malformed."""
    try:
        place = [float(word) for word in words[:3] if word]
    except ValueError as error:
        raise Malformed(_NOT_NUMBERS) from error
    if len(place) < 2:
        raise Malformed(_NOT_NUMBERS)
    return place
