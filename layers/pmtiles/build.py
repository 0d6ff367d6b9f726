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
from layers.pmtiles.plan import ColumnsOf, Marks, MarksOf, Portion, portions, work
from layers.pmtiles.spool import Index

Progress = Callable[[float], None]
# Portions on their way for each process: enough that none waits for the writer.
WAITING = 3


@dataclass(frozen=True)
class Drawing:
    """What is drawn from a finished spool. minzooms: (n,) the first zoom that shows each feature; marks_of: see Marks.

    layer, marks_layer: names in the tiles. tolerance: as ``encode_tile`` takes it.
    columns_of: the columns that a zoom's features carry; None for all.
    """

    folder: Path
    index: Index
    layer: str
    minzooms: NDArray[np.uint8]
    marks_of: MarksOf
    marks_layer: str
    tolerance: float = 0.5
    columns_of: ColumnsOf | None = None


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
    index = drawing.index
    columns_of = drawing.columns_of or (lambda _z: index.names)
    todo = portions(index, drawing.minzooms, description.zooms, drawing.marks_of, columns_of)
    total = max(work(index, drawing.minzooms, description.zooms), 1)
    task = Task(
        drawing.folder, tuple(index.names), drawing.layer, drawing.marks_layer, drawing.tolerance
    )
    done = 0
    with ArchiveWriter(path) as writer:
        for portion, tiles in _drawn(task, todo, processes):
            for tile in tiles:
                writer.add(tile.tile_id, tile.content)
            done += portion.vertices
            progress(min(done / total, 1.0))
        return writer.finish(description)


def _drawn(
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
