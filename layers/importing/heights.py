"""Heights of what was staged: put back on places in EPSG:4326, where they are wanted and are numbers."""

from __future__ import annotations

import numpy as np
import shapely


def raised(flat: np.ndarray, given: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The flat geometries of the chosen positions with the heights of the given ones; None at all others.

    flat: 2-D, any CRS; given: the same geometries in another CRS, corner for corner, with Z (heights are not
    converted). chosen: a mask.
    """
    result = np.full(len(flat), None, dtype=object)
    heights = shapely.get_coordinates(given[chosen], include_z=True)[:, 2]
    places = shapely.get_coordinates(flat[chosen])
    result[chosen] = shapely.set_coordinates(
        shapely.force_3d(flat[chosen]), np.column_stack([places, heights])
    )
    return result


def are_numbers(geometries: np.ndarray) -> np.ndarray:
    """For each whether all its heights are finite; True for one without."""
    coordinates, owners = shapely.get_coordinates(geometries, include_z=True, return_index=True)
    found = np.ones(len(geometries), dtype=bool)
    found[owners[~np.isfinite(coordinates[:, 2])]] = False
    return found | ~shapely.has_z(geometries)


def laid_flat(geometries: np.ndarray) -> np.ndarray:
    """Those whose heights are all 0 without them: a drawing gives each corner one, whether it knows it or not."""
    coordinates, owners = shapely.get_coordinates(geometries, include_z=True, return_index=True)
    high = np.zeros(len(geometries), dtype=bool)
    high[owners[coordinates[:, 2] != 0]] = True
    level = shapely.has_z(geometries) & ~high
    result = geometries.copy()
    result[level] = shapely.force_2d(geometries[level])
    return result
