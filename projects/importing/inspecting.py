"""What a file shows before anybody maps its columns: layers, encoding, CRS, first rows, and a sample for the map."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis_projects.geo import geojson
from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo, TransformFailed
from gis_projects.geo.gcj02 import Offset
from layers.importing.archive import Part
from layers.importing.crs_guess import Decision, apart_km, turned
from layers.importing.extent import bulk_bounds
from layers.importing.handling import placed
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.source import Chunk, Source
from layers.importing.staging import crs_of, opened
from projects.importing.folder import JobFolder
from projects.importing.options import chosen_options
from projects.importing.report import ImportOptions
from projects.importing.telling import problem_words
from projects.models import City, ImportJob

ROWS = 10
# The map's sample: enough to see where the data lies, little enough to come at once.
FEATURES, VERTICES = 1_500, 60_000
_CELL = 200  # characters of a value that are shown
_DEGREES = 0.000_02  # about two metres: what a preview may be simplified by
_CHOICES = frozenset({Code.SEVERAL_LAYERS, Code.NO_SUCH_LAYER})


def inspect(job: ImportJob, folder: JobFolder, parts: Sequence[Path | Part]) -> dict[str, Any]:
    """The findings as the job keeps them; the map's sample goes into the folder.

    A file that cannot be read has findings too: the problems, and the layers when it is one of these that is to be
    chosen. Raises nothing about the file.
    """
    options = chosen_options(job)
    bbox = City.objects.get().bbox
    folder.write(folder.preview, json.dumps({"views": []}))
    try:
        with opened(parts, encoding=options.encoding, layer=options.layer) as source:
            return _findings(source, bbox, options, folder)
    except ImportRefused as refused:
        return {
            "problems": problem_words(refused.problems),
            "layers": _layer_choices(refused.problems),
            "can_map": False,
        }


def _findings(
    source: Source, bbox: BBox, options: ImportOptions, folder: JobFolder
) -> dict[str, Any]:
    first = next(source.chunks(), None)
    if first is None:
        raise ImportRefused(Problem(Code.EMPTY_FILE, source.file))
    decision = crs_of(source, bbox, options.crs, options.handling)
    chosen = [decision.crs] if decision.crs is not None else list(decision.candidates)
    sample = _sample(first)
    views = [
        view
        for one in chosen
        if (view := _view(sample, one, decision.swapped, options.offset)) is not None
    ]
    folder.write(folder.preview, json.dumps({"views": views}))
    problems = [*source.warnings, *decision.problems]
    encoding = source.encoding
    return {
        "file": source.file,
        "layer": source.layer,
        "layers": list(source.layers) if len(source.layers) > 1 else [],
        "count": source.count,
        "kind": source.kind,
        "columns": [field.name for field in source.fields],
        "rows": [_row(first, at) for at in range(min(ROWS, len(first)))],
        "encoding": None if encoding is None else encoding.encoding,
        "encoding_by": None if encoding is None else encoding.decided_by,
        "crs": None if decision.crs is None else decision.crs.label,
        "crs_by": decision.decided_by,
        "candidates": _candidates(first, decision),
        "problems": problem_words(problems),
        "can_map": decision.crs is not None,
        "swapped": decision.swapped,
        "has_heights": bool(first.had_z.any()),
        "null_datum": any(one.code is Code.NULL_DATUM_CRS for one in decision.problems)
        or bool(decision.crs and decision.crs.null_datum),
    }


def _layer_choices(problems: Iterable[Problem]) -> list[str]:
    for problem in problems:
        choices = problem.params.get("choices")
        if problem.code in _CHOICES and isinstance(choices, (list, tuple)):
            return [str(choice) for choice in choices]
    return []


def _candidates(first: Chunk, decision: Decision) -> list[dict[str, Any]]:
    """Each with how far from the first of them it would put the data, whole kilometres."""
    bounds = bulk_bounds(first.geometries)
    if not decision.candidates or bounds is None:
        return []
    apart = apart_km(turned(bounds) if decision.swapped else bounds, decision.candidates)
    return [
        {**_candidate(crs), "apart_km": round(km)}
        for crs, km in zip(decision.candidates, apart, strict=True)
    ]


def _candidate(crs: CRSInfo) -> dict[str, str]:
    return {"crs": str(crs.srid or crs.wkt), "label": crs.label, "name": crs.name}


def _row(chunk: Chunk, at: int) -> dict[str, str]:
    return {name: _shown(value) for name, value in chunk.properties[at].items()}


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:_CELL]


def _sample(chunk: Chunk) -> list[tuple[int, str, Any]]:
    """Every so many features of the first thousands: number, first word, geometry in the file's own numbers."""
    every = max(1, len(chunk) // FEATURES)
    room = VERTICES
    taken = []
    for at in range(0, len(chunk), every):
        geometry = chunk.geometries[at]
        if geometry is None or geometry.is_empty or not np.isfinite(geometry.bounds).all():
            continue
        room -= int(shapely.get_num_coordinates(geometry))
        if room < 0:
            break
        taken.append((int(chunk.numbers[at]), _label(chunk.properties[at]), geometry))
    return taken


def _label(properties: Mapping[str, Any]) -> str:
    return " · ".join(islice(_words(properties), 2))


def _words(properties: Mapping[str, Any]) -> Iterator[str]:
    for value in properties.values():
        if isinstance(value, str) and value.strip():
            yield value.strip()[:60]


def _view(
    sample: list[tuple[int, str, Any]], crs: CRSInfo, swapped: bool, offset: Offset | None
) -> dict[str, Any] | None:
    """The sample as it would lie on the map in this CRS; None where it cannot be converted."""
    geometries = np.empty(len(sample), dtype=object)
    geometries[:] = [geometry for _number, _label, geometry in sample]
    try:
        lying = placed(geometries, crs, swapped=swapped, offset=offset)
    except TransformFailed:
        return None
    lying = shapely.simplify(lying, _DEGREES)
    features = [
        geojson.feature(geometry, {"label": label}, number)
        for (number, label, _g), geometry in zip(sample, lying, strict=True)
    ]
    return {**_candidate(crs), "features": geojson.feature_collection(features)}
