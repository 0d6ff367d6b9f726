"""Geometries as commands: MoveTo, LineTo, ClosePath, and zigzag steps between vertices (section 4.3)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.mvt import ragged, varint
from layers.mvt.paths import Paths

MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
# A command that is done once: its number, and 1 in the bits above.
MOVE_ONCE, CLOSE_ONCE = MOVE_TO | 1 << 3, CLOSE_PATH | 1 << 3


class Kind(IntEnum):
    """GeomType of the specification, section 4.1."""

    POINT = 1
    LINESTRING = 2
    POLYGON = 3


@dataclass(frozen=True, slots=True)
class Shapes:
    """Encoded geometries: commands of all, how many of each, the layer's row of each, and its kind."""

    commands: NDArray[np.uint64]
    counts: NDArray[np.int64]
    owners: NDArray[np.int64]
    kinds: NDArray[np.int64]


def points(xy: NDArray[Any], owners: NDArray[np.int64]) -> Shapes:
    """Whole tile units, owners in rising order; a point that is there twice for an owner is left out once."""
    rows = np.unique(np.column_stack([owners, xy]), axis=0) if _repeats(owners) else None
    if rows is not None:
        owners, xy = rows[:, 0], rows[:, 1:]
    found, counts = np.unique(owners, return_counts=True)
    move = MOVE_TO | counts << 3
    ones = np.ones(len(found), dtype=np.int64)
    commands, lengths = ragged.weave([(move, ones), (_steps(xy, counts), 2 * counts)])
    return Shapes(commands, lengths, found, np.full(len(found), Kind.POINT))


def lines(paths: Paths) -> Shapes:
    """Paths of two vertices or more, the owners in rising order."""
    return _drawn(paths, Kind.LINESTRING)


def polygons(rings: Paths) -> Shapes:
    """Rings of three vertices or more without the closing one, the owners in rising order."""
    return _drawn(rings, Kind.POLYGON)


def _drawn(paths: Paths, kind: Kind) -> Shapes:
    owners, of_owner = np.unique(paths.owners, return_counts=True)
    vertices = ragged.sums(paths.counts, of_owner)
    steps = _steps(paths.xy, vertices)
    first = ragged.within(paths.counts).repeat(2) == 0
    ones = np.ones(len(paths.counts), dtype=np.int64)
    pieces = [
        (np.full(len(ones), MOVE_ONCE), ones),
        (steps[first], 2 * ones),
        (LINE_TO | (paths.counts - 1) << 3, ones),
        (steps[~first], 2 * (paths.counts - 1)),
    ]
    if kind == Kind.POLYGON:
        pieces.append((np.full(len(ones), CLOSE_ONCE), ones))
    commands, lengths = ragged.weave(pieces)
    return Shapes(commands, ragged.sums(lengths, of_owner), owners, np.full(len(owners), kind))


def _steps(xy: NDArray[Any], counts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """From each vertex to the next, x and y in turn; a feature's first from the tile's corner."""
    steps = xy.astype(np.int64)
    steps[1:] -= xy[:-1]
    first = ragged.starts(counts)
    steps[first] = xy[first]
    return varint.zigzag(steps.ravel())


def _repeats(owners: NDArray[np.int64]) -> bool:
    return bool((owners[1:] == owners[:-1]).any())
