"""The whole folder data/shapefiles: files, manifest, progress, README. The same bytes each time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from projects.demo.shapes import progress, readme, writing
from projects.demo.shapes.catalogue import datasets
from projects.demo.shapes.dataset import Dataset, DemoSite
from projects.demo.shapes.ground import Ground
from projects.demo.shapes.writing import Written

# Small tables have too little text to show their encoding: the bureau said it, so the manifest does.
_FEW_ROWS = 12
_HEAD = """# What is loaded, in this order. Written by: manage.py generate_demo
# encoding, crs, mapping stand only where the file does not say it itself, or says it in words of its own.
"""


def generate(city: Path, folder: Path) -> list[Written]:
    """Write everything for a city folder. Raises OSError, KeyError for a city folder that does not fit."""
    folder.mkdir(parents=True, exist_ok=True)
    ground = Ground.load(city)
    fields = writing.fields_of(city / "programmes.yaml")
    wanted = datasets(ground)
    written = [writing.write(one, fields[one.programme], ground, folder) for one in wanted]
    found = _progress(city, wanted)
    _write(folder / "progress.csv", progress.to_csv(found))
    _write(folder / "manifest.yaml", _manifest(written))
    _write(folder / "README.md", readme.text(written))
    return written


def _progress(city: Path, wanted: Sequence[Dataset]) -> list[progress.Row]:
    document = yaml.safe_load((city / "programmes.yaml").read_text("utf-8"))
    workflows = {one["key"]: one["workflow"] for one in document["programmes"]}
    sites: dict[str, list[DemoSite]] = {}
    for one in wanted:
        sites.setdefault(one.programme, []).extend(one.sites)
    return [
        row for key, members in sites.items() for row in progress.rows(key, workflows[key], members)
    ]


def _manifest(written: Sequence[Written]) -> str:
    document = {
        "registered_on": progress.REGISTERED_ON,
        "as_of": progress.AS_OF,
        "progress": "progress.csv",
        "files": [_entry(one) for one in written],
    }
    return _HEAD + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _entry(written: Written) -> dict[str, Any]:
    one = written.dataset
    entry: dict[str, Any] = {
        "file": f"{one.stem}.shp",
        "programme": one.programme,
        "sites": len(one.sites),
    }
    if one.encoding == "gbk" and one.cpg is None and not one.ldid and len(one.sites) < _FEW_ROWS:
        entry["encoding"] = "gbk"
    if not one.has_prj:
        entry["crs"] = one.srid
    if written.mapping is not None:
        entry["mapping"] = written.mapping
    return entry


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
