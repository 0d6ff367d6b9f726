"""The child's side of an import: stages what was sent, opens it, and gives its features chunk by chunk.

Runs in quarantine. The site asks (``open``, ``next``, ``drop``, each with a number for the pass), this answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from layers.importing.archive import MAIN_PARTS, Limits, Part, stage_files
from layers.importing.packing import pack_chunk, pack_problem, pack_source
from layers.importing.problems import Code, ImportRefused, Problem, megabytes, refuse
from layers.importing.readers import open_source
from layers.importing.source import Chunk, Source
from layers.quarantine.child import JobRefused, Work

_FRAME_BYTES = 64 << 20
_GEOMETRY_BYTES = 192 << 20
_POINT = 0
_LAYERED = frozenset({"gpkg", "xlsx", "gpx"})


def vectors(work: Work) -> None:
    """The job ``vectors``. See ``layers.importing.remote`` for the other side."""
    try:
        with _open(work) as source:
            work.send({"kind": "source", "source": pack_source(source)})
            _Passes(work, source).answer()
    except ImportRefused as refusal:
        raise JobRefused([pack_problem(one) for one in refusal.problems]) from refusal


def _open(work: Work) -> Source:
    given = work.arguments
    parts = [Part(name, path) for name, path in zip(given["names"], work.files, strict=True)]
    limits = Limits(**given["limits"])
    staged = stage_files(parts, work.folder, _archive_choice(given["layer"]), limits)
    layer = given["layer"]
    inner = layer if staged.format in _LAYERED and layer != _archive_choice(layer) else None
    return open_source(staged, given["encoding"], inner)


def _archive_choice(layer: str | None) -> str | None:
    """A name that is a file's name chooses among files; others choose inside a file of several layers."""
    is_file = layer is not None and layer.lower().endswith(tuple(MAIN_PARTS))
    return layer if is_file else None


class _Passes:
    """Reads through the source, each from the beginning; several may be under way."""

    def __init__(self, work: Work, source: Source) -> None:
        self._work = work
        self._source = source
        self._passes: dict[int, Iterator[Chunk]] = {}

    def answer(self) -> None:
        """Until the site has no more questions."""
        while (asked := self._work.receive()) is not None:
            number = int(asked.header["pass"])
            if asked.kind == "open":
                self._passes[number] = self._pieces(int(asked.header["size"]))
            elif asked.kind == "drop":
                self._passes.pop(number, None)
            else:
                self._give(number)

    def _give(self, number: int) -> None:
        try:
            chunk = next(self._passes.get(number, iter(())), None)
        except ImportRefused as refusal:
            problems = [pack_problem(one) for one in refusal.problems]
            self._work.send({"kind": "failed pass", "pass": number, "problems": problems})
            return
        if chunk is None:
            self._work.send({"kind": "end", "pass": number})
            return
        header, buffers = pack_chunk(chunk)
        self._work.send({"kind": "chunk", "pass": number, **header}, buffers)

    def _pieces(self, size: int) -> Iterator[Chunk]:
        """Chunks, of fewer features where these are large, so that each fits into a frame."""
        for chunk in self._source.chunks(size):
            _note_points_without_place(chunk, self._source.file)
            sizes = _bytes_of(chunk.geometries)
            if len(sizes) and int(sizes.max()) > _GEOMETRY_BYTES:
                raise refuse(Code.TOO_LARGE, self._source.file, limit=megabytes(_GEOMETRY_BYTES))
            start = 0
            while start < len(chunk):
                room = np.searchsorted(np.cumsum(sizes[start:]), _FRAME_BYTES, side="right")
                stop = start + max(int(room), 1)
                yield chunk if stop - start == len(chunk) else _part(chunk, start, stop)
                start = stop


def _bytes_of(geometries: np.ndarray) -> np.ndarray:
    corners = np.asarray(shapely.get_num_coordinates(geometries), dtype=np.int64)
    return corners * 8 * (2 + shapely.has_z(geometries))


def _note_points_without_place(chunk: Chunk, file: str) -> None:
    """WKB has no word for a point of two NaNs but the one for an empty point."""
    points = np.flatnonzero(shapely.get_type_id(chunk.geometries) == _POINT)
    given = chunk.geometries[points]
    lost = np.isnan(shapely.get_x(given)) & ~shapely.is_empty(given)
    for at in points[lost].tolist():
        problem = Problem(Code.NOT_FINITE, file, int(chunk.numbers[at]))
        chunk.problems.setdefault(at, problem)


def _part(chunk: Chunk, start: int, stop: int) -> Chunk:
    problems: dict[int, Any] = {
        at - start: problem for at, problem in chunk.problems.items() if start <= at < stop
    }
    return replace(
        chunk,
        numbers=chunk.numbers[start:stop],
        fids=chunk.fids[start:stop],
        geometries=chunk.geometries[start:stop],
        had_z=chunk.had_z[start:stop],
        properties=chunk.properties[start:stop],
        problems=problems,
    )
