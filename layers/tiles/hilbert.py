"""The Hilbert curve: features that are near each other on the ground come near each other in a table.

Source: J. Skilling, Programming the Hilbert curve, AIP Conference Proceedings 707 (2004); here for two dimensions, by
the state of each quadrant, for whole arrays.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import HALF_WORLD_M

BITS = 26  # a step of 0.6 m


def order(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rows of (n, 2) places (EPSG:3857, metres) in the order of the curve."""
    steps = (places + HALF_WORLD_M) / (2 * HALF_WORLD_M) * 2**BITS
    grid = np.clip(steps, 0, 2**BITS - 1).astype(np.int64)
    return np.argsort(_distances(grid[:, 0], grid[:, 1]), kind="stable")


def _distances(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.int64]:
    x, y = x.copy(), y.copy()
    found = np.zeros(len(x), dtype=np.int64)
    for bit in range(BITS - 1, -1, -1):
        side = 1 << bit
        right, upper = (x & side) > 0, (y & side) > 0
        found += side * side * ((3 * right) ^ upper)
        # Each quadrant's own curve is turned so that the ends meet.
        turned = ~upper
        flipped = turned & right
        x[flipped], y[flipped] = side - 1 - x[flipped], side - 1 - y[flipped]
        x[turned], y[turned] = y[turned], x[turned].copy()
        x &= side - 1
        y &= side - 1
    return found
