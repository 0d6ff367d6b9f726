"""Whether geometries lie where they are wanted, and where their CRS is made for."""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely

from gis_projects.geo.bbox import BBox

# Where a geometry must lie: wholly in the wanted bbox, with some of it, or wherever there are degrees.
Place = Literal["inside", "touching", "anywhere"]
_WORLD = BBox(-180.0, -90.0, 180.0, 90.0)


def lies_well(bounds: np.ndarray, bbox: BBox, place: Place) -> np.ndarray:
    """For each row of bounds (west, south, east, north, EPSG:4326; NaN for none) whether it lies as ``place`` says."""
    box = bbox if place != "anywhere" else _WORLD
    with np.errstate(invalid="ignore"):
        if place == "touching":
            # Beyond the degrees that there are it can be no place, wherever the rest of it lies.
            found = touches(bounds, box) & _is_within(bounds, _WORLD)
        else:
            found = _is_within(bounds, box)
        return np.asarray(found & np.isfinite(bounds).all(axis=1))


def touches(bounds: np.ndarray, box: BBox) -> np.ndarray:
    """For each row whether it has a point of the box; False where it has none of its own."""
    west, south, east, north = bounds.T
    with np.errstate(invalid="ignore"):
        across = (west <= box.east) & (east >= box.west)
        return np.asarray(across & (south <= box.north) & (north >= box.south))


def bounds_of(geometries: np.ndarray) -> np.ndarray:
    """(n, 4) west, south, east, north; NaN where there is no geometry."""
    return np.asarray(shapely.bounds(geometries))


def _is_within(bounds: np.ndarray, box: BBox) -> np.ndarray:
    west, south, east, north = bounds.T
    inside = (west >= box.west) & (south >= box.south)
    return np.asarray(inside & (east <= box.east) & (north <= box.north))
