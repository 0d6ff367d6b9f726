"""data/shapefiles/manifest.yaml and progress.csv: what is loaded, and where each site shall stand."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class FileEntry:
    """encoding, crs and mapping as in projects.importing.ImportOptions; None: the file says it itself."""

    path: Path
    programme: str
    sites: int
    encoding: str | None = None
    crs: str | int | None = None
    mapping: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a site stands. since: the day on which it reached its state."""

    programme: str
    code: str
    state: str
    since: dt.date
    progress: int
    planned_start: dt.date | None
    planned_end: dt.date | None
    actual_start: dt.date | None
    actual_end: dt.date | None
    accepted_field: str
    accepted: float | None


@dataclass(frozen=True, slots=True)
class Manifest:
    registered_on: dt.date
    as_of: dt.date
    files: list[FileEntry]
    standings: list[Standing]

    @property
    def programmes(self) -> list[str]:
        """In the order of the files, each once."""
        return list(dict.fromkeys(entry.programme for entry in self.files))


def read(folder: Path) -> Manifest:
    """Read both files. Raises OSError, KeyError, ValueError."""
    document = yaml.safe_load((folder / "manifest.yaml").read_text("utf-8"))
    with (folder / document["progress"]).open(encoding="utf-8", newline="") as file:
        standings = [_standing(row) for row in csv.DictReader(file)]
    files = [_entry(folder, entry) for entry in document["files"]]
    return Manifest(document["registered_on"], document["as_of"], files, standings)


def _entry(folder: Path, entry: Mapping[str, Any]) -> FileEntry:
    return FileEntry(
        path=folder / entry["file"],
        programme=entry["programme"],
        sites=entry["sites"],
        encoding=entry.get("encoding"),
        crs=entry.get("crs"),
        mapping=entry.get("mapping"),
    )


def _standing(row: Mapping[str, str]) -> Standing:
    return Standing(
        programme=row["programme"],
        code=row["code"],
        state=row["state"],
        since=dt.date.fromisoformat(row["since"]),
        progress=int(row["progress"]),
        planned_start=_date(row["planned_start"]),
        planned_end=_date(row["planned_end"]),
        actual_start=_date(row["actual_start"]),
        actual_end=_date(row["actual_end"]),
        accepted_field=row["accepted_field"],
        accepted=float(row["accepted"]) if row["accepted"] else None,
    )


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
