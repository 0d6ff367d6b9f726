"""GeoJSON, read by the letter of RFC 7946, without GDAL.

GDAL fetches what a ``crs`` member of type ``link`` points to, takes 1.9 GB for a zip of 0.6 MB,
and makes an empty point of NaN. Here the text is parsed as JSON, checked, and no address in it is
ever looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_projects.geo.validity import Kind
from layers.importing.archive import Staged
from layers.importing.build import Shape, build
from layers.importing.dbf import FieldType
from layers.importing.geojson_members import ignored_members
from layers.importing.problems import Code, ImportRefused, Problem, refuse
from layers.importing.source import CHUNK, Chunk, Field, Source, not_built

MAX_BYTES = 256 << 20

_GEOMETRIES = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
}
# GeoJSON 2008 named its CRS; these forms are numbers in the EPSG registry, and nothing else is
# read.
_EPSG_NAME = re.compile(r"(?:urn:(?:ogc|x-ogc):def:crs:EPSG:[\d.]*:|EPSG:)(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"urn:ogc:def:crs:OGC:[\d.]*:CRS84", re.IGNORECASE)

_NO_FEATURE: Promise = _("it is not of type Feature")
_NO_GEOMETRY: Promise = _("its geometry is no GeoJSON geometry")
_NO_PROPERTIES: Promise = _("its properties are no object")
_NAN = re.compile(rb"[\[,:]\s*-?(?:NaN|Infinity|inf|nan)\b")


class GeoJSONSource(Source):
    """A FeatureCollection, a Feature or a bare geometry."""

    def __init__(self, staged: Staged) -> None:
        self.file = self.layer = staged.name
        self.layers = (staged.name,)
        document = _parse(staged)
        _refuse_crs_below(document, staged.name)
        self.crs_text = _crs(document, staged.name)
        self._features = _features(document, staged.name)
        self.count = len(self._features)
        self.fields = fields_of(self._features)
        self.kind = kind_of(self._features)
        if ignored := ignored_members(document, self._features):
            params = {"members": ignored}
            self.warnings = (Problem(Code.MEMBERS_IGNORED, self.file, params=params),)

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        for start in range(0, len(self._features), size):
            yield chunk_of(self.file, self._features[start : start + size], start + 1)


def chunk_of(file: str, features: Sequence[Any], first: int) -> Chunk:
    """Features of a parsed text as a chunk; ``first``: the number of the first of them in the file."""
    problems: dict[int, Problem] = {}
    shapes: list[Shape | None] = []
    for at, feature in enumerate(features):
        shape, reason = _shape_or_reason(feature)
        shapes.append(shape)
        if reason is not None:
            problems[at] = not_built(file, first + at, reason)
    built = build(shapes, strict=True)
    for at, reason in built.failed.items():
        problems.setdefault(at, not_built(file, first + at, reason))
    return Chunk(
        numbers=np.arange(first, first + len(features)),
        fids=[_fid(feature, first + at) for at, feature in enumerate(features)],
        geometries=built.geometries,
        had_z=built.had_z,
        properties=[_properties(feature) for feature in features],
        problems=problems,
    )


def _parse(staged: Staged) -> dict[str, Any]:
    if staged.path.stat().st_size > MAX_BYTES:
        raise refuse(Code.TOO_LARGE, staged.name, limit=f"{MAX_BYTES >> 20} MB")
    data = staged.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if "memory" in error.msg:
            raise MemoryError from error
        if _NAN.search(data):
            raise refuse(Code.NOT_FINITE, staged.name) from error
        reason = f"JSON, {error.lineno}:{error.colno}"
        raise refuse(Code.DAMAGED_FILE, staged.name, reason=reason) from error
    if not isinstance(document, dict):
        raise refuse(Code.NOT_GIS_FILE, staged.name, found=staged.name)
    return document


def _features(document: dict[str, Any], name: str) -> list[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features: list[Any] = document["features"]
        return features
    if kind == "Feature":
        return [document]
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise refuse(Code.NOT_GIS_FILE, name, found=name)


def _crs(document: dict[str, Any], name: str) -> str:
    """The ``crs`` of the whole document: an EPSG number or CRS84; anything else is refused."""
    if document.get("crs") is None:
        return "EPSG:4326"  # RFC 7946 section 4
    member = document["crs"]
    stated = member.get("properties") if isinstance(member, dict) else None
    label = stated.get("name") if isinstance(stated, dict) else None
    if isinstance(label, str) and member.get("type") == "name":
        if _CRS84.fullmatch(label):
            return "EPSG:4326"
        if found := _EPSG_NAME.fullmatch(label):
            return f"EPSG:{found[1]}"
    raise _unknown_crs(member, name)


def _unknown_crs(member: Any, name: str) -> ImportRefused:
    """Names what stands in the member, as text; a link is shown, never followed."""
    stated = member.get("properties") if isinstance(member, dict) else member
    values = list(stated.values()) if isinstance(stated, dict) else [stated]
    return refuse(Code.UNKNOWN_CRS, name, crs=str(values[0] if values else "-")[:80])


def _refuse_crs_below(document: dict[str, Any], name: str) -> None:
    """A ``crs`` of a single feature or geometry is refused: it would contradict the whole."""
    features = document.get("features")
    waiting: list[Any] = list(features) if isinstance(features, list) else []
    waiting += _inner(document)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("crs") is not None:
                raise _unknown_crs(value["crs"], name)
            waiting += _inner(value)


def _inner(value: dict[str, Any]) -> list[Any]:
    geometries = value.get("geometries")
    inner = list(geometries) if isinstance(geometries, list) else []
    return [*inner, value["geometry"]] if "geometry" in value else inner


def _shape_or_reason(feature: Any) -> tuple[Shape | None, Promise | None]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return None, _NO_FEATURE
    if not isinstance(feature.get("properties"), (dict, type(None))):
        return None, _NO_PROPERTIES
    geometry = feature.get("geometry")
    if geometry is None:
        return None, None
    try:
        return _shape(geometry), None
    except (KeyError, TypeError, RecursionError):
        return None, _NO_GEOMETRY


def _shape(geometry: Any) -> Shape:
    kind = geometry["type"]
    if kind not in _GEOMETRIES:
        raise KeyError(kind)
    if kind == "GeometryCollection":
        return kind, [_shape(part) for part in geometry["geometries"]]
    return kind, geometry["coordinates"]


def _fid(feature: Any, number: int) -> str:
    fid = feature.get("id") if isinstance(feature, dict) else None
    return str(fid) if isinstance(fid, (str, int)) else str(number)


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def fields_of(features: Sequence[Any]) -> tuple[Field, ...]:
    types: dict[str, FieldType] = {}
    for feature in features:
        for name, value in _properties(feature).items():
            if value is not None:
                found = _type_of(value)
                types[name] = found if types.get(name, found) == found else "text"
            elif name not in types:
                types.setdefault(name, "text")
    return tuple(Field(name, type) for name, type in types.items())


def _type_of(value: Any) -> FieldType:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "real"
    return "text" if isinstance(value, str) else "other"


def kind_of(features: Sequence[Any]) -> Kind | None:
    families: dict[str, Kind] = {
        "Point": "Point",
        "LineString": "LineString",
        "Polygon": "Polygon",
    }
    kinds = set()
    for feature in features:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(geometry, dict):
            kinds.add(str(geometry.get("type")).removeprefix("Multi"))
    return families.get(kinds.pop()) if len(kinds) == 1 else None
