"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, and the way back to WGS 84.

There is no official publication. The formula is the one known since 2013 from open implementations, which the map
services' own output confirms: a polynomial with sines around 105 E, 35 N, on the ellipsoid of Krassowsky. BD-09 shifts
GCJ-02 a second time. Neither has a closed inverse: it is iterated, and converges since the shift changes by less than
a hundredth from place to place.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Offset = Literal["gcj02", "bd09"]
OFFSETS: tuple[Offset, ...] = ("gcj02", "bd09")
NAMES: dict[Offset, str] = {"gcj02": "GCJ-02", "bd09": "BD-09"}

# Krassowsky 1940: semi-major axis in metres, and the square of the first eccentricity.
_A, _EE = 6_378_245.0, 0.006_693_421_622_965_943
# Outside of this box the services shift nothing: west, south, east, north.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_STEP_DEGREES = 1e-12  # 0.1 micrometres
_MAX_STEPS = 30
_BAIDU = np.pi * 3_000 / 180

Degrees = NDArray[np.float64]


def shift(coordinates: Degrees, offset: Offset) -> Degrees:
    """WGS 84 to GCJ-02 or BD-09. coordinates: (n, 2), lon/lat in degrees; the result likewise.

    GCJ-02 leaves what lies outside of China where it is. NaN stays NaN.
    """
    shifted = _gcj02(np.asarray(coordinates, dtype=np.float64))
    return _bd09(shifted) if offset == "bd09" else shifted


def unshift(coordinates: Degrees, offset: Offset) -> Degrees:
    """GCJ-02 or BD-09 to WGS 84, by fixed-point iteration; the round trip is exact to less than 1e-6 m.

    coordinates: (n, 2), lon/lat in degrees; the result likewise. Within some hundred metres of the box around
    China, where the shift begins at once, there may be no answer: the last approximation is given.
    """
    wanted = np.asarray(coordinates, dtype=np.float64)
    found = wanted.copy()
    for _step in range(_MAX_STEPS):
        error = shift(found, offset) - wanted
        found -= error
        if not np.any(np.abs(error) > _STEP_DEGREES):
            break
    return found


def _gcj02(coordinates: Degrees) -> Degrees:
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    west, south, east, north = _CHINA
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    latitude = np.radians(lat)
    magic = 1 - _EE * np.sin(latitude) ** 2
    metres_east, metres_north = _metres(lon - 105, lat - 35)
    d_lat = np.degrees(metres_north * magic * np.sqrt(magic) / (_A * (1 - _EE)))
    d_lon = np.degrees(metres_east * np.sqrt(magic) / (_A * np.cos(latitude)))
    moved = np.column_stack([lon + d_lon, lat + d_lat])
    return np.where(inside[:, None], moved, coordinates)


def _metres(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
    """How far a place is moved east and north; x, y: degrees from 105 E, 35 N."""
    root = np.sqrt(np.abs(x))
    both = _waves(x, (20.0, 6.0), (20.0, 2.0))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + both + _waves(x, (20.0, 1.0), (40.0, 1 / 3))
    east = east + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + both + _waves(y, (20.0, 1.0), (40.0, 1 / 3))
    north = north + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    return east, north


def _waves(value: Degrees, *terms: tuple[float, float]) -> Degrees:
    total: Degrees = sum(
        (height * np.sin(value * np.pi * pace) for height, pace in terms),
        start=np.zeros_like(value),
    )
    return total * 2 / 3


def _bd09(coordinates: Degrees) -> Degrees:
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * _BAIDU)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def unshifter(offset: Offset) -> Callable[[Degrees], Degrees]:
    """``unshift`` for one offset, as ``shapely.transform`` takes it."""
    return lambda coordinates: unshift(coordinates, offset)
