"""Where all features of a source lie, for one group of viewers: what tiles of a source without a table begin with.

A source that changes with every edit, and that some see more of than others, has no table. What it takes to choose a
tile's features is read once for each state instead: bounds, kinds and groups, some fifty bytes of each feature. The
features themselves are then fetched by their numbers, by the rule that every page asks by.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import WEB_MERCATOR, tile_bbox, tile_side
from gis_projects.geo.web_mercator import bounds_to_web_mercator, degrees
from layers.tiles import thinning
from layers.tiles.rows import dialect
from layers.tiles.thinning import COUNT_CELLS, Counts, Extents, Floats, Longs
from layers.tiles.tile_set import BUFFER, EXTENT, MAX_ZOOM

# Groups of viewers whose places a process remembers.
_GROUPS = 4
Rows = NDArray[np.int64]
Cells = list[tuple[float, ...]]


@dataclass(frozen=True)
class Places:
    """bounds: (n, 4) EPSG:3857, metres; ids: (n,) as text; groups: of each the number of its group, below k."""

    bounds: Floats
    extents: Extents
    minzooms: NDArray[np.uint8]
    ids: NDArray[np.str_]
    groups: Longs
    k: int
    _counts: dict[int, Counts] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], groups: Sequence[Hashable]) -> "Places":
        """rows: (id, group, value of ``bounds_of``)."""
        ids, own, values = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
        lonlat, are_lines = dialect().as_bounds(values)
        bounds = bounds_to_web_mercator(lonlat)
        extents = Extents.of(bounds, are_lines)
        numbers = {group: number for number, group in enumerate(groups)}
        return cls(
            bounds,
            extents,
            thinning.minzooms(extents, MAX_ZOOM),
            np.array(ids, dtype=np.str_),
            np.fromiter(map(numbers.__getitem__, own), np.int64, count=len(own)),
            len(groups),
        )

    def bbox(self) -> BBox | None:
        """EPSG:4326, degrees."""
        if not len(self.bounds):
            return None
        west, south = self.bounds[:, :2].min(axis=0).tolist()
        east, north = self.bounds[:, 2:].max(axis=0).tolist()
        return degrees(BBox(west, south, east, north, WEB_MERCATOR))

    def touching(self, z: int, x: int, y: int) -> Rows:
        """The rows whose bounds touch the tile and its buffer."""
        box, margin = tile_bbox(z, x, y), tile_side(z) * BUFFER / EXTENT
        found = (self.bounds[:, :2] <= (box.east + margin, box.north + margin)) & (
            self.bounds[:, 2:] >= (box.west - margin, box.south - margin)
        )
        return np.flatnonzero(found[:, 0] & found[:, 1])

    def totals(self, z: int, x: int, y: int) -> Sequence[int]:
        """How many features of the tile zoom 0, 1, … shows."""
        near = self.minzooms[self.touching(z, x, y)]
        totals: list[int] = np.cumsum(np.bincount(near, minlength=MAX_ZOOM + 1)).tolist()
        return totals

    def cells(self, z: int, x: int, y: int, shown: int) -> Cells:
        """x, y, count, hidden and the counts of the groups, of the cells of the tile of zoom ``shown`` around."""
        if shown >= MAX_ZOOM:
            return []
        counts, shift = self._counted(shown), max(z - shown, 0)
        here = np.flatnonzero(
            (counts.columns // COUNT_CELLS == x >> shift)
            & (counts.rows // COUNT_CELLS == y >> shift)
        )
        numbers = np.column_stack([counts.counts, counts.hidden, counts.groups])[here].tolist()
        return [(*at, *row) for at, row in zip(counts.at[here].tolist(), numbers, strict=True)]

    def _counted(self, z: int) -> Counts:
        found = self._counts.get(z)
        if found is None:
            shown = self.minzooms <= z
            found = thinning.counted(self.extents, shown, z, self.groups, self.k)
            self._counts[z] = found
        return found


_known: OrderedDict[Hashable, tuple[Hashable, Places]] = OrderedDict()
_lock = threading.Lock()


def remembered(who: Hashable, state: Hashable, load: Callable[[], Places]) -> Places:
    """The places that a group of viewers sees, loaded unless they are known of this very state.

    state: asked for before; what changes after that may be in the places or not, and has another state.
    """
    with _lock:  # several threads would only load the same
        found = _known.get(who)
        if found is None or found[0] != state:
            found = (state, load())
            _known[who] = found
        _known.move_to_end(who)
        while len(_known) > _GROUPS:
            _known.popitem(last=False)
        return found[1]


def forget() -> None:
    _known.clear()
