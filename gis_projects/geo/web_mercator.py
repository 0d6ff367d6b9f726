"""EPSG:4326 to EPSG:3857 and back for whole arrays: on a sphere the projection is one line each way.

Source: EPSG guidance note 7-2, method 1024 (Popular Visualisation Pseudo-Mercator).
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import HALF_WORLD_M, MAX_LATITUDE

RADIUS_M = 6_378_137.0
Geometries = NDArray[np.object_]


def to_web_mercator(geometries: Geometries) -> Geometries:
    """Shapely geometries, EPSG:4326 lon/lat degrees, in metres of EPSG:3857. None stays None, Z is dropped.

    What lies beyond the square of WebMercatorQuad (85.05 degrees) is moved to its edge.
    """
    projected: Geometries = shapely.transform(geometries, _metres)
    return projected


def bounds_to_web_mercator(bounds: NDArray[Any]) -> NDArray[Any]:
    """(n, 4) west, south, east, north in degrees as metres: both axes rise, so corners stay corners."""
    return np.hstack([_metres(bounds[:, :2]), _metres(bounds[:, 2:])])


def degrees(bbox: BBox) -> BBox:
    """A bbox of EPSG:3857 in EPSG:4326, never beyond the world."""
    corners = np.array([bbox.bounds[:2], bbox.bounds[2:]])
    lon = np.clip(np.degrees(corners[:, 0] / RADIUS_M), -180, 180)
    lat = np.degrees(np.arctan(np.sinh(corners[:, 1] / RADIUS_M)))
    return BBox(float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1]))


def _metres(positions: NDArray[Any]) -> NDArray[Any]:
    lat = np.clip(positions[:, 1], -MAX_LATITUDE, MAX_LATITUDE)
    x = positions[:, 0] * (HALF_WORLD_M / 180)
    y = RADIUS_M * np.arctanh(np.sin(np.radians(lat)))
    return np.column_stack([x, y])
