"""Members of a GeoJSON text that may not stand where they do: read past, and told.

Source: RFC 7946, sections 3.2 (id), 5 (bbox) and 7.1 (members that would change what a type means).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_COORDINATES = frozenset({"coordinates", "geometries"})
_FORBIDDEN = {
    "FeatureCollection": _COORDINATES | {"geometry", "properties"},
    "Feature": _COORDINATES | {"features"},
}
_FORBIDDEN_IN_GEOMETRIES = frozenset({"geometry", "properties", "features"})
# Nearly all features have these alone, and need no further look.
_USUAL = frozenset({"type", "properties", "geometry"})
_USUAL_OF_GEOMETRIES = frozenset({"type", "coordinates"})
_BBOX_LENGTHS = frozenset({4, 6})


def ignored_members(document: Mapping[str, Any], features: Iterable[Any]) -> list[str]:
    """Names of members of the document, its features and their geometries that mean nothing, in order of the alphabet.

    features: those of the document, of whatever type they are.
    """
    found = set(_ignored(document))
    for feature in features:
        if isinstance(feature, dict):
            if not feature.keys() <= _USUAL:
                found.update(_ignored(feature))
            geometry = feature.get("geometry")
            if isinstance(geometry, dict) and not geometry.keys() <= _USUAL_OF_GEOMETRIES:
                found.update(_ignored(geometry))
    return sorted(found)


def _ignored(value: Mapping[str, Any]) -> Iterator[str]:
    kind = value.get("type")
    forbidden = _FORBIDDEN.get(kind, _FORBIDDEN_IN_GEOMETRIES) if isinstance(kind, str) else ()
    yield from (name for name in forbidden if name in value)
    if "bbox" in value and not _is_bbox(value["bbox"]):
        yield "bbox"
    if kind == "Feature" and not isinstance(value.get("id"), (str, int, float, type(None))):
        yield "id"


def _is_bbox(value: object) -> bool:
    if not isinstance(value, list) or len(value) not in _BBOX_LENGTHS:
        return False
    return all(type(number) in (int, float) for number in value)
