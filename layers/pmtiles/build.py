"""From features to an archive: kept on disk, divided into portions, drawn by processes, written in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layers.pmtiles.archive import ArchiveWriter, Description
from layers.pmtiles.child import Task, Tile, made
from layers.pmtiles.plan import (
    ColumnsOf,
    Marks,
    MarksOf,
    Portion,
    fewer_in,
    fitting,
    portions,
    work,
)
from layers.pmtiles.spool import Index

Progress = Callable[[float], None]
# Portions on their way for each process: enough that none waits for the writer.
WAITING = 3


@dataclass(frozen=True)
class Drawing:
    """What is drawn from a finished spool. minzooms: (n,) the first zoom that shows each feature; marks_of: see Marks.

    layer, marks_layer: names in the tiles. tolerance: as ``encode_tile`` takes it.
    columns_of: the columns that a zoom's features carry; None for all. max_bytes: of a compressed tile; one that would
    be larger holds the features of a lower zoom, and its marks; 0 for no limit.
    """

    folder: Path
    index: Index
    layer: str
    minzooms: NDArray[np.uint8]
    marks_of: MarksOf
    marks_layer: str
    tolerance: float = 0.5
    columns_of: ColumnsOf | None = None
    max_bytes: int = 0


def no_marks(_z: int) -> Marks:
    """When every zoom shows all that there is."""
    return Marks(np.empty((0, 2)))


def build(
    path: Path,
    drawing: Drawing,
    description: Description,
    *,
    processes: int = 2,
    progress: Progress = lambda share: None,
) -> int:
    """Write the archive and return its size in bytes; what stands at ``path`` is replaced when it is whole.

    progress: told 0 to 1 from time to time; what it raises ends the work. Raises ValueError when there is nothing to
    draw.
    """
    total = max(work(drawing.index, drawing.minzooms, description.zooms), 1)
    done = 0
    with ArchiveWriter(path) as writer:
        for vertices, tiles in drawn(drawing, description.zooms, processes=processes):
            for tile in tiles:
                writer.add(tile.tile_id, tile.content)
            done += vertices
            progress(min(done / total, 1.0))
        return writer.finish(description)


def drawn(
    drawing: Drawing, zooms: range, *, processes: int = 2
) -> Iterator[tuple[int, list[Tile]]]:
    """All tiles that hold something, rising, some at a time, each time with how many vertices were drawn for them."""
    index = drawing.index
    columns_of = drawing.columns_of or (lambda _z: index.names)
    todo = portions(index, drawing.minzooms, zooms, drawing.marks_of, columns_of)
    task = Task(
        drawing.folder, tuple(index.names), drawing.layer, drawing.marks_layer, drawing.tolerance
    )
    for portion, tiles in _made(task, todo, processes):
        yield portion.vertices, [_fitted(task, drawing, portion, tile) for tile in tiles]


def _fitted(task: Task, drawing: Drawing, portion: Portion, tile: Tile) -> Tile:
    """The tile, or with the features of a lower zoom when it is too large."""
    shown = portion.z
    while drawing.max_bytes and len(tile.content) > drawing.max_bytes and shown:
        here = portion.ids == tile.tile_id
        minzooms = drawing.minzooms[portion.pairs.rows[here]]
        totals = np.cumsum(np.bincount(minzooms, minlength=shown + 1))
        shown = fitting(totals, shown, drawing.max_bytes / len(tile.content))
        fewer = fewer_in(portion, tile.tile_id, drawing.minzooms, shown, drawing.marks_of(shown))
        [tile] = made(task, fewer) or [Tile(tile.tile_id, b"")]
    return tile


def _made(
    task: Task, todo: Iterator[Portion], processes: int
) -> Iterator[tuple[Portion, list[Tile]]]:
    """In the order of the portions, with a few of them on their way."""
    if processes < 2:
        yield from ((portion, made(task, portion)) for portion in todo)
        return
    # Started afresh rather than forked: the caller may hold connections and threads.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    waiting: deque[tuple[Portion, Future[list[Tile]]]] = deque()
    try:
        for portion in todo:
            waiting.append((portion, pool.submit(made, task, portion)))
            if len(waiting) >= WAITING * processes:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        pool.shutdown(cancel_futures=True)
