"""docs/city-folder.md cannot fall behind: what a folder may say is what the document says."""

import re
from pathlib import Path

import pytest

from gis_projects.geo.validity import KINDS
from projects.city.folder import read_folder
from projects.city.read_programmes import SYMBOLS
from projects.models import Comparator, Kind, Measure, Phase
from projects.rollup import AREA_UNITS_M2, LENGTH_UNITS_M

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "city-folder.md").read_text(encoding="utf-8")
YAML_FILES = ["city.yaml", "workflows.yaml", "programmes.yaml", "report.yaml"]


@pytest.mark.parametrize("name", YAML_FILES)
def test_every_field_that_qiqihar_uses_is_described(name: str) -> None:
    text = (ROOT / "cities" / "qiqihar" / name).read_text(encoding="utf-8")
    plain = re.sub(r'"[^"]*"|#.*', "", text)
    used = set(re.findall(r"(?:^|[{,]|- )\s*([a-z_]+):(?:\s|$)", plain, re.MULTILINE))

    described = set(re.findall(r"`([a-z_]+)(?:: [^`]*)?`", DOCUMENT))

    assert len(used) > 8
    assert used - described == set()


def test_every_word_of_a_list_is_described() -> None:
    words = {*Phase.values, *Kind.values, *Comparator.values, *Measure.values, *KINDS}

    assert [word for word in words if f"`{word}`" not in DOCUMENT] == []
    units = [*LENGTH_UNITS_M, *AREA_UNITS_M2, *SYMBOLS]
    assert [word for word in units if word not in DOCUMENT] == []


def test_the_pictograms_are_those_that_the_maps_have() -> None:
    script = (ROOT / "static" / "js" / "map" / "symbols.js").read_text(encoding="utf-8")
    table = script[script.index("PICTOGRAMS") : script.index("});")]

    assert set(re.findall(r"^  (\w+): '", table, re.MULTILINE)) == set(SYMBOLS)


def test_the_example_of_the_document_is_a_city(tmp_path: Path, newtown: Path) -> None:
    (tmp_path / "districts.geojson").write_text(
        (newtown / "districts.geojson").read_text("utf-8"), "utf-8"
    )
    example = DOCUMENT[DOCUMENT.index("## A city of one programme") :]
    for name in YAML_FILES:
        first, *others = re.findall(
            rf"^    {re.escape(name)}  *(.*)\n((?:^ {{21}}.*\n)*)", example, re.MULTILINE
        )[0]
        lines = [first, *(line[21:] for line in others[0].splitlines())]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    folder = read_folder(tmp_path)

    assert folder.programmes[0].key == "bridge"
    assert folder.reports[0].clauses[0].targets[0].value == 3
