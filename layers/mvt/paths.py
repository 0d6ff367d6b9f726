"""Lines and rings on the tile's grid: rounded, without repeated vertices, simplified."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt import ragged

Units = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Paths:
    """xy: (m, 2) vertices of all paths, tile units; counts: (p,) vertices of each; owners: (p,) the row each is of.

    A ring is a path without its closing vertex.
    """

    xy: NDArray[Any]
    counts: NDArray[np.int64]
    owners: NDArray[np.int64]

    def keep(self, vertices: NDArray[np.bool_]) -> "Paths":
        """With these vertices only; a path may lose all."""
        return Paths(self.xy[vertices], ragged.sums(vertices, self.counts), self.owners)

    def choose(self, paths: NDArray[np.int64]) -> "Paths":
        """These paths, in this order."""
        xy, counts = ragged.take(self.xy, self.counts, paths)
        return Paths(xy, counts, self.owners[paths])


def around(paths: Paths) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each vertex, where its neighbours before and after it on the ring stand."""
    before = np.arange(len(paths.xy)) - 1
    after = before + 2
    filled = paths.counts > 0
    first = ragged.starts(paths.counts)[filled]
    last = first + paths.counts[filled] - 1
    before[first], after[last] = last, first
    return before, after


def opened(paths: Paths) -> Paths:
    """Rings as shapely gives them, without the vertex that closes them."""
    last = ragged.starts(paths.counts) + paths.counts - 1
    kept = np.ones(len(paths.xy), dtype=bool)
    kept[last[paths.counts > 0]] = False
    return paths.keep(kept)


def closed(paths: Paths) -> Paths:
    """Rings with their first vertex once more at the end; none is empty."""
    first = ragged.starts(paths.counts)
    places = np.repeat(first, paths.counts + 1) + ragged.within(paths.counts + 1)
    places[np.cumsum(paths.counts + 1) - 1] = first
    return Paths(paths.xy[places], paths.counts + 1, paths.owners)


def rounded_lines(paths: Paths) -> Paths:
    """On the grid, without repeated vertices; what has become one point is gone."""
    xy = np.rint(paths.xy).astype(np.int64)
    moved = np.ones(len(xy), dtype=bool)
    moved[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    moved[ragged.starts(paths.counts)[paths.counts > 0]] = True
    short = Paths(xy, paths.counts, paths.owners).keep(moved)
    return short.choose(np.flatnonzero(short.counts >= 2))


def rounded_rings(paths: Paths) -> Paths:
    """On the grid, without repeated vertices, and without most of those that add no area: on a straight side, at the
    tip of a spike. A ring that has become a line may end with no vertex.
    """
    rings = _distinct(Paths(np.rint(paths.xy).astype(np.int64), paths.counts, paths.owners))
    # A bent spike needs a round for each bend. What is left after a few makes the ring invalid, and is mended.
    for _ in range(3):
        before, after = around(rings)
        there, back = rings.xy - rings.xy[before], rings.xy[after] - rings.xy
        bent = there[:, 0] * back[:, 1] != there[:, 1] * back[:, 0]
        if bent.all():
            break
        rings = _distinct(rings.keep(bent))
    return rings


def _distinct(rings: Paths) -> Paths:
    before, _ = around(rings)
    return rings.keep((rings.xy != rings.xy[before]).any(axis=1))


def simplified(paths: Paths, tolerance: float, at_least: int) -> Paths:
    """Without the vertices that the line through the others passes within ``tolerance`` (tile units) of.

    Paths of at least so many vertices only. Source: D. H. Douglas and T. K. Peucker, The Canadian Cartographer 10
    (1973) 2, as GEOS does it.
    """
    long = np.flatnonzero(paths.counts >= at_least)
    if tolerance <= 0 or not len(long):
        return paths
    chosen = paths.choose(long)
    lines = shapely.linestrings(chosen.xy, indices=np.repeat(np.arange(len(long)), chosen.counts))
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    counts = paths.counts.copy()
    counts[long] = shapely.get_num_coordinates(simple)
    xy = np.empty((counts.sum(), 2))
    is_long = np.zeros(len(counts), dtype=bool)
    is_long[long] = True
    xy[np.repeat(is_long, counts)] = shapely.get_coordinates(simple)
    short, _ = ragged.take(paths.xy, paths.counts, np.flatnonzero(~is_long))
    xy[np.repeat(~is_long, counts)] = short
    return Paths(xy, counts, paths.owners)


def doubled_areas(rings: Paths) -> Units:
    """Twice the area of each ring by the surveyor's formula: above 0 when it runs clockwise on a screen."""
    _, after = around(rings)
    x, y = rings.xy[:, 0], rings.xy[:, 1]
    found: Units = ragged.sums(x * y[after] - x[after] * y, rings.counts)
    return found


def turned(rings: Paths, backwards: NDArray[np.bool_]) -> Paths:
    """With some of them running the other way, from the same vertex."""
    place = ragged.within(rings.counts)
    first = np.repeat(ragged.starts(rings.counts), rings.counts)
    length = np.repeat(rings.counts, rings.counts)
    mirrored = (length - place) % np.maximum(length, 1)
    places = first + np.where(np.repeat(backwards, rings.counts), mirrored, place)
    return Paths(rings.xy[places], rings.counts, rings.owners)
