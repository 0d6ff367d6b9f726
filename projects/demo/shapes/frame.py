"""A flat metric frame around a point, for drawing shapes of a few kilometres."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry import LineString, Point, Polygon

XY = tuple[float, float]

# CGCS2000: semi-major axis in metres, and the first eccentricity squared.
_A, _E2 = 6_378_137.0, 0.00669438002290


@dataclass(frozen=True, slots=True)
class Frame:
    """lon, lat: the origin in degrees, EPSG:4326. turn_deg: of the x axis, anticlockwise from east."""

    lon: float
    lat: float
    turn_deg: float = 0.0

    def lonlat(self, x: float, y: float) -> XY:
        """Metres in the frame to degrees; good to some 1e-5 of the distance within 10 km."""
        turn = math.radians(self.turn_deg)
        east = x * math.cos(turn) - y * math.sin(turn)
        north = x * math.sin(turn) + y * math.cos(turn)
        phi = math.radians(self.lat)
        w2 = 1 - _E2 * math.sin(phi) ** 2
        meridian = _A * (1 - _E2) / w2**1.5
        normal = _A / math.sqrt(w2)
        return (
            self.lon + math.degrees(east / (normal * math.cos(phi))),
            self.lat + math.degrees(north / meridian),
        )

    def point(self, x: float = 0.0, y: float = 0.0) -> Point:
        return Point(self.lonlat(x, y))

    def line(self, points: Iterable[XY]) -> LineString:
        return LineString([self.lonlat(x, y) for x, y in points])

    def polygon(self, points: Iterable[XY]) -> Polygon:
        return Polygon([self.lonlat(x, y) for x, y in points])

    def moved(self, x: float, y: float, turn_deg: float = 0.0) -> "Frame":
        """The frame with its origin at (x, y) of this one and its own turn."""
        lon, lat = self.lonlat(x, y)
        return Frame(lon, lat, turn_deg)


def ring_area_m2(points: list[XY]) -> float:
    """Area of a ring of metres, by the shoelace formula."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def scaled(points: list[XY], area_m2: float) -> list[XY]:
    """The ring blown up or shrunk about the origin to that area."""
    factor = math.sqrt(area_m2 / ring_area_m2(points))
    return [(x * factor, y * factor) for x, y in points]
