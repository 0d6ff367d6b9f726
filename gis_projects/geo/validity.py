"""Is a geometry fit to be stored, and if not, why: in words, and where.

Kinds are the families that a programme asks for: ``Point``, ``LineString``, ``Polygon``; each
includes its multi form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry import (
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from shapely.geometry.base import BaseGeometry

Kind = Literal["Point", "LineString", "Polygon"]
KINDS: tuple[Kind, ...] = ("Point", "LineString", "Polygon")

_FAMILIES: dict[int, Kind] = {
    0: "Point",
    1: "LineString",
    2: "LineString",
    3: "Polygon",
    4: "Point",
    5: "LineString",
    6: "Polygon",
}

# What GEOS says (TopologyValidationError.cpp), and what we say.
_REASONS: dict[str, Promise] = {
    "Self-intersection": _("the outline crosses itself"),
    "Ring Self-intersection": _("a ring touches or crosses itself"),
    "Hole lies outside shell": _("a hole lies outside its outline"),
    "Holes are nested": _("a hole lies inside another hole"),
    "Interior is disconnected": _("the interior falls into separate pieces"),
    "Nested shells": _("one part lies inside another part"),
    "Duplicate Rings": _("the same ring is given twice"),
    "Too few points in geometry component": _("a part has too few different points"),
    "Invalid Coordinate": _("a coordinate is not a finite number"),
    "Ring is not closed": _("a ring is not closed"),
    "Topology Validation Error": _("the outline is inconsistent"),
    "Repeated Point": _("a point is repeated"),
}
_GEOS_REASON = re.compile(r"^(?P<reason>[^\[]+?)\s*(?:\[(?P<x>\S+) (?P<y>\S+)\])?$")


@dataclass(frozen=True, slots=True)
class Invalidity:
    """Why a geometry is invalid. ``reason`` is translated; x, y in the geometry's own CRS."""

    code: str
    reason: Promise | str
    x: float | None = None
    y: float | None = None

    def __str__(self) -> str:
        if self.x is None or self.y is None:
            return str(self.reason)
        return f"{self.reason} ({self.x:.7g}, {self.y:.7g})"


def explain(geom: BaseGeometry) -> Invalidity | None:
    """Why a geometry is invalid, and where; None when it is valid (an empty one is valid).

    geom: any type, any CRS; the location is in its coordinates.
    Source: OGC 06-103r4 (Simple Features, Part 1) section 6.1.11, as GEOS checks it.
    """
    if not has_finite_coordinates(geom):
        return Invalidity("Invalid Coordinate", _REASONS["Invalid Coordinate"])
    if shapely.is_valid(geom):
        return None
    return _parse_reason(str(shapely.is_valid_reason(geom)))


def _parse_reason(text: str) -> Invalidity:
    match = _GEOS_REASON.match(text)
    if match is None:
        return Invalidity(text, text)
    code = match["reason"]
    reason = _REASONS.get(code, code)
    if match["x"] is None:
        return Invalidity(code, reason)
    return Invalidity(code, reason, float(match["x"]), float(match["y"]))


def has_finite_coordinates(geom: BaseGeometry) -> bool:
    """Whether every x and y is a finite number; True for an empty geometry. Z is not looked at."""
    return bool(np.isfinite(shapely.get_coordinates(geom)).all())


def is_empty(geom: BaseGeometry | None) -> bool:
    """Whether there is nothing to draw: None, empty, or only empty parts."""
    return geom is None or bool(shapely.is_empty(geom))


def vertex_count(geom: BaseGeometry) -> int:
    """Number of coordinates in all parts and rings; a ring's closing point counts."""
    return int(shapely.get_num_coordinates(geom))


def force_2d(geom: BaseGeometry) -> BaseGeometry:
    """The same geometry without Z and M."""
    result: BaseGeometry = shapely.force_2d(geom)
    return result


def has_z(geom: BaseGeometry) -> bool:
    """Whether the geometry carries heights; False for an empty one."""
    return bool(shapely.has_z(geom))


def kind_of(geom: BaseGeometry) -> Kind | None:
    """The family of a geometry: multi forms count as their single form; None for a collection."""
    return _FAMILIES.get(int(shapely.get_type_id(geom)))


def to_multi(geom: BaseGeometry) -> BaseGeometry:
    """The multi form of a single geometry; multi geometries and collections as they are."""
    if isinstance(geom, Point):
        return MultiPoint([geom])
    if isinstance(geom, LineString):
        return MultiLineString([geom])
    return MultiPolygon([geom]) if isinstance(geom, Polygon) else geom
