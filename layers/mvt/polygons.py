"""Polygons on the tile's grid that are valid there, wound as the specification asks.

Rounding can make a side pass through a corner of another ring. What is not valid any more is mended and put on the grid
by snap rounding, which leaves valid polygons whose vertices are whole numbers.
Source: MVT 2.1, section 4.3.4.4; J. D. Hobby, Computational Geometry 13 (1999) 4, as GEOS's precision reducer does it.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt.paths import (
    Paths,
    closed,
    doubled_areas,
    opened,
    rounded_rings,
    simplified,
    turned,
)

Rows = NDArray[np.int64]
# Corners, and the closing vertex: a triangle has nothing to lose.
WORTH_SIMPLIFYING = 5


def on_grid(paths: Paths, polygon: Rows, tolerance: float) -> Paths:
    """Rings of valid polygons, whole tile units, wound and ordered; owners of what has collapsed are not there.

    paths: closed rings, tile units; polygon: the polygon of each ring, in rising order, its shell first.
    """
    rings = rounded_rings(opened(simplified(paths, tolerance, WORTH_SIMPLIFYING)))
    shell = np.ones(len(polygon), dtype=bool)
    shell[1:] = polygon[1:] != polygon[:-1]
    is_ring = rings.counts >= 3
    number = np.cumsum(shell) - 1
    kept = np.flatnonzero(is_ring & is_ring[shell][number])
    return _mended(rings.choose(kept), shell[kept])


def _mended(rings: Paths, shell: NDArray[np.bool_]) -> Paths:
    if not len(rings.counts):
        return rings
    features, owners = _assembled(rings, shell)
    broken = ~shapely.is_valid(features)
    if broken.any():
        bad = np.isin(rings.owners, owners[broken])
        repaired, repaired_shell = _repaired(features[broken], owners[broken])
        sound = rings.choose(np.flatnonzero(~bad))
        both = Paths(
            np.concatenate([sound.xy, repaired.xy]),
            np.concatenate([sound.counts, repaired.counts]),
            np.concatenate([sound.owners, repaired.owners]),
        )
        order = np.argsort(both.owners, kind="stable")
        rings, shell = both.choose(order), np.concatenate([shell[~bad], repaired_shell])[order]
    return turned(rings, (doubled_areas(rings) > 0) != shell)


def _assembled(rings: Paths, shell: NDArray[np.bool_]) -> tuple[NDArray[np.object_], Rows]:
    """One multipolygon for each owner."""
    ends = closed(rings)
    shells = np.flatnonzero(shell)
    owners, first = np.unique(rings.owners[shells], return_index=True)
    ring_offsets = np.append(0, np.cumsum(ends.counts))
    polygon_offsets = np.append(shells, len(shell))
    feature_offsets = np.append(first, len(shells))
    features = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        ends.xy.astype(np.float64),
        (ring_offsets, polygon_offsets, feature_offsets),
    )
    return features, owners


def _repaired(features: NDArray[np.object_], owners: Rows) -> tuple[Paths, NDArray[np.bool_]]:
    valid = shapely.make_valid(features, method="structure", keep_collapsed=False)
    snapped = shapely.set_precision(valid, 1.0)
    parts, row = shapely.get_parts(snapped, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    found, polygon = shapely.get_rings(parts[areal], return_index=True)
    xy = np.rint(shapely.get_coordinates(found)).astype(np.int64)
    counts = shapely.get_num_coordinates(found).astype(np.int64)
    rings = opened(Paths(xy, counts, owners[row[areal]][polygon]))
    shell = np.ones(len(polygon), dtype=bool)
    shell[1:] = polygon[1:] != polygon[:-1]
    return rings, shell
