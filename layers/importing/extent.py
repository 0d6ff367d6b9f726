"""Where the bulk of a data set lies, in its own numbers, without the few that lie astray."""

from __future__ import annotations

import numpy as np
import shapely

from layers.importing.crs_guess import Bounds

# Tukey's outer fences: what lies further than this many interquartile ranges from the middle half is "far out".
_FENCE = 3.0


def bulk_bounds(geometries: np.ndarray) -> Bounds | None:
    """West, south, east, north of the geometries, far-out ones and infinite numbers left aside, or None.

    geometries: shapely or None, any CRS. One feature at 0, 0, or with one corner there, must not decide the CRS of
    thousands. Of fewer than five features none is taken for an outlier.
    Source: J. W. Tukey, Exploratory Data Analysis (1977), chapter 2.
    """
    boxes = _boxes(geometries)
    if not len(boxes):
        return None
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    first, third = np.quantile(middles, [0.25, 0.75], axis=0)
    reach = _FENCE * (third - first)
    kept = ((middles >= first - reach) & (middles <= third + reach)).all(axis=1)
    if len(boxes) >= 5 and kept.any():
        boxes = boxes[kept]
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _boxes(geometries: np.ndarray) -> np.ndarray:
    """(n, 4) west, south, east, north of each geometry that has finite numbers, by these alone."""
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    finite = np.isfinite(coordinates).all(axis=1)
    coordinates, owners = coordinates[finite], owners[finite]
    if not len(owners):
        return np.empty((0, 4))
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    lows = np.minimum.reduceat(coordinates, starts)
    return np.hstack([lows, np.maximum.reduceat(coordinates, starts)])
