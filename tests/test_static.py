"""Hashed names reach into style sheets and modules, and break nothing that stands inside them."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from gis_projects.http.staticfiles import ManifestStorage

ROOT = Path(__file__).resolve().parent.parent / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storage = ManifestStorage(location=str(folder), base_url="/static/")
    source = FileSystemStorage(location=str(ROOT))
    paths = {}
    for path in ROOT.rglob("*"):
        if path.is_file():
            name = path.relative_to(ROOT).as_posix()
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(path.read_bytes())
            paths[name] = (source, name)
    for _name, _hashed, processed in storage.post_process(paths):
        if isinstance(processed, Exception):
            raise processed
    return folder


def hashed(folder: Path, name: str) -> str:
    stem, suffix = name.rsplit(".", 1)
    [path] = [
        one for one in folder.glob(f"{stem}.*.{suffix}") if re.search(r"\.[0-9a-f]{12}\.", one.name)
    ]
    return path.read_text(encoding="utf-8")


def test_a_module_s_imports_have_hashed_names(collected: Path) -> None:
    names = re.findall(r"from ['\"](\./|\.\./)([^'\"]+)", hashed(collected, "js/apps/public.js"))
    assert len(names) >= 6
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for _dots, name in names)


def test_a_picture_inside_a_style_sheet_stays_whole(collected: Path) -> None:
    sheet = hashed(collected, "js/vendor/leaflet-geoman/leaflet-geoman.css")
    assert 'mask="url(%23polygon-b)"' in sheet
    assert 'url("%23' not in sheet
