"""Which tiles there are, in the order of the archive, in portions for one process each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import HALF_WORLD_M, tile_side
from layers.mvt.grid import XY, Rows
from layers.mvt.many import Pairs, pairs_of
from layers.pmtiles.spool import Index
from layers.pmtiles.tile_id import tile_ids

EXTENT, BUFFER = 4096, 64
# Of a portion: memory is a few hundred bytes a vertex, and a process has hundreds of them to do.
MAX_VERTICES = 200_000
# Fewer features are less alike, and marks take room too.
_SURE = 0.9


@dataclass(frozen=True)
class Marks:
    """Points in place of what a zoom does not show. at: (n, 2) EPSG:3857; columns: a value for each."""

    at: XY
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Portion:
    """Tiles of one zoom.

    columns: what their features carry. ids: of each pair; mark_ids: of each mark; both rising. vertices: what there is
    to draw.
    """

    z: int
    columns: Sequence[str]
    pairs: Pairs
    ids: Rows
    marks: Marks
    mark_ids: Rows
    vertices: int


MarksOf = Callable[[int], Marks]
ColumnsOf = Callable[[int], Sequence[str]]


def portions(
    index: Index,
    minzooms: NDArray[np.uint8],
    zooms: range,
    marks_of: MarksOf,
    columns_of: ColumnsOf,
) -> Iterator[Portion]:
    """All tiles of these zooms with something in them. minzooms: the first zoom that shows each feature."""
    for z in zooms:
        shown = np.flatnonzero(minzooms <= z)
        pairs = pairs_of(index.bounds[shown], z, extent=EXTENT, buffer=BUFFER)
        pairs = Pairs(shown[pairs.rows], pairs.x, pairs.y)
        ids = tile_ids(z, pairs.x, pairs.y)
        order = np.argsort(ids, kind="stable")
        pairs, ids = _chosen(pairs, order), ids[order]
        marks = marks_of(z)
        mark_ids = tile_ids(z, *tiles_at(marks.at, z))
        mark_order = np.argsort(mark_ids, kind="stable")
        marks, mark_ids = _those(marks, mark_order), mark_ids[mark_order]
        vertices = index.vertices[pairs.rows]
        yield from _divided(z, columns_of(z), pairs, ids, vertices, marks, mark_ids)


def work(index: Index, minzooms: NDArray[np.uint8], zooms: range) -> int:
    """About how many vertices there are to draw, at all zooms together."""
    first = np.clip(minzooms, zooms.start, zooms.stop)
    return int((index.vertices * (zooms.stop - first)).sum())


def fitting(totals: Any, shown: int, share: float) -> int:
    """The highest zoom below ``shown`` with about so small a share of the features.

    totals: how many there are of zoom 0, 1, … up to ``shown`` at least. So a tile that is too large is made once more,
    and not once for each zoom.
    """
    below: NDArray[Any] = np.asarray(totals)[:shown]
    allowed = _SURE * share * float(totals[shown])
    return max(int(np.searchsorted(below, allowed, "right")) - 1, 0)


def fewer_in(
    portion: Portion, tile_id: int, minzooms: NDArray[np.uint8], shown: int, marks: Marks
) -> Portion:
    """One of the portion's tiles with the features and the marks of a lower zoom, at its own place and size."""
    here = np.flatnonzero(portion.ids == tile_id)
    here = here[minzooms[portion.pairs.rows[here]] <= shown]
    mark_ids = tile_ids(portion.z, *tiles_at(marks.at, portion.z))
    there = np.flatnonzero(mark_ids == tile_id)
    return Portion(
        portion.z, portion.columns, _chosen(portion.pairs, here), portion.ids[here],
        _those(marks, there), mark_ids[there], 0,
    )  # fmt: skip


def _divided(
    z: int,
    columns: Sequence[str],
    pairs: Pairs,
    ids: Rows,
    vertices: Rows,
    marks: Marks,
    mark_ids: Rows,
) -> Iterator[Portion]:
    tiles, number = np.unique(np.concatenate([ids, mark_ids]), return_inverse=True)
    weights = np.concatenate([vertices, np.ones(len(mark_ids), dtype=np.int64)])
    heavy = np.cumsum(np.bincount(number, weights=weights, minlength=len(tiles)))
    ends = np.flatnonzero(np.diff(heavy // MAX_VERTICES, append=np.inf))
    first, first_mark = 0, 0
    for last in tiles[ends].tolist():
        end, end_mark = (
            np.searchsorted(ids, last, "right"),
            np.searchsorted(mark_ids, last, "right"),
        )
        here, there = slice(first, end), slice(first_mark, end_mark)
        yield Portion(
            z, columns, _chosen(pairs, here), ids[here], _those(marks, there), mark_ids[there],
            int(vertices[here].sum()),
        )  # fmt: skip
        first, first_mark = end, end_mark


def tiles_at(at: XY, z: int) -> tuple[Rows, Rows]:
    side = tile_side(z)
    offsets = np.column_stack([at[:, 0] + HALF_WORLD_M, HALF_WORLD_M - at[:, 1]])
    x, y = np.clip(np.floor(offsets / side), 0, 2**z - 1).astype(np.int64).T
    return x, y


def _chosen(pairs: Pairs, which: Any) -> Pairs:
    return Pairs(*(one[which] for one in pairs))


def _those(marks: Marks, which: Any) -> Marks:
    return Marks(marks.at[which], {name: one[which] for name, one in marks.columns.items()})
