"""From what a person sends (a zip, loose parts, one file) to one clean data set in a folder.

Names inside an archive never become paths: each part is written under a name of ours, and only
the parts that are read (.shp .shx .dbf .prj .cpg, .gpkg, .geojson) leave the archive at all.
So sidecars that GDAL would follow (.aux.xml, .ovr, .vrt) do not reach it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from layers.importing.elsewhere import way_in
from layers.importing.problems import Code, ImportRefused, Problem, refuse
from layers.importing.unzip import DEFAULT_LIMITS, Limits, Part, unpack

__all__ = ["DEFAULT_LIMITS", "Limits", "Part", "Staged", "parts_of", "stage_files"]

Format = Literal[
    "shapefile", "gpkg", "geojson", "geojsonseq", "csv", "xlsx", "kml", "gpx", "fgb", "dxf"
]

MAIN_PARTS: dict[str, Format] = {
    ".shp": "shapefile",
    ".gpkg": "gpkg",
    ".geojson": "geojson",
    ".json": "geojson",
    ".geojsonl": "geojsonseq",
    ".geojsons": "geojsonseq",
    ".ndjson": "geojsonseq",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".kml": "kml",
    ".gpx": "gpx",
    ".fgb": "fgb",
    ".dxf": "dxf",
}
# Lists of fields often lie beside a data set; they are one themselves only where there is no other.
TABLES = (".csv", ".tsv", ".xlsx")
SIDE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
# What a page may offer to choose from.
ACCEPTED = (*MAIN_PARTS, *SIDE_PARTS, ".zip", ".kmz")
OTHER_ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
_SHP_MAGIC = b"\x00\x00\x27\x0a"
_FGB_MAGIC = b"fgb\x03fgb"
_ZIP_MAGIC = b"PK\x03\x04"
_SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Staged:
    """One data set, ready to be opened. ``name`` is what the person calls it."""

    name: str
    format: Format
    path: Path
    dbf: Path | None = None
    prj: Path | None = None
    cpg: Path | None = None


def parts_of(path: Path) -> list[Part]:
    """A path as parts; for a ``.shp``, its siblings of the same stem, whatever their case."""
    if path.suffix.lower() != ".shp" or not path.is_file():
        return [Part(path.name, path)]
    stem = path.stem.lower()
    wanted = {".shp", *SIDE_PARTS}
    siblings = sorted(path.parent.iterdir())
    return [
        Part(one.name, one)
        for one in siblings
        if one.stem.lower() == stem and one.suffix.lower() in wanted
    ]


def stage_files(
    parts: Iterable[Part | Path],
    folder: Path,
    choose: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Staged:
    """Find the one data set among the parts, and lay it out in ``folder`` (empty, ours).

    parts: what was sent; a Path stands for itself under its own name. choose: which data set to
    take when there are several, by its name, as the refusal lists them. Raises ImportRefused: not
    a GIS file, a missing part, a damaged, empty or unsafe archive, several data sets, too large.
    """
    given = [part if isinstance(part, Part) else Part(part.name, part) for part in parts]
    found = _unpacked(given, folder, limits)
    main = _choose(_mains(found), found, given, choose)
    _check_magic(main)
    if _suffix(main.name) == ".shp":
        return _stage_shapefile(main, found, folder)
    target = folder / f"layer{_suffix(main.name)}"
    shutil.copyfile(main.path, target)
    return Staged(_display(main.name), MAIN_PARTS[_suffix(main.name)], target)


def _unpacked(given: Sequence[Part], folder: Path, limits: Limits) -> list[Part]:
    wanted = (*MAIN_PARTS, *SIDE_PARTS)
    found: list[Part] = []
    for part in given:
        suffix = _suffix(part.name)
        if not part.path.is_file():
            raise refuse(Code.NOT_GIS_FILE, _display(part.name), found=_display(part.name))
        if suffix in OTHER_ARCHIVES:
            raise refuse(Code.UNSUPPORTED_ARCHIVE, _display(part.name))
        if suffix == ".zip":
            found += unpack(part, folder / "unpacked", wanted, limits)
        elif suffix == ".kmz":
            found += _document(part, folder, limits)
        else:
            found.append(part)
    return found


def _document(part: Part, folder: Path, limits: Limits) -> list[Part]:
    """The KML of a KMZ: doc.kml, else all there are (OGC 12-007r2, section 6.1). Pictures stay where they are."""
    entries = unpack(part, folder / "unpacked-kmz", (".kml",), limits)
    texts = [one for one in entries if _suffix(one.name) == ".kml"]
    first = [one for one in texts if one.name.lower() == "doc.kml"]
    if not texts:
        raise refuse(Code.NOT_GIS_FILE, _display(part.name), found=[e.name for e in entries[:5]])
    if first or len(texts) == 1:
        return [Part(str(PurePosixPath(part.name).with_suffix(".kml")), (first or texts)[0].path)]
    return texts


def _mains(found: Sequence[Part]) -> list[Part]:
    mains = [part for part in found if _suffix(part.name) in MAIN_PARTS]
    drawn = [part for part in mains if _suffix(part.name) not in TABLES]
    return drawn or mains


def _choose(
    mains: Sequence[Part], found: Sequence[Part], given: Sequence[Part], choose: str | None
) -> Part:
    source = _display(given[0].name) if given else ""
    if not mains:
        raise _nothing_to_open(found, source)
    choices = sorted(_display(part.name) for part in mains)
    if choose is not None:
        for part in mains:
            if choose in {_display(part.name), part.name}:
                return part
        raise refuse(Code.NO_SUCH_LAYER, source, layer=choose, choices=choices)
    if len(mains) > 1:
        raise refuse(Code.SEVERAL_LAYERS, source, choices=choices)
    return mains[0]


def _nothing_to_open(found: Sequence[Part], source: str) -> ImportRefused:
    if any(_suffix(part.name) in SIDE_PARTS for part in found):
        return refuse(Code.MISSING_PART, source, part=".shp")
    known = way_in(part.name for part in found)
    if known is not None:
        return refuse(Code.SAVE_AS, source, found=_display(known[0]), how=known[1])
    names = [_display(part.name) for part in found[:5]] or [source or "-"]
    return refuse(Code.NOT_GIS_FILE, source, found=names)


def _check_magic(main: Part) -> None:
    """A name is only a claim: the first bytes must say the same."""
    with main.path.open("rb") as file:
        head = file.read(16)
    suffix, name = _suffix(main.name), _display(main.name)
    if suffix == ".shp" and not head.startswith(_SHP_MAGIC):
        raise refuse(Code.NOT_GIS_FILE, name, found=name)
    if suffix == ".gpkg" and head != _SQLITE_MAGIC:
        raise refuse(Code.NOT_GIS_FILE, name, found=name)
    if suffix == ".fgb" and not head.startswith(_FGB_MAGIC):
        raise refuse(Code.NOT_GIS_FILE, name, found=name)
    if suffix == ".xlsx" and not head.startswith(_ZIP_MAGIC):
        raise refuse(Code.NOT_GIS_FILE, name, found=name)


def _stage_shapefile(main: Part, found: Sequence[Part], folder: Path) -> Staged:
    """The geometry stands alone in its folder: GDAL never sees the attribute table.

    It would decode it by its own guess, and fail on field names cut inside a character.
    """
    sides = {_suffix(part.name): part for part in found if _key(part.name) == _key(main.name)}
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in sides]
    name = _display(main.name)
    if missing:
        raise ImportRefused(
            *(Problem(Code.MISSING_PART, file=name, params={"part": part}) for part in missing)
        )
    geometry = folder / "geometry"
    geometry.mkdir()
    shutil.copyfile(main.path, geometry / "layer.shp")
    shutil.copyfile(sides[".shx"].path, geometry / "layer.shx")
    copies: dict[str, Path] = {}
    for suffix in (".dbf", ".prj", ".cpg"):
        if suffix in sides:
            copies[suffix] = folder / f"layer{suffix}"
            shutil.copyfile(sides[suffix].path, copies[suffix])
    return Staged(
        name,
        "shapefile",
        geometry / "layer.shp",
        dbf=copies.get(".dbf"),
        prj=copies.get(".prj"),
        cpg=copies.get(".cpg"),
    )


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _key(name: str) -> str:
    """Folder and stem, without case: what the parts of one shapefile have in common."""
    return str(PurePosixPath(name).with_suffix("")).lower()


def _display(name: str) -> str:
    """The bare file name, safe to show: no folders, no control characters, not too long."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char for char in bare if char.isprintable())[:120]
