"""Where the rows of a table lie: which columns say so, and what their cells mean.

Surveyors here call the northing X and the easting Y, programmers the other way round: such names alone decide
nothing, the numbers do. Degrees may be written with minutes and seconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from layers.importing.build import Malformed, one

SHAPE_NAMES = frozenset({"wkt", "geom", "geometry", "the_geom", "geojson", "几何", "图形"})
EAST_NAMES = frozenset(
    {"lon", "lng", "long", "longitude", "经度", "东经", "easting", "east", "东坐标", "横坐标"}
)
NORTH_NAMES = frozenset(
    {"lat", "latitude", "纬度", "北纬", "northing", "north", "北坐标", "纵坐标"}
)
X_NAMES, Y_NAMES = frozenset({"x", "x坐标", "坐标x"}), frozenset({"y", "y坐标", "坐标y"})
# Northings in China, metres; an easting has six digits, or eight with its zone before it.
_NORTHINGS = (1_800_000, 6_200_000)
# Degrees of China: 18 to 54 north, 73 to 136 east.
_LATITUDES = (3, 55)
_UNIT = re.compile(r"\s*[(（\[][^()（）]*[)）\]]\s*$")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)
_DMS = re.compile(
    r"([NSEW东西南北]?)[纬经]?\s*(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分])?"
    r"\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒]|''))?\s*([NSEW]?)",
    re.IGNORECASE,
)
_SRID = re.compile(r"\s*SRID=(\d{4,6})\s*;\s*", re.IGNORECASE)
_NOT_A_NUMBER: Promise = _("a coordinate is not a number")
_NOT_A_SHAPE: Promise = _("the geometry is neither WKT nor GeoJSON")


@dataclass(frozen=True, slots=True)
class Places:
    """Positions of the columns: one that holds shapes, or two that hold numbers. north_is_x: told by numbers."""

    shape: int | None = None
    east: int | None = None
    north: int | None = None
    north_is_x: bool = False

    @property
    def columns(self) -> frozenset[int]:
        return frozenset(at for at in (self.shape, self.east, self.north) if at is not None)

    def geometry(self, row: Sequence[Any]) -> BaseGeometry | None:
        """Of one row, in the file's own CRS; None where its cells are empty. Raises Malformed."""
        if self.shape is not None:
            return shape_of(row[self.shape])
        east, north = row[self.east or 0], row[self.north or 0]
        if _is_blank(east) and _is_blank(north):
            return None
        return shapely.Point(number_of(east), number_of(north))


def find(header: Sequence[str], sample: Sequence[Sequence[Any]]) -> Places | None:
    """The columns that say where rows lie; None when there are none. sample: rows, to tell X from Y."""
    names = [_UNIT.sub("", name).strip().lower() for name in header]
    shape = _first(names, SHAPE_NAMES)
    if shape is not None:
        return Places(shape=shape)
    east, north = _first(names, EAST_NAMES), _first(names, NORTH_NAMES)
    if east is not None and north is not None:
        return Places(east=east, north=north)
    x, y = _first(names, X_NAMES), _first(names, Y_NAMES)
    if x is None or y is None:
        return None
    if _is_north(sample, x, y):
        return Places(east=y, north=x, north_is_x=True)
    return Places(east=x, north=y)


def number_of(value: Any) -> float:
    """A coordinate: a number, or degrees with minutes and seconds. Raises Malformed."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value)
    else:
        found = _from_text(str(value).strip().replace("−", "-"))
    if not math.isfinite(found):
        raise Malformed(_NOT_A_NUMBER)
    return found


def shape_of(value: Any) -> BaseGeometry | None:
    """A geometry from WKT, EWKT or GeoJSON. Raises Malformed."""
    if _is_blank(value):
        return None
    text = str(value).strip()
    try:
        if text.startswith("{"):
            document = orjson.loads(text)
            made, _z = one(document["type"], document["coordinates"], strict=True)
            return made  # type: ignore[no-any-return]
        return _without_measures(shapely.from_wkt(_SRID.sub("", text, count=1)))
    except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed(_NOT_A_SHAPE) from error


def _without_measures(shape: BaseGeometry) -> BaseGeometry:
    """With heights where there are some; M is not kept."""
    if not shape.has_m:
        return shape
    flat = shapely.force_2d(shape)
    if not shape.has_z:
        return flat
    numbers = shapely.get_coordinates(shape, include_z=True)
    return shapely.set_coordinates(shapely.force_3d(flat), numbers)


def stated_srid(value: Any) -> str | None:
    """The CRS that an EWKT names."""
    found = _SRID.match(str(value or ""))
    return f"EPSG:{found[1]}" if found else None


def _from_text(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    found = _DMS.fullmatch(text)
    if found is None:
        raise Malformed(_NOT_A_NUMBER)
    before, degrees, minutes, seconds, after = found.groups()
    value = int(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    return -value if (before or after).upper() in {"S", "W", "南", "西"} else value


def _first(names: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in wanted), None)


def _is_north(sample: Sequence[Sequence[Any]], x: int, y: int) -> bool:
    """Whether the numbers under X are northings or latitudes, in every row of the sample that has numbers."""
    told = [_votes_north(row[x], row[y]) for row in sample]
    votes = [vote for vote in told if vote is not None]
    return bool(votes) and all(votes)


def _votes_north(x: Any, y: Any) -> bool | None:
    try:
        first, second = number_of(x), number_of(y)
    except Malformed:
        return None
    if _is_in(first, _NORTHINGS):
        return not _is_in(second, _NORTHINGS)
    return _is_in(first, _LATITUDES) and _LATITUDES[1] < second <= 180


def _is_in(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
