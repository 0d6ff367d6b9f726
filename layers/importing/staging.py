"""From a source to rows that may be stored: EPSG:4326, checked, or a problem for each that may not.

Everything is done on columns of a few thousand features: one transformation, one validity check.
What a row means (its code, its fields) is for the domain above to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from gis_projects.geo import validity
from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo
from gis_projects.geo.validity import Kind
from layers.importing.archive import DEFAULT_LIMITS, Limits, Part, parts_of
from layers.importing.crs_guess import Decision, decide
from layers.importing.extent import bulk_bounds
from layers.importing.handling import PLAIN, Handling, label_of, placed
from layers.importing.heights import are_numbers, raised
from layers.importing.lying import Place, bounds_of, lies_well
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.remote import opened_in_quarantine
from layers.importing.repair import repaired
from layers.importing.source import CHUNK, Chunk, Source
from layers.importing.staged import StagedChunk, StagedRow
from layers.importing.tally import Tally

__all__ = [
    "ImportRefused",
    "Place",
    "Problem",
    "StageLimits",
    "StagedChunk",
    "StagedRow",
    "crs_of",
    "opened",
    "stage",
    "stage_chunks",
]

KIND_NAMES: dict[Kind | None, Promise] = {
    "Point": _("a point"),
    "LineString": _("a line"),
    "Polygon": _("a polygon"),
    None: _("a collection of several kinds"),
}
_TYPE_IDS: dict[Kind, tuple[int, int]] = {"Point": (0, 4), "LineString": (1, 5), "Polygon": (3, 6)}


@dataclass(frozen=True, slots=True)
class StageLimits:
    """What one feature may weigh, and a whole file; and how many features are handled at a time."""

    vertices: int = 100_000
    total_vertices: int = 50_000_000
    chunk: int = CHUNK


@contextmanager
def opened(
    files: Iterable[Path | Part],
    *,
    encoding: str | None = None,
    layer: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Source]:
    """Stage and open what a person sent, in a child and a temporary folder that go away afterwards.

    files: paths (a ``.shp`` brings its siblings), or parts with the names they were sent under.
    layer: which data set of several (a shapefile's name in a zip, or a GeoPackage's layer).
    Raises ImportRefused.
    """
    parts = [part for one in files for part in ([one] if isinstance(one, Part) else parts_of(one))]
    with opened_in_quarantine(parts, encoding, layer, limits) as source:
        yield source


def crs_of(
    source: Source, bbox: BBox, crs: str | int | None = None, handling: Handling = PLAIN
) -> Decision:
    """The CRS of a source, for a preview; ``stage`` decides in the same way."""
    first = next(source.chunks(), None)
    return _decide(source, first, bbox, crs, handling)


def stage(
    source: Source,
    *,
    kinds: Collection[Kind],
    bbox: BBox,
    crs: str | int | None = None,
    handling: Handling = PLAIN,
    limits: StageLimits | None = None,
) -> Iterator[StagedRow | Problem]:
    """All features of a source, in order: each a row that may be stored, or a problem.

    See ``stage_chunks``; a geometry must lie wholly in the bbox. Raises nothing of its own.
    """
    staged = stage_chunks(source, kinds=kinds, bbox=bbox, crs=crs, handling=handling, limits=limits)
    for found in staged:
        if isinstance(found, Problem):
            yield found
        else:
            yield from found.rows()


def stage_chunks(
    source: Source,
    *,
    kinds: Collection[Kind] | None,
    bbox: BBox,
    crs: str | int | None = None,
    handling: Handling = PLAIN,
    limits: StageLimits | None = None,
    place: Place = "inside",
) -> Iterator[StagedChunk | Problem]:
    """All features of a source, in order and in columns.

    kinds: the families that are wanted (multi forms included); None takes all, collections too.
    bbox: EPSG:4326; what does not lie there as ``place`` says is a problem. crs: overrides what
    the file states. handling: what else a person says of the coordinates. Problems of the whole
    file come first, warnings among them
    (``Problem.is_error`` tells); after an error about the file nothing follows. Repairs are told before their
    chunk, what is told of the whole file at the end. Raises nothing of its own.
    """
    limits = limits or StageLimits()
    try:
        chunks = source.chunks(limits.chunk)
        first = next(chunks, None)
        if first is None:
            yield Problem(Code.EMPTY_FILE, source.file)
            return
        decision = _decide(source, first, bbox, crs, handling)
        yield from decision.problems
        if decision.crs is None:
            return
        wanted = frozenset(kinds) if kinds is not None else None
        handling = replace(handling, swap=decision.swapped)
        work = _Stage(source.file, wanted, bbox, decision.crs, limits, place, handling)
        tally = Tally(source.file, decision.crs, limits.total_vertices)
        for chunk in chain([first], chunks):
            tally.before(chunk)
            staged, repairs = work.columns(chunk)
            tally.after(chunk, staged)
            yield from repairs
            yield staged
        yield from tally.problems()
    except ImportRefused as error:
        yield from error.problems


def _decide(
    source: Source, first: Chunk | None, bbox: BBox, crs: str | int | None, handling: Handling
) -> Decision:
    bounds = bulk_bounds(first.geometries) if first is not None else None
    return decide(source.crs_text, bounds, bbox, crs, source.file, handling)


@dataclass(frozen=True, slots=True)
class _Stage:
    file: str
    kinds: frozenset[Kind] | None
    bbox: BBox
    crs: CRSInfo
    limits: StageLimits
    place: Place
    handling: Handling

    def columns(self, chunk: Chunk) -> tuple[StagedChunk, list[Problem]]:
        """The checked chunk, and what was repaired in it."""
        problems = dict(chunk.problems)
        original = chunk.geometries
        good = self._check_form(chunk, problems)
        result = np.full(len(chunk), None, dtype=object)
        how = self.handling
        result[good] = placed(original[good], self.crs, swapped=how.swap, offset=how.offset)
        self._check_place(chunk, result, problems)
        repairs = self._check_validity(chunk, result, problems)
        mended = [problem.feature for problem in repairs if problem.feature is not None]
        staged = StagedChunk(
            chunk.numbers,
            chunk.fids,
            result,
            chunk.properties,
            chunk.had_z,
            problems,
            self.crs,
            label_of(self.crs, how),
            self._surveyed(chunk, result, problems, mended),
        )
        return staged, repairs

    def _surveyed(
        self,
        chunk: Chunk,
        result: np.ndarray,
        problems: dict[int, Problem],
        mended: list[int],
    ) -> np.ndarray | None:
        """The results with their heights; a geometry that was repaired has other corners than those that came."""
        if self.handling.heights == "drop" or not chunk.had_z.any():
            return None
        chosen = shapely.has_z(chunk.geometries) & are_numbers(chunk.geometries)
        chosen[list(problems)] = False
        chosen &= ~np.isin(chunk.numbers, mended)
        return raised(result, chunk.geometries, chosen) if chosen.any() else None

    def _check_form(self, chunk: Chunk, problems: dict[int, Problem]) -> np.ndarray:
        """Null, empty, not finite, wrong kind, too many vertices; positions of those that pass."""
        geometries = chunk.geometries
        kinds = shapely.get_type_id(geometries)
        counts = shapely.get_num_coordinates(geometries)
        nothing = shapely.is_missing(geometries) | shapely.is_empty(geometries)
        for at in np.flatnonzero(nothing).tolist():
            self._note(problems, chunk, at, Code.EMPTY_GEOMETRY)
        for at in np.flatnonzero(_not_finite(geometries)).tolist():
            self._note(problems, chunk, at, Code.NOT_FINITE)
        if self.kinds is not None:
            allowed = [number for kind in self.kinds for number in _TYPE_IDS[kind]]
            for at in np.flatnonzero(~np.isin(kinds, allowed)).tolist():
                self._note(problems, chunk, at, Code.WRONG_KIND)
        for at in np.flatnonzero(counts > self.limits.vertices).tolist():
            self._note(problems, chunk, at, Code.TOO_MANY_VERTICES)
        good = np.ones(len(chunk), dtype=bool)
        good[list(problems)] = False
        return np.flatnonzero(good)

    def _check_place(self, chunk: Chunk, result: np.ndarray, problems: dict[int, Problem]) -> None:
        bounds = bounds_of(result)
        inside = lies_well(bounds, self.bbox, self.place)
        west, south, east, north = bounds.T
        for at in np.flatnonzero(~inside).tolist():
            params = {
                "lon": f"{(west[at] + east[at]) / 2:.5f}",
                "lat": f"{(south[at] + north[at]) / 2:.5f}",
            }
            self._note(problems, chunk, at, Code.OUTSIDE, params)

    def _check_validity(
        self, chunk: Chunk, result: np.ndarray, problems: dict[int, Problem]
    ) -> list[Problem]:
        """What will be stored must be valid; the reason is told in the file's own coordinates.

        Where a repair changes next to nothing it is made, in ``result``, and comes back as a warning.
        """
        good = np.array([at for at in range(len(chunk)) if at not in problems], dtype=int)
        repairs: list[Problem] = []
        for at in good[~shapely.is_valid(result[good])].tolist():
            reason = validity.explain(chunk.geometries[at]) or validity.explain(result[at])
            mended = repaired(result[at], self.handling.repair_share)
            if mended is None:
                self._note(problems, chunk, at, Code.INVALID_GEOMETRY, {"reason": reason})
                continue
            result[at], share = mended
            params = {"reason": reason, "share": f"{100 * share:.4f} %"}
            repairs.append(Problem(Code.REPAIRED, self.file, int(chunk.numbers[at]), params=params))
        return repairs

    def _note(
        self,
        problems: dict[int, Problem],
        chunk: Chunk,
        at: int,
        code: Code,
        params: dict[str, Any] | None = None,
    ) -> None:
        """The first thing found about a feature is the one that is told."""
        if at not in problems:
            given = params if params is not None else self._params(code, chunk.geometries[at])
            problems[at] = Problem(code, self.file, int(chunk.numbers[at]), params=given)

    def _params(self, code: Code, geometry: BaseGeometry) -> dict[str, Any]:
        if code is Code.WRONG_KIND:
            wanted = [KIND_NAMES[kind] for kind in sorted(self.kinds or ())]
            return {"found": KIND_NAMES[validity.kind_of(geometry)], "wanted": wanted}
        if code is Code.TOO_MANY_VERTICES:
            return {"count": validity.vertex_count(geometry), "limit": self.limits.vertices}
        return {}


def _not_finite(geometries: np.ndarray) -> np.ndarray:
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    found = np.zeros(len(geometries), dtype=bool)
    found[owners[~np.isfinite(coordinates).all(axis=1)]] = True
    return found
