"""Which encoding a table is in: stated, shown by its bytes, or guessed with a warning."""

from pathlib import Path

import pytest

from layers.importing import encoding
from layers.importing.encoding import detect, normalise
from layers.importing.problems import Code, ImportRefused
from tests.layers.importing.samples import Column, dbf_bytes

NAMES = ["龙沙区演示小区", "碾子山演示矿山", "嫩江干流演示河段", "富拉尔基演示管网"]
TRADITIONAL = ["龍沙區演示小區", "碾子山演示礦山", "嫩江幹流演示河段", "富拉爾基演示管網"]


def table(folder: Path, names: list[str], codec: str, ldid: int = 0, field: str = "名称") -> Path:
    path = folder / "t.dbf"
    path.write_bytes(dbf_bytes([Column(field, width=40)], [[n] for n in names], codec, ldid))
    return path


def cpg(folder: Path, text: str) -> Path:
    path = folder / "t.cpg"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8\r\n", "utf-8"),
        ("65001", "utf-8"),
        ("936", "gb18030"),
        ("ANSI 936", "gb18030"),
        ("CP936", "gb18030"),
        ("GBK", "gb18030"),
        ("GB2312", "gb18030"),
        ("OEM 936", "gb18030"),
        ("Big5", "cp950"),
        ("950", "cp950"),
        ("ANSI 1250", "cp1250"),
        ("Windows-1251", "cp1251"),
        ("ISO 88591", "iso8859-1"),
        ("ISO-8859-1", "iso8859-1"),
        ("88592", "iso8859-2"),
        ("", None),
        ("nonsense", None),
        ("rot13", None),
        ("base64", None),
    ],
)
def test_it_knows_what_people_call_an_encoding(label: str, codec: str | None) -> None:
    assert normalise(label) == codec


@pytest.mark.parametrize(
    ("codec", "names", "found"),
    [
        ("gbk", NAMES, "gb18030"),
        ("gb18030", [*NAMES, "𠮷林演示点位"], "gb18030"),
        ("utf-8", NAMES, "utf-8"),
        ("big5", TRADITIONAL, "cp950"),
    ],
)
def test_it_sees_it_in_the_bytes(tmp_path: Path, codec: str, names: list[str], found: str) -> None:
    field = "名稱" if codec == "big5" else "名称"
    result = detect(table(tmp_path, names, codec, field=field))
    assert (result.encoding, result.decided_by) == (found, "evidence")
    assert [row[field] for row in result.rows] == names
    assert not result.warnings


def test_it_does_not_take_latin_text_for_chinese(tmp_path: Path) -> None:
    names = ["Charløtte", "Kværndrup", "Århus Øst", "Größe über Maß"]
    result = detect(table(tmp_path, names, "cp1252", field="name"))
    assert (result.encoding, result.decided_by) == ("cp1252", "guess")
    assert result.warnings[0].code is Code.ENCODING_GUESSED
    assert result.rows[0]["name"] == "Charløtte"


def test_it_has_nothing_to_decide_in_ascii(tmp_path: Path) -> None:
    assert detect(table(tmp_path, ["a", "b"], "ascii", field="name")).decided_by == "ascii"


def test_it_believes_a_cpg_that_fits(tmp_path: Path) -> None:
    result = detect(table(tmp_path, NAMES, "gbk"), cpg(tmp_path, "GBK"))
    assert (result.encoding, result.decided_by) == ("gb18030", "cpg")


@pytest.mark.parametrize(
    ("codec", "stated", "found"),
    [
        ("gbk", "UTF-8", "gb18030"),
        ("utf-8", "GBK", "utf-8"),
        ("gbk", "<!DOCTYPE html><html>", "gb18030"),
        ("gbk", "klingon", "gb18030"),
    ],
)
def test_it_ignores_a_cpg_that_does_not(
    tmp_path: Path, codec: str, stated: str, found: str
) -> None:
    result = detect(table(tmp_path, NAMES, codec), cpg(tmp_path, stated))
    assert (result.encoding, result.decided_by) == (found, "evidence")
    assert result.warnings[0].code is Code.ENCODING_IGNORED
    assert result.rows[0]["名称"] == NAMES[0]


def test_it_believes_a_language_byte_that_somebody_chose(tmp_path: Path) -> None:
    result = detect(table(tmp_path, ["镕"], "gbk", ldid=0x4D))
    assert (result.encoding, result.decided_by) == ("gb18030", "ldid")


def test_it_does_not_believe_the_default_language_byte(tmp_path: Path) -> None:
    assert detect(table(tmp_path, NAMES, "gbk", ldid=0x57)).encoding == "gb18030"


def test_it_takes_an_override_as_it_is(tmp_path: Path) -> None:
    result = detect(table(tmp_path, NAMES, "gbk"), override="latin-1")
    assert (result.encoding, result.decided_by) == ("iso8859-1", "override")


def test_it_refuses_an_override_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        detect(table(tmp_path, NAMES, "gbk"), override="klingon", file="a.shp")
    assert caught.value.problems[0].code is Code.UNKNOWN_ENCODING


@pytest.mark.parametrize(
    ("codec", "field", "name"),
    [
        ("gbk", "面积平方公里", "面积平方公"),  # five characters fit ten bytes
        ("gbk", "A面积平方公里", "A面积平方"),  # the fifth is cut in two
        ("utf-8", "面积平方公里", "面积平"),  # three characters and a third of one
    ],
)
def test_it_drops_the_character_that_was_cut(
    tmp_path: Path, codec: str, field: str, name: str
) -> None:
    assert detect(table(tmp_path, NAMES, codec, field=field)).field_names == (name,)


def test_it_numbers_names_that_became_equal(tmp_path: Path) -> None:
    path = tmp_path / "t.dbf"
    columns = [Column("面积平方公里一"), Column("面积平方公里二"), Column("")]
    path.write_bytes(dbf_bytes(columns, [["一", "二", "三"]]))
    assert detect(path).field_names == ("面积平方公", "面积平方公_2", "field_3")


@pytest.mark.parametrize("content", [b"", b"\x03", b"\x03" * 40, bytes(64), b"\xff" * 500])
def test_it_refuses_a_damaged_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.dbf"
    path.write_bytes(content)
    with pytest.raises(ImportRefused) as caught:
        detect(path, file="a.shp")
    assert caught.value.problems[0].code is Code.DAMAGED_FILE


def test_it_does_not_trust_the_number_of_records(tmp_path: Path) -> None:
    path = table(tmp_path, NAMES, "gbk")
    raw = bytearray(path.read_bytes())
    raw[4:8] = (2**31 - 1).to_bytes(4, "little")
    path.write_bytes(raw)
    assert len(detect(path).rows) == len(NAMES)


def test_it_needs_more_than_chance_to_see_chinese() -> None:
    assert encoding.by_evidence([("æble på øen".encode("cp1252"), 40)])[0] == "cp1252"
