"""What the processes do that make an archive's tiles: a portion in, compressed tiles out."""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from layers.mvt.many import Pairs, encode_tiles
from layers.pmtiles.plan import BUFFER, EXTENT, Portion, tiles_at
from layers.pmtiles.spool import SpoolReader


class Task(NamedTuple):
    """folder, names: of the spool; layer, marks_layer: names in the tiles; tolerance: see ``encode_tile``."""

    folder: Path
    names: tuple[str, ...]
    layer: str
    marks_layer: str
    tolerance: float


class Tile(NamedTuple):
    tile_id: int
    content: bytes


@lru_cache(maxsize=1)
def _reader(task: Task) -> SpoolReader:
    return SpoolReader(task.folder, list(task.names))


def made(task: Task, portion: Portion) -> list[Tile]:
    """The portion's tiles that hold something, rising, gzip."""
    found: dict[int, bytes] = {}
    for ids, layers in (
        (portion.ids, _features(task, portion)),
        (portion.mark_ids, _marks(task, portion)),
    ):
        for tile_id, content in zip(np.unique(ids).tolist(), layers, strict=True):
            found[tile_id] = found.get(tile_id, b"") + content
    return [
        Tile(tile_id, gzip.compress(content, mtime=0))
        for tile_id, content in sorted(found.items())
        if content
    ]


def _features(task: Task, portion: Portion) -> list[bytes]:
    if not len(portion.ids):
        return []
    reader = _reader(task)
    rows, own = np.unique(portion.pairs.rows, return_inverse=True)
    geometries, ids, properties = reader.read(rows)
    properties = properties.only(portion.columns)
    pairs = Pairs(own, portion.pairs.x, portion.pairs.y)
    return encode_tiles(
        task.layer, geometries, ids, properties, pairs, portion.z,
        extent=EXTENT, buffer=BUFFER, tolerance=task.tolerance,
    )  # fmt: skip


def _marks(task: Task, portion: Portion) -> list[bytes]:
    marks = portion.marks
    if not len(marks.at):
        return []
    pairs = Pairs(np.arange(len(marks.at)), *tiles_at(marks.at, portion.z))
    points = np.atleast_1d(np.asarray(shapely.points(marks.at), dtype=object))
    return encode_tiles(
        task.marks_layer, points, None, marks.columns, pairs, portion.z, extent=EXTENT, buffer=0
    )
