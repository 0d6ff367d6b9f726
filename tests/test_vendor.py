"""What we carry of other people's front ends is what VERSIONS says, with its licence, and calls nobody."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "static/js/vendor/VERSIONS"
ROWS = [
    [part.strip() for part in line.split("|")]
    for line in VERSIONS.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[4])
def test_it_is_the_file_that_was_recorded(row: list[str]) -> None:
    _name, version, licence, _source, path, sha256 = row
    content = (ROOT / path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256
    assert version
    assert licence
    assert b"sourceMappingURL" not in content


def test_it_records_every_vendored_file_and_keeps_its_licence() -> None:
    recorded = {row[4] for row in ROWS}
    for folder in ("static/js/vendor", "static/leaflet"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".js", ".css", ".png"}:
                assert path.relative_to(ROOT).as_posix() in recorded
    for path in recorded:
        parents = (ROOT / path).parents
        assert any((parent / "LICENSE").is_file() for parent in list(parents)[:2]), path


def test_it_serves_our_leaflet_before_the_one_of_django_leaflet() -> None:
    from django.contrib.staticfiles import finders

    for name in ("leaflet/leaflet.js", "leaflet/leaflet-src.js", "leaflet/leaflet.css"):
        assert finders.find(name) == str(ROOT / "static" / name)
