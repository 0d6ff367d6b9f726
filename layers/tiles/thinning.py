"""What a zoom shows of many features, and counts that stand in for the rest.

A feature is shown where it is as large as a cell of four pixels (of a tile of 256), or the largest of those in its
cell that are smaller; what one zoom shows, the next shows too. Lines of less than a pixel, of which nothing would be
drawn, are not shown. Cells of sixteen pixels count what they hold and what of it is not shown.
All in metres of EPSG:3857; a feature lies in the cell of its bbox's centre.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import HALF_WORLD_M, tile_side

SHOWN_CELLS, COUNT_CELLS, PIXELS = 64, 16, 256
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Extents:
    """Centres (n, 2) and the longer sides (n,) of features' bboxes, and which of them are lines."""

    centres: Floats
    sides: Floats
    are_lines: Mask

    @classmethod
    def of(cls, bounds: Floats, are_lines: Mask) -> "Extents":
        """bounds: (n, 4) west, south, east, north."""
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        return cls(centres, (bounds[:, 2:] - bounds[:, :2]).max(axis=1), are_lines)


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells with something that is not shown.

    columns, rows: of the cell, from the world's north-west corner; COUNT_CELLS of them are a tile. at: (n, 2) the mean
    place of what is not shown. groups: (n, k) how many there are of each group.
    """

    columns: Longs
    rows: Longs
    at: Floats
    counts: Longs
    hidden: Longs
    groups: Longs


def minzooms(extents: Extents, maxzoom: int) -> NDArray[np.uint8]:
    """The first zoom that shows each feature; maxzoom shows all."""
    found = np.full(len(extents.sides), maxzoom, dtype=np.uint8)
    shown = np.zeros(len(found), dtype=bool)
    priority = _priority(extents.sides)
    for z in range(maxzoom):
        new = _newly_shown(extents, z, shown, priority)
        found[new] = z
        shown[new] = True
    return found


def shown_at(extents: Extents, z: int) -> Mask:
    """What one zoom shows of features that came alone, without the zooms above it."""
    shown = np.zeros(len(extents.sides), dtype=bool)
    shown[_newly_shown(extents, z, shown, _priority(extents.sides))] = True
    return shown


def counted(
    extents: Extents, shown: Mask, z: int, groups: Longs | None = None, k: int = 0
) -> Counts:
    """The cells of a zoom. groups: (n,) the number of each feature's group, below k."""
    centres, hidden = extents.centres, ~shown
    columns, rows = _cells(centres, tile_side(z) / COUNT_CELLS)
    if not hidden.all():
        near = np.isin(_code(columns, rows), np.unique(_code(columns, rows)[hidden]))
        columns, rows, hidden, centres = columns[near], rows[near], hidden[near], centres[near]
        groups = None if groups is None else groups[near]
    codes, first, cell, counts = np.unique(
        _code(columns, rows), return_index=True, return_inverse=True, return_counts=True
    )
    total = len(codes)
    of_hidden = cell[hidden]
    number = np.bincount(of_hidden, minlength=total)
    sums = [
        np.bincount(of_hidden, weights=centres[hidden, axis], minlength=total) for axis in (0, 1)
    ]
    by_group = np.zeros((total, k), dtype=np.int64)
    if groups is not None:
        np.add.at(by_group, (cell, groups), 1)
    at = np.column_stack(sums) / np.maximum(number, 1)[:, None]
    return Counts(columns[first], rows[first], at, counts, number, by_group)


def _newly_shown(extents: Extents, z: int, shown: Mask, priority: Longs) -> Longs:
    side = tile_side(z)
    is_large = extents.sides >= side / SHOWN_CELLS
    large = np.flatnonzero(is_large & ~shown)
    visible = ~(extents.are_lines & (extents.sides < side / PIXELS))
    small = np.flatnonzero(~is_large & (shown | visible))
    if not len(small):
        return large
    codes = _code(*_cells(extents.centres[small], side / SHOWN_CELLS))
    order = np.lexsort((priority[small], ~shown[small]))
    _, first = np.unique(codes[order], return_index=True)
    winners = small[order[first]]
    return np.concatenate([large, winners[~shown[winners]]])


def _priority(sides: Floats) -> Longs:
    """Large ones first; of like ones the first."""
    priority = np.empty(len(sides), dtype=np.int64)
    priority[np.argsort(-sides, kind="stable")] = np.arange(len(sides))
    return priority


def _cells(centres: Floats, side: float) -> tuple[Longs, Longs]:
    columns = np.floor((centres[:, 0] + HALF_WORLD_M) / side).astype(np.int64)
    rows = np.floor((HALF_WORLD_M - centres[:, 1]) / side).astype(np.int64)
    return columns, rows


def _code(columns: Longs, rows: Longs) -> Longs:
    code: NDArray[Any] = (rows << 32) + columns
    return code
