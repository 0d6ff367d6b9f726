"""Coordinates to shapely geometries, a whole chunk at a time.

Features of one type are built in one call over all their coordinates; only when that call refuses
are they built one by one, to find the feature that is to blame.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

# (type, coordinates), or for a GeometryCollection (type, list of such pairs).
Shape = tuple[str, Any]

_NOT_NUMBERS: Promise = _("a position must be two or three numbers")
_TOO_FEW: Promise = _("a line needs two positions and a ring four")
_NOT_CLOSED: Promise = _("a ring does not end where it begins")
_UNKNOWN_TYPE: Promise = _("the geometry type is not known")
NOT_FINITE: Promise = _("a coordinate is not a finite number")
_MAX_NESTING = 8


class Malformed(ValueError):
    """Coordinates that make no geometry; the reason is a lazy sentence."""

    def __init__(self, reason: Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class Built:
    """Geometries, with the heights that they had (None where there is none), whether they had any, and what failed."""

    geometries: np.ndarray
    had_z: np.ndarray
    failed: dict[int, Promise] = field(default_factory=dict)


def build(shapes: Sequence[Shape | None], strict: bool = False) -> Built:
    """Build geometries from coordinates in any CRS, x before y; heights are kept, and noted.

    strict: numbers must be JSON numbers, and rings closed (RFC 7946 section 3.1.6), as GeoJSON
    asks.
    """
    count = len(shapes)
    built = Built(np.full(count, None, dtype=object), np.zeros(count, dtype=bool))
    groups: dict[str, list[int]] = {}
    for index, shape in enumerate(shapes):
        if shape is not None:
            groups.setdefault(shape[0], []).append(index)
    for kind, indices in groups.items():
        coordinates = [shapes[index][1] for index in indices]  # type: ignore[index]
        if not _build_together(built, kind, indices, coordinates, strict):
            _build_one_by_one(built, kind, indices, coordinates, strict)
    return built


def _build_together(
    built: Built, kind: str, indices: list[int], coordinates: list[Any], strict: bool
) -> bool:
    makers = {"Point": _points, "LineString": _lines, "Polygon": _polygons}
    make = makers.get(kind)
    if make is None:
        return False
    try:
        made, has_z = make(coordinates, strict)
    except (Malformed, ValueError, TypeError, shapely.errors.ShapelyError):
        return False
    built.geometries[indices] = made
    built.had_z[indices] = has_z
    return True


def _build_one_by_one(
    built: Built, kind: str, indices: list[int], coordinates: list[Any], strict: bool
) -> None:
    for index, coords in zip(indices, coordinates, strict=True):
        try:
            built.geometries[index], built.had_z[index] = one(kind, coords, strict)
        except Malformed as error:
            built.failed[index] = error.reason if _is_finite(coords) else NOT_FINITE
        except (ValueError, TypeError, shapely.errors.ShapelyError):
            built.failed[index] = _NOT_NUMBERS if _is_finite(coords) else NOT_FINITE


def _is_finite(coordinates: Any) -> bool:
    """Whether no number among coordinates, nested however deep, is NaN or infinite."""
    waiting = [coordinates]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, float) and not math.isfinite(value):
            return False
    return True


def _positions(values: Iterable[Any]) -> np.ndarray:
    """(n, 2 or 3) numbers. Raises Malformed for anything else."""
    try:
        array = np.array(list(values))
    except (ValueError, TypeError) as error:
        raise Malformed(_NOT_NUMBERS) from error
    if array.size == 0:
        return np.zeros((0, 2))
    if array.ndim != 2 or array.shape[1] < 2 or array.dtype.kind not in "iuf":
        raise Malformed(_NOT_NUMBERS)
    return array.astype(float, copy=False)


def _points(coordinates: list[Any], strict: bool) -> tuple[Any, bool]:
    array = _positions(coordinates)
    if len(array) != len(coordinates):
        raise Malformed(_NOT_NUMBERS)
    return shapely.points(array[:, :3]), array.shape[1] > 2


def _lines(coordinates: list[Any], strict: bool) -> tuple[Any, bool]:
    sizes = [len(line) for line in coordinates]
    if min(sizes) < 2:
        raise Malformed(_TOO_FEW)
    array = _positions(chain.from_iterable(coordinates))
    owners = np.repeat(np.arange(len(sizes)), sizes)
    return shapely.linestrings(array[:, :3], indices=owners), array.shape[1] > 2


def _polygons(coordinates: list[Any], strict: bool) -> tuple[Any, bool]:
    rings_per_polygon = [len(rings) for rings in coordinates]
    rings = list(chain.from_iterable(coordinates))
    sizes = np.array([len(ring) for ring in rings])
    if min(rings_per_polygon) < 1 or sizes.min() < 4:
        raise Malformed(_TOO_FEW)
    array = _positions(chain.from_iterable(rings))
    ends = np.cumsum(sizes)
    if strict and not np.array_equal(array[ends - sizes], array[ends - 1]):
        raise Malformed(_NOT_CLOSED)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    made: Any = shapely.linearrings(array[:, :3], indices=owners)
    polygons = np.repeat(np.arange(len(coordinates)), rings_per_polygon)
    return shapely.polygons(made, indices=polygons), array.shape[1] > 2


def one(kind: str, coordinates: Any, strict: bool = False, depth: int = 0) -> tuple[Any, bool]:
    """One geometry and whether it had heights. Raises Malformed."""
    if kind == "GeometryCollection":
        return _collection(coordinates, strict, depth)
    if not isinstance(coordinates, (list, tuple)):
        raise Malformed(_NOT_NUMBERS)
    if kind == "Point":
        if not coordinates:
            return shapely.Point(), False
        made, has_z = _points([coordinates], strict)
        return made[0], has_z
    if kind == "LineString":
        return _single(_lines, shapely.LineString(), coordinates, strict)
    if kind == "Polygon":
        return _single(_polygons, shapely.Polygon(), coordinates, strict)
    if kind in {"MultiPoint", "MultiLineString", "MultiPolygon"}:
        return _multi(kind, coordinates, strict, depth)
    raise Malformed(_UNKNOWN_TYPE)


def _single(make: Any, empty: BaseGeometry, coordinates: Any, strict: bool) -> tuple[Any, bool]:
    if not coordinates:
        return empty, False
    made, has_z = make([coordinates], strict)
    return made[0], has_z


def _multi(kind: str, coordinates: Any, strict: bool, depth: int) -> tuple[Any, bool]:
    pairs = [one(kind.removeprefix("Multi"), part, strict, depth) for part in coordinates]
    parts = [made for made, _z in pairs]
    makers: dict[str, Any] = {
        "MultiPoint": shapely.MultiPoint,
        "MultiLineString": shapely.MultiLineString,
        "MultiPolygon": shapely.MultiPolygon,
    }
    return makers[kind](parts), any(has_z for _made, has_z in pairs)


def _collection(members: Any, strict: bool, depth: int) -> tuple[Any, bool]:
    if depth >= _MAX_NESTING:
        raise Malformed(_UNKNOWN_TYPE)
    pairs = [one(kind, coords, strict, depth + 1) for kind, coords in members]
    parts = [made for made, _z in pairs]
    return shapely.GeometryCollection(parts), any(has_z for _made, has_z in pairs)
