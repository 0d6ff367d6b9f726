"""The bounding box of the house: west, south, east, north, always with a known CRS.

Source: RFC 7946 section 5 and OGC 17-069r4 (API - Features, Part 1) section 7.15.3 for the
order of the numbers. Boxes across the antimeridian (west > east) are refused: no city of ours
lies there, and a silent swap would turn a small box into nearly the whole Earth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

# CRSs whose numbers are degrees, so that ranges can be checked without asking pyproj.
DEGREE_SRIDS = frozenset({4326, 4490})


class BBoxInvalid(ValueError):
    """The four numbers are no bounding box; the message says why."""


@dataclass(frozen=True, slots=True)
class BBox:
    """West, south, east, north in the units of ``srid`` (degrees for 4326), lon/lat order.

    A box may have no width or height (the box of a point). Raises BBoxInvalid when a number
    is not finite, out of range, or the order is wrong.
    """

    west: float
    south: float
    east: float
    north: float
    srid: int = 4326

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, self.bounds)):
            raise BBoxInvalid("a bbox needs finite numbers")
        if self.west > self.east:
            raise BBoxInvalid("west must not be greater than east")
        if self.south > self.north:
            raise BBoxInvalid("south must not be greater than north")
        if self.srid in DEGREE_SRIDS:
            self._check_degrees()

    def _check_degrees(self) -> None:
        if self.west < -180 or self.east > 180:
            raise BBoxInvalid("longitude must be between -180 and 180")
        if self.south < -90 or self.north > 90:
            raise BBoxInvalid("latitude must be between -90 and 90")

    @classmethod
    def parse(cls, text: str, srid: int = 4326) -> BBox:
        """``"west,south,east,north"`` as a query parameter carries it.

        Raises BBoxInvalid, with the reason, on anything else (six numbers included).
        """
        parts = text.split(",")
        if len(parts) != 4:
            raise BBoxInvalid(f"a bbox has 4 numbers, not {len(parts)}")
        try:
            west, south, east, north = (float(part) for part in parts)
        except ValueError as error:
            raise BBoxInvalid("a bbox is 4 numbers separated by commas") from error
        return cls(west, south, east, north, srid)

    @classmethod
    def from_geometry(cls, geom: BaseGeometry, srid: int = 4326) -> BBox:
        """The box around a geometry whose coordinates are in ``srid``.

        Raises BBoxInvalid when the geometry is empty or has a coordinate that is not finite.
        """
        if geom.is_empty:
            raise BBoxInvalid("an empty geometry has no bbox")
        west, south, east, north = geom.bounds
        return cls(west, south, east, north, srid)

    @classmethod
    def around(cls, boxes: Iterable[BBox]) -> BBox:
        """The smallest box around all of them. Raises BBoxInvalid when there is none."""
        remaining = iter(boxes)
        try:
            result = next(remaining)
        except StopIteration:
            raise BBoxInvalid("no boxes to unite") from None
        for other in remaining:
            result = result.union(other)
        return result

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north)."""
        return (self.west, self.south, self.east, self.north)

    @property
    def width(self) -> float:
        """East minus west, in the units of the CRS."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """North minus south, in the units of the CRS."""
        return self.north - self.south

    @property
    def centre(self) -> tuple[float, float]:
        """(lon, lat) halfway along both sides."""
        return ((self.west + self.east) / 2, (self.south + self.north) / 2)

    def intersects(self, other: BBox) -> bool:
        """Whether the two share a point; touching edges count."""
        self._check_same_crs(other)
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def intersection(self, other: BBox) -> BBox | None:
        """What the two share, or None."""
        if not self.intersects(other):
            return None
        return BBox(
            max(self.west, other.west),
            max(self.south, other.south),
            min(self.east, other.east),
            min(self.north, other.north),
            self.srid,
        )

    def union(self, other: BBox) -> BBox:
        """The smallest box around both. Raises BBoxInvalid when their CRSs differ."""
        self._check_same_crs(other)
        return BBox(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
            self.srid,
        )

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the point lies inside or on the edge; NaN never does."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def contains_box(self, other: BBox) -> bool:
        """Whether the other box lies wholly inside, edges included."""
        self._check_same_crs(other)
        return self.contains(other.west, other.south) and self.contains(other.east, other.north)

    def expand(self, margin: float) -> BBox:
        """A box larger by ``margin`` (units of the CRS) on each side, cut at the ends of the Earth.

        Raises BBoxInvalid when a negative margin leaves nothing.
        """
        west, south, east, north = (
            self.west - margin,
            self.south - margin,
            self.east + margin,
            self.north + margin,
        )
        if self.srid in DEGREE_SRIDS:
            west, east = max(west, -180.0), min(east, 180.0)
            south, north = max(south, -90.0), min(north, 90.0)
        return BBox(west, south, east, north, self.srid)

    def to_polygon(self) -> Polygon:
        """The box as a polygon, counter-clockwise (RFC 7946 section 3.1.6), in the same CRS."""
        return box(*self.bounds, ccw=True)

    def __iter__(self) -> Iterator[float]:
        return iter(self.bounds)

    def __str__(self) -> str:
        return ",".join(format(number, ".12g") for number in self.bounds)

    def _check_same_crs(self, other: BBox) -> None:
        if self.srid != other.srid:
            raise BBoxInvalid(f"boxes in different CRSs: {self.srid} and {other.srid}")


def covers_degrees(geom: BaseGeometry) -> bool:
    """Whether all coordinates could be lon/lat degrees; False for empty or not finite."""
    bounds = shapely.bounds(geom)
    west, south, east, north = (float(number) for number in bounds)
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90
