"""GeoJSON as RFC 7946 has it: typed dicts, and helpers that build them.

Coordinates are lon, lat in WGS 84 degrees (section 4), rounded to 7 decimals: about 1 cm at the
equator, well below what any survey in a city report carries (section 11.2 asks for restraint).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NotRequired, TypedDict

import shapely
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

DECIMALS = 7

GeometryType = Literal[
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
]


class Geometry(TypedDict):
    """RFC 7946 section 3.1; a GeometryCollection has ``geometries`` in place of coordinates."""

    type: GeometryType
    coordinates: NotRequired[Any]
    geometries: NotRequired[list[Geometry]]


class Feature(TypedDict):
    """RFC 7946 section 3.2. ``geometry`` and ``properties`` are null when there is none."""

    type: Literal["Feature"]
    id: NotRequired[str | int]
    bbox: NotRequired[list[float]]
    geometry: Geometry | None
    properties: dict[str, Any] | None


class FeatureCollection(TypedDict):
    """RFC 7946 section 3.3; a reader must take further members (section 6.1)."""

    type: Literal["FeatureCollection"]
    bbox: NotRequired[list[float]]
    features: list[Feature]


def geometry(geom: BaseGeometry | None, decimals: int = DECIMALS) -> Geometry | None:
    """A geometry as GeoJSON.

    geom: any type, lon/lat degrees, 2-D or 3-D (Z is dropped). Coordinates are rounded to
    ``decimals``; polygon rings follow the right-hand rule (section 3.1.6).
    None and empty geometries give None, as section 3.2 has it for unlocated features.
    """
    if geom is None or geom.is_empty:
        return None
    return _as_dict(geom, decimals)


def _as_dict(geom: BaseGeometry, decimals: int) -> Geometry:
    if geom.geom_type == "GeometryCollection":
        parts = [_as_dict(part, decimals) for part in shapely.get_parts(geom)]
        return {"type": "GeometryCollection", "geometries": parts}
    plain = mapping(_right_handed(shapely.force_2d(geom)))
    kind: GeometryType = plain["type"]
    return {"type": kind, "coordinates": rounded(plain["coordinates"], decimals)}


def _right_handed(geom: BaseGeometry) -> BaseGeometry:
    if isinstance(geom, Polygon):
        return orient(geom)
    if geom.geom_type == "MultiPolygon":
        return shapely.multipolygons(
            [orient(part) for part in shapely.get_parts(geom) if isinstance(part, Polygon)]
        )
    return geom


def rounded(coordinates: Any, decimals: int = DECIMALS) -> Any:
    """Nested coordinate arrays of any depth, as lists, each number rounded."""
    if isinstance(coordinates, (list, tuple)):
        return [rounded(part, decimals) for part in coordinates]
    return round(float(coordinates), decimals)


def feature(
    geom: BaseGeometry | None,
    properties: Mapping[str, Any] | None = None,
    id: str | int | None = None,
    decimals: int = DECIMALS,
) -> Feature:
    """One Feature; ``id`` only when given (section 3.2)."""
    result: Feature = {
        "type": "Feature",
        "geometry": geometry(geom, decimals),
        "properties": dict(properties or {}),
    }
    if id is not None:
        result["id"] = id
    return result


def feature_collection(
    features: Iterable[Feature], bbox: Iterable[float] | None = None
) -> FeatureCollection:
    """A FeatureCollection; ``bbox`` is west, south, east, north (section 5)."""
    result: FeatureCollection = {"type": "FeatureCollection", "features": list(features)}
    if bbox is not None:
        result["bbox"] = rounded(list(bbox))
    return result
