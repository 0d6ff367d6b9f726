"""A file taken in by the door that a person would use for it, and what became of it in one word."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from gis_projects.geo.bbox import BBox
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.source import Source
from layers.importing.staging import StagedChunk, opened, stage_chunks
from layers.pictures.reading import Picture, PictureRefused, read_picture
from layers.raster.problems import SceneCode, SceneNote, SceneRefused
from layers.raster.remote import Header, Made, look, make, upload_of

EARTH = BBox(-180, -90, 180, 90)
_UNDECIDED = frozenset({Code.UNKNOWN_CRS, Code.AMBIGUOUS_CRS})
_PHOTOGRAPH = {"max_pixels": 50_000_000, "display_px": 600}


class Verdict(StrEnum):
    """Rejected: nothing came in. Asked: a person has to say the CRS. Warned: it came in, and something is told."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    REJECTED = "rejected"
    ASKED = "asked"


@dataclass(slots=True)
class Outcome:
    """What became of a file. ``properties`` and ``geometries`` are of what came in."""

    path: Path
    verdict: Verdict
    properties: list[dict[str, Any]] = field(default_factory=list)
    geometries: list[Any] = field(default_factory=list)
    fids: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    note: SceneNote | None = None
    header: Header | None = None
    made: Made | None = None
    scene: Path | None = None
    picture: Picture | None = None

    @property
    def codes(self) -> set[Code]:
        return {problem.code for problem in self.problems}


def take_in(path: Path, folder: str, work: Path, **options: Any) -> Outcome:
    """By the first folder of the manifest's row: photographs, pictures on the map, else data sets."""
    if folder == "photo":
        return photograph(path)
    if folder == "raster":
        return scene(path, work)
    return data_set(path, **options)


def data_set(path: Path, **options: Any) -> Outcome:
    """As a reference layer takes it: any kinds, anywhere; rows without geometry stay rows."""
    outcome = Outcome(path, Verdict.REJECTED)
    try:
        with opened([path], **options) as source:
            outcome.source = _described(source)
            outcome.problems += source.warnings
            for found in stage_chunks(source, kinds=None, bbox=EARTH, place="anywhere"):
                _note(outcome, found)
    except ImportRefused as refused:
        outcome.problems += refused.problems
        return outcome
    outcome.verdict = _verdict(outcome)
    return outcome


def _described(source: Source) -> dict[str, Any]:
    names = [one.name for one in source.fields]
    return {"file": source.file, "crs": source.crs_text, "count": source.count, "fields": names}


def _note(outcome: Outcome, found: StagedChunk | Problem) -> None:
    if isinstance(found, Problem):
        outcome.problems.append(found)
        return
    outcome.problems += found.problems.values()
    for at in range(len(found)):
        problem = found.problems.get(at)
        if problem is None or problem.code is Code.EMPTY_GEOMETRY:
            outcome.properties.append(found.properties[at])
            outcome.geometries.append(None if problem else found.geometries[at])
            outcome.fids.append(found.fids[at])


def _verdict(outcome: Outcome) -> Verdict:
    if outcome.properties:
        return Verdict.WARNED if outcome.problems else Verdict.ACCEPTED
    return Verdict.ASKED if outcome.codes & _UNDECIDED else Verdict.REJECTED


def scene(path: Path, work: Path) -> Outcome:
    """As a picture for the map, in quarantine."""
    outcome = Outcome(path, Verdict.REJECTED)
    upload = upload_of(path, path.name, None)
    try:
        outcome.header = look(upload)
        if not outcome.header.wkt:
            outcome.verdict = Verdict.ASKED
            return outcome
        made(outcome, work / "scene.tif", outcome.header.wkt)
    except SceneRefused as refused:
        outcome.note = refused.note
    return outcome


def made(outcome: Outcome, target: Path, crs: str) -> None:
    """Convert the picture in this CRS. Raises SceneRefused."""
    upload = upload_of(outcome.path, outcome.path.name, None)
    outcome.made = make(upload, target, crs, lossless=True, tell=lambda share: None)
    outcome.scene = target
    is_empty = outcome.made.nodata_share == 1
    outcome.note = SceneNote(SceneCode.IMAGE_EMPTY) if is_empty else None
    outcome.verdict = Verdict.WARNED if is_empty else Verdict.ACCEPTED


def photograph(path: Path) -> Outcome:
    """As a photograph of an inspection, in quarantine."""
    try:
        found = read_picture(path.read_bytes(), **_PHOTOGRAPH)
    except PictureRefused:
        return Outcome(path, Verdict.REJECTED)
    return Outcome(path, Verdict.ACCEPTED, picture=found)
