"""What both databases keep of a layer for its tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import tile_bbox, tile_side
from layers.pmtiles.child import Tile
from layers.tiles.columns import Column
from layers.tiles.thinning import COUNT_CELLS, Counts
from layers.tiles.tile_set import BUFFER, EXTENT


class Missing(Exception):
    """The table is not there (any more)."""


@dataclass(frozen=True)
class Prepared:
    """Features on their way into a table. geometries: EPSG:3857. sides: the longer side of a polygon's bbox in metres,
    NaN of what is none. ranks: places on the Hilbert curve. values: one list for each column.
    """

    geometries: NDArray[np.object_]
    ids: NDArray[np.int64]
    minzooms: NDArray[np.uint8]
    sides: NDArray[np.float64]
    ranks: NDArray[np.int64]
    values: Sequence[Sequence[Any]]


class Writer(Protocol):
    def write(self, rows: Prepared) -> None: ...

    def ready(self, tiles: Sequence[Tile]) -> None:
        """Tiles by their numbers in an archive, gzip."""
        ...

    def count(self, z: int, counts: Counts) -> None: ...


@dataclass(frozen=True)
class Plan:
    """What is asked of a table for one tile. columns: those that the tile carries."""

    token: str
    name: str
    columns: Sequence[tuple[int, Column]]
    z: int
    x: int
    y: int
    shown: int


def around(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile with its buffer, EPSG:3857."""
    margin = tile_side(z) * BUFFER / EXTENT
    west, south, east, north = tile_bbox(z, x, y).bounds
    return west - margin, south - margin, east + margin, north + margin


def chunks_of(counts: Counts) -> Iterator[tuple[int, ...]]:
    """Tile column, tile row, x, y, count, hidden of each cell."""
    yield from zip(
        (counts.columns // COUNT_CELLS).tolist(),
        (counts.rows // COUNT_CELLS).tolist(),
        counts.at[:, 0].tolist(),
        counts.at[:, 1].tolist(),
        counts.counts.tolist(),
        counts.hidden.tolist(),
        strict=True,
    )
