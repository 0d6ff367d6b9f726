"""Names that fit a DBF, cells that nothing runs, and the zones that a place has."""

import pytest

from gis_projects.geo.bbox import BBox
from layers.exporting.names import cut, field_names
from layers.exporting.neutral import neutral, xml_text
from layers.exporting.table import Column
from layers.exporting.zones import crs_choices

COLUMNS = [
    Column("investment_total", "总投资额"),
    Column("investment_local", "总投资额地方配套"),
    Column("户数", "户数"),
]


def test_names_are_at_most_ten_bytes_and_each_is_there_once() -> None:
    assert field_names(COLUMNS, "short") == ["investment", "investmen2", "f"]
    assert field_names(COLUMNS, "pinyin") == ["zongtouzie", "ztzedfpt", "hushu"]
    assert field_names(COLUMNS, "chinese", "utf-8") == ["总投资", "总投资2", "户数"]
    assert field_names(COLUMNS, "chinese", "gbk") == ["总投资额", "总投资额地", "户数"]


def test_a_text_is_cut_between_characters() -> None:
    assert cut("龙沙区", 8, "utf-8") == "龙沙"
    assert cut("a龙沙区", 6, "gbk") == "a龙沙"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_marked(text: str) -> None:
    assert neutral(text) == "'" + text
    assert neutral("'" + text) == "''" + text


@pytest.mark.parametrize("text", ["", "平常", "'quoted'", "1-2", "a=b"])
def test_other_texts_stay_what_they_are(text: str) -> None:
    assert neutral(text) == text


def test_xml_gets_no_character_that_it_forbids() -> None:
    assert xml_text("a\x00\x0b\ufffe龙\n") == "a龙\n"


def test_the_zones_of_a_place_are_those_that_touch_it() -> None:
    found = crs_choices(BBox(122.4, 45.7, 126.8, 49.0))
    zones = ["EPSG:4529", "EPSG:4530", "EPSG:4550", "EPSG:4551"]
    assert list(found) == ["EPSG:4326", "EPSG:4490", *zones]
    assert list(crs_choices(None)) == ["EPSG:4326", "EPSG:4490"]
    # Outside China there are no zones of CGCS2000.
    assert list(crs_choices(BBox(2, 48, 3, 49))) == ["EPSG:4326", "EPSG:4490"]
