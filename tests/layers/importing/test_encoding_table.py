"""Every encoding that bureaus here write, with every .cpg and language byte beside it that they may have."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.importing import dbf
from layers.importing.encoding import Detected, by_evidence, detect, field_names
from layers.importing.problems import Code
from layers.importing.staging import opened
from tests.layers.importing.samples import SQUARE, Column, dbf_bytes, shapefile

SIMPLIFIED = [
    "龙沙区演示小区",
    "碾子山演示矿山",
    "嫩江干流演示河段",
    "富拉尔基演示管网",
    "昂昂溪老旧小区",
]
TRADITIONAL = [
    "龍沙區演示小區",
    "碾子山演示礦山",
    "嫩江幹流演示河段",
    "富拉爾基演示管網",
    "昂昂溪老舊小區",
]
# Characters of names that GBK does not have: four bytes each in GB18030.
RARE = ["𬭊家屯演示点", "㛃河演示段", "㐂庄演示地", "𠮷林演示点位", "𬒈山演示矿"]
# codec, what it is read as, texts, name of the column
WRITTEN = {
    "utf-8": ("utf-8", SIMPLIFIED, "名称"),
    "gbk": ("gb18030", SIMPLIFIED, "名称"),
    "gb18030": ("gb18030", RARE, "名称"),
    "big5": ("cp950", TRADITIONAL, "名稱"),
}
# What a .cpg may say, and which codecs it is right for.
STATED = {
    "UTF-8": {"utf-8"},
    "65001": {"utf-8"},
    "GBK": {"gbk", "gb18030"},
    "936": {"gbk", "gb18030"},
    "GB18030": {"gbk", "gb18030"},
    "GB2312": {"gbk", "gb18030"},
    "Big5": {"big5"},
    "950": {"big5"},
    "ISO-8859-1": set(),
    "ISO 88591": set(),
    "ANSI 1252": set(),
    "klingon": set(),
    "": set(),
}
# Language bytes: none, the default that means nothing, and those that only a choice writes.
CHOSEN = {0x4D: {"gbk", "gb18030"}, 0x7A: {"gbk", "gb18030"}, 0x4F: {"big5"}, 0x78: {"big5"}}
LANGUAGE_BYTES = [0x00, 0x57, 0x03, *CHOSEN]


def looked_at(folder: Path, codec: str, cpg: str | None = None, ldid: int = 0) -> Detected:
    _found, texts, column = WRITTEN[codec]
    path = folder / "t.dbf"
    path.write_bytes(dbf_bytes([Column(column, width=40)], [[t] for t in texts], codec, ldid))
    beside = folder / "t.cpg"
    if cpg is not None:
        beside.write_text(cpg)
    return detect(path, None if cpg is None else beside)


def assert_read(result: Detected, codec: str) -> None:
    found, texts, column = WRITTEN[codec]
    assert result.encoding == found
    assert result.field_names == (column,)
    assert [row[column] for row in result.rows] == texts


@pytest.mark.parametrize("codec", WRITTEN)
@pytest.mark.parametrize("ldid", LANGUAGE_BYTES)
def test_without_a_cpg(tmp_path: Path, codec: str, ldid: int) -> None:
    result = looked_at(tmp_path, codec, ldid=ldid)
    assert_read(result, codec)
    assert result.decided_by == ("ldid" if codec in CHOSEN.get(ldid, ()) else "evidence")
    assert not result.warnings


@pytest.mark.parametrize("codec", WRITTEN)
@pytest.mark.parametrize("ldid", [0x00, 0x57])
@pytest.mark.parametrize("stated", STATED)
def test_with_a_cpg_right_or_wrong(tmp_path: Path, codec: str, ldid: int, stated: str) -> None:
    result = looked_at(tmp_path, codec, stated, ldid)
    assert_read(result, codec)
    if codec in STATED[stated]:
        assert (result.decided_by, result.warnings) == ("cpg", ())
    else:
        assert result.decided_by == "evidence"
        assert [one.code for one in result.warnings] == [Code.ENCODING_IGNORED]


@pytest.mark.parametrize("codec", WRITTEN)
def test_a_person_has_the_last_word(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "t.dbf"
    _found, texts, column = WRITTEN[codec]
    path.write_bytes(dbf_bytes([Column(column, width=40)], [[t] for t in texts], codec))
    result = detect(path, override="ISO-8859-1")
    assert (result.encoding, result.decided_by) == ("iso8859-1", "override")


@pytest.mark.parametrize("codec", WRITTEN)
def test_the_whole_way_through_a_shapefile(tmp_path: Path, codec: str) -> None:
    _found, texts, column = WRITTEN[codec]
    lying = "Big5" if codec != "big5" else "GBK"
    path = shapefile(
        tmp_path, [SQUARE] * len(texts), [[t] for t in texts],
        columns=(Column(column, width=40),), encoding=codec, cpg=lying, ldid=0x57,
    )  # fmt: skip
    with opened([path]) as source:
        assert [row.properties[column] for row in source.rows()] == texts
        assert [one.code for one in source.warnings] == [Code.ENCODING_IGNORED]


@pytest.mark.parametrize("text", RARE)
def test_characters_of_four_bytes_are_evidence(text: str) -> None:
    assert len(text[0].encode("gb18030")) == 4
    assert by_evidence([(text.encode("gb18030"), 0)]) == ("gb18030", "evidence")
    assert by_evidence([(text[0].encode("gb18030"), 0)]) == ("gb18030", "evidence")


@pytest.mark.parametrize(
    ("codec", "stated", "texts"),
    [
        ("cp1252", "ISO-8859-1", ["Charløtte", "Århus Øst", "Größe über Maß", "æøå ÆØÅ"]),
        ("cp1252", "ANSI 1252", ["café à Orléans", "œuvre été"]),
        ("cp1251", "Windows-1251", ["Кириллица", "ЧИТА", "Хабаровск"]),
        ("cp1250", "ANSI 1250", ["Hněvošický háj", "žluťoučký kůň"]),
    ],
)
def test_a_cpg_of_another_script_is_believed(
    tmp_path: Path, codec: str, stated: str, texts: list[str]
) -> None:
    path, beside = tmp_path / "t.dbf", tmp_path / "t.cpg"
    path.write_bytes(dbf_bytes([Column("name", width=40)], [[t] for t in texts], codec))
    beside.write_text(stated)
    result = detect(path, beside)
    assert result.decided_by == "cpg"
    assert [row["name"] for row in result.rows] == texts


@pytest.mark.parametrize("words", ["―", "――――――――――――", "镕", "〇一"])
@pytest.mark.parametrize("stated", ["GBK", "Big5"])
def test_a_few_odd_characters_do_not_outweigh_a_cpg(
    tmp_path: Path, words: str, stated: str
) -> None:
    codec = "gbk" if stated == "GBK" else "big5"
    text = "".join(one for one in words if one.encode(codec, "ignore")) or "一"
    path, beside = tmp_path / "t.dbf", tmp_path / "t.cpg"
    path.write_bytes(dbf_bytes([Column("name", width=40)], [[text]], codec))
    beside.write_text(stated)
    assert [row["name"] for row in detect(path, beside).rows] == [text]


@pytest.mark.parametrize("name", ["号", "名", "镇乡"])
def test_a_short_name_in_gbk_is_not_taken_for_cut_utf_8(tmp_path: Path, name: str) -> None:
    path = tmp_path / "t.dbf"
    path.write_bytes(dbf_bytes([Column(name)], [["1"]], "gbk"))
    assert detect(path).field_names == (name,)


def test_one_short_name_is_enough_against_latin(tmp_path: Path) -> None:
    path, beside = tmp_path / "t.dbf", tmp_path / "t.cpg"
    path.write_bytes(dbf_bytes([Column("name", width=40)], [["龙沙区"]], "gbk"))
    beside.write_text("ISO-8859-1")
    assert detect(path, beside).rows[0]["name"] == "龙沙区"


CHARACTERS = {
    "utf-8": st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    "gb18030": st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
        st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
        st.sampled_from("AZ_09"),
    ),
    "gbk": st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), st.sampled_from("AZ_09")
    ),
    "cp950": st.one_of(
        st.sampled_from("面積平方公里編號名稱區縣投資許功蓋"), st.sampled_from("AZ_09")
    ),
}


@pytest.mark.parametrize("codec", CHARACTERS)
@given(data=st.data())
def test_a_name_that_was_cut_loses_its_last_character_and_no_more(
    codec: str, data: st.DataObject
) -> None:
    name = data.draw(st.text(CHARACTERS[codec], min_size=1, max_size=12))
    raw = name.encode(codec)[:10]
    header = dbf.Header(0, 0, 65, 2, (dbf.RawField(raw, "C", 1, 0, 1),))
    (found,) = field_names(header, codec)
    whole = name
    while len(whole.encode(codec)) > 10:
        whole = whole[:-1]
    assert found == whole
