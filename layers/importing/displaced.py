"""Whether geometries that come again lie where a Chinese web map would have them, not where they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_projects.geo.gcj02 import OFFSETS, Offset, unshift

FEWEST = 3
_LEAST_METRES = 100.0
# Taken back, the displacement must be a fifth of what it was, for most of them.
_REMAINDER = 0.2
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """offset: what would explain it; metres: how far off most of them lie now."""

    offset: Offset
    metres: float


def suspect(incoming: np.ndarray, known: np.ndarray) -> Suspicion | None:
    """Compare geometries of the same things, pair by pair. EPSG:4326, lon/lat; None where nothing is odd.

    incoming, known: shapely geometries in arrays of one length; fewer than three pairs tell nothing.
    """
    if len(incoming) < FEWEST:
        return None
    came, lay = _middles(incoming), _middles(known)
    before = _typical(came, lay)
    if before < _LEAST_METRES:
        return None
    after = {offset: _typical(unshift(came, offset), lay) for offset in OFFSETS}
    best = min(OFFSETS, key=after.__getitem__)
    return Suspicion(best, before) if after[best] < _REMAINDER * before else None


def _middles(geometries: np.ndarray) -> np.ndarray:
    found: np.ndarray = shapely.get_coordinates(shapely.centroid(geometries))
    return found


def _typical(one: np.ndarray, other: np.ndarray) -> float:
    """The median distance in metres: near enough to tell 500 m from 50."""
    east = (one[:, 0] - other[:, 0]) * np.cos(np.radians(other[:, 1]))
    return float(np.median(np.hypot(east, one[:, 1] - other[:, 1])) * _METRES_PER_DEGREE)
