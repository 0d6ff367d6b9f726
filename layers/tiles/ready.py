"""Tiles that are made together with a layer's table: whatever holds many features is there before anybody asks.

They are drawn as an archive is, thousands in one go, so that each costs a fraction of what it would cost alone, and one
that would be too large is thinned then and there. Below the last of these zooms a tile holds so few features that it
is made when it is asked for.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import HALF_WORLD_M, tile_side
from layers.pmtiles.build import Drawing
from layers.pmtiles.plan import Marks
from layers.pmtiles.spool import Index, Spool
from layers.tiles import thinning
from layers.tiles.columns import Column
from layers.tiles.packing import MAX_BYTES
from layers.tiles.rows import LINES, Chunk
from layers.tiles.thinning import Counts, Extents, Floats
from layers.tiles.tile_set import BUFFER, EXTENT

LAST_ZOOM = 14
# A few features as large as a country would be in more tiles than anybody looks at.
PAIRS_A_FEATURE, PAIRS = 4, 10_000
# Below, starting processes takes longer than the work.
WORTH_PROCESSES = 20_000
PROCESSES = 2
Zooms = NDArray[np.uint8]


class Sheet:
    """The features of a layer on their way into tiles: kept on disk, but for where they are.

    minzooms: of all features, in the order in which they are added.
    """

    def __init__(self, folder: Path, name: str, columns: Sequence[Column]) -> None:
        self._folder, self._name, self._columns = folder, name, columns
        self._spool = Spool(folder)
        self._lines = [np.empty(0, dtype=bool)]

    def add(self, chunk: Chunk, values: Sequence[Sequence[Any]]) -> None:
        """values: a list for each column."""
        named = {column.name: one for column, one in zip(self._columns, values, strict=True)}
        self._spool.add(chunk.geometries, chunk.ids.astype(np.uint64), named)
        self._lines.append(np.isin(shapely.get_type_id(chunk.geometries), LINES))

    def finish(self) -> tuple[Index, Extents]:
        """Nothing can be added any more."""
        index = self._spool.finish()
        return index, Extents.of(index.bounds, np.concatenate(self._lines))

    def drawing(self, index: Index, extents: Extents, minzooms: Zooms) -> Drawing:
        return Drawing(
            self._folder,
            index,
            self._name,
            minzooms,
            lambda z: marks_of(hidden_at(extents, minzooms, z)),
            f"{self._name}_cells",
            columns_of=lambda z: [c.name for c in self._columns if c.from_zoom <= z],
            max_bytes=MAX_BYTES,
        )


def hidden_at(extents: Extents, minzooms: Zooms, z: int) -> Counts:
    return thinning.counted(extents, minzooms <= z, z)


def marks_of(counts: Counts) -> Marks:
    """Counts where something is not shown, as tiles have them."""
    some = counts.hidden > 0
    numbers = {"count": counts.counts[some], "hidden": counts.hidden[some]}
    return Marks(counts.at[some], numbers)


def processes(features: int) -> int:
    return PROCESSES if features >= WORTH_PROCESSES else 1


def last_zoom(bounds: Floats, minzooms: Zooms) -> int:
    """The last zoom that is worth it; -1 for none. bounds: (n, 4) EPSG:3857."""
    for z in range(LAST_ZOOM + 1):
        if _pairs(bounds[minzooms <= z], z) > PAIRS_A_FEATURE * len(bounds) + PAIRS:
            return z - 1
    return LAST_ZOOM


def _pairs(bounds: Floats, z: int) -> int:
    """Features of tiles of a zoom, each in each tile that its bounds touch."""
    side = tile_side(z)
    margin = side * BUFFER / EXTENT
    low = np.floor((bounds[:, :2] - margin + HALF_WORLD_M) / side)
    high = np.floor((bounds[:, 2:] + margin + HALF_WORLD_M) / side)
    spans = np.clip(high, 0, 2**z - 1) - np.clip(low, 0, 2**z - 1) + 1
    return int(spans.prod(axis=1).sum())
