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
    """The first zoom that shows each feature; maxzoom shows all.

    Four cells of a zoom are one of the zoom before, so features are brought into the order of their cells once, and
    each zoom's cells are runs of them.
    """
    total = len(extents.sides)
    found = np.full(total, maxzoom, dtype=np.uint8)
    if not total or not maxzoom:
        return found
    last = maxzoom - 1
    codes = _interleaved(*_cells(extents.centres, tile_side(last) / SHOWN_CELLS))
    order = np.argsort(codes, kind="stable")
    codes, sides, are_lines = codes[order], extents.sides[order], extents.are_lines[order]
    priority = _priority(extents.sides)[order]
    at_priority = np.empty(total, dtype=np.int64)
    at_priority[priority] = np.arange(total)
    shown = np.zeros(total, dtype=bool)
    for z in range(maxzoom):
        side = tile_side(z)
        is_large = sides >= side / SHOWN_CELLS
        new = [np.flatnonzero(is_large & ~shown)]
        small = np.flatnonzero(~is_large & (shown | ~(are_lines & (sides < side / PIXELS))))
        if len(small):
            cells = codes[small] >> 2 * (last - z)
            first = np.flatnonzero(np.diff(cells, prepend=-1))
            # What is shown already stays so, and stands for its cell.
            keys = priority[small] + total * ~shown[small]
            winners = np.minimum.reduceat(keys, first)
            new.append(at_priority[winners[winners >= total] - total])
        fresh = np.concatenate(new)
        found[order[fresh]] = z
        shown[fresh] = True
    return found


def shown_at(extents: Extents, z: int) -> Mask:
    """What one zoom shows of features that came alone, without the zooms above it."""
    shown = np.zeros(len(extents.sides), dtype=bool)
    shown[_alone(extents, z, _priority(extents.sides))] = True
    return shown


def counted(
    extents: Extents, shown: Mask, z: int, groups: Longs | None = None, k: int = 0
) -> Counts:
    """The cells of a zoom that hide something. groups: (n,) the number of each feature's group, below k."""
    centres, hidden = extents.centres, ~shown
    columns, rows = _cells(centres, tile_side(z) / COUNT_CELLS)
    if not hidden.any():
        none = np.empty(0, dtype=np.int64)
        return Counts(none, none, np.empty((0, 2)), none, none, np.empty((0, k), dtype=np.int64))
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


def _alone(extents: Extents, z: int, priority: Longs) -> Longs:
    side = tile_side(z)
    is_large = extents.sides >= side / SHOWN_CELLS
    large = np.flatnonzero(is_large)
    small = np.flatnonzero(~is_large & ~(extents.are_lines & (extents.sides < side / PIXELS)))
    codes = _code(*_cells(extents.centres[small], side / SHOWN_CELLS))
    order = np.lexsort((priority[small], codes))
    _, first = np.unique(codes[order], return_index=True)
    return np.concatenate([large, small[order[first]]])


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


def _interleaved(columns: Longs, rows: Longs) -> Longs:
    """The bits of both in turn (Morton 1966): a cell's number without its last two bits is that of the cell around."""
    return _spread(columns) << 1 | _spread(rows)


def _spread(numbers: Longs) -> Longs:
    """A zero before each bit of numbers below 2^32."""
    found = np.clip(numbers, 0, 2**31 - 1)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        found = (found | found << shift) & mask
    return found
