"""The corpora of real files: where they lie, and what their manifest says of each."""

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "MANIFEST.csv"
_BRACES = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """file: a path, with braces for the parts of one data set, or with * for several data sets."""

    file: str
    why: str
    expected: str


def folder() -> Path | None:
    """``GIS_CORPORA``, else a ``corpora`` folder near the house; None where there is neither."""
    stated = os.environ.get("GIS_CORPORA")
    if stated:
        return Path(stated)
    house = Path(__file__).resolve().parents[2]
    return next(iter(sorted(house.parent.glob("*/corpora"))), None)


def rows() -> list[Row]:
    """All rows of the manifest, in order; none where the corpora are not at hand."""
    root = folder()
    if root is None or not (root / MANIFEST).is_file():
        return []
    with (root / MANIFEST).open(encoding="utf-8-sig", newline="") as file:
        return [Row(one["file"], one["why"], one["expected"]) for one in csv.DictReader(file)]


def data_sets(row: Row) -> list[Path]:
    """The files of a row, one for each data set: of a shapefile's parts only the .shp (it brings its siblings)."""
    root = folder()
    assert root is not None
    found = sorted({path for pattern in _spelt_out(row.file) for path in root.glob(pattern)})
    shapes = {path.with_suffix("") for path in found if path.suffix == ".shp"}
    return [path for path in found if path.suffix == ".shp" or path.with_suffix("") not in shapes]


def _spelt_out(file: str) -> list[str]:
    braces = _BRACES.search(file)
    if braces is None:
        return [file]
    return [_BRACES.sub(part, file, count=1) for part in braces[1].split(",")]
