"""Drawings: texts in the encoding that they are in, arcs as short lines, and blocks that would unfold without end."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis_projects.geo.bbox import BBox
from layers.importing.dxf_scan import scan
from layers.importing.problems import Code, ImportRefused
from layers.importing.source import RawFeature
from layers.importing.staging import StagedRow, opened, stage

X, Y, RADIUS = 123.9, 47.3, 0.01
BOMB = 2_000_000


def groups(*pairs: tuple[int, Any]) -> str:
    return "".join(f"{code}\n{value}\n" for code, value in pairs)


def entity(kind: str, layer: str, *pairs: tuple[int, Any]) -> str:
    return groups((0, kind), (8, layer), (10, X), (20, Y), *pairs)


def text(words: str, layer: str = "注记") -> str:
    return entity("TEXT", layer, (40, 1), (1, words))


LINE = entity("LINE", "线", (11, X + RADIUS), (21, Y))
ARC = entity("ARC", "弧", (40, RADIUS), (50, 0), (51, 180))
CIRCLE = entity("CIRCLE", "圆", (40, RADIUS))


def insert(name: str, columns: int = 1, rows: int = 1) -> str:
    spacing = [(44, 0.001), (45, 0.001)]
    return groups(
        (0, "INSERT"), (8, "块"), (2, name), (10, 0), (20, 0), (70, columns), (71, rows), *spacing
    )


def block(name: str, *inside: str) -> str:
    head = groups((0, "BLOCK"), (8, "0"), (2, name), (70, 0), (10, 0), (20, 0), (3, name))
    return head + "".join(inside) + groups((0, "ENDBLK"), (8, "0"))


def drawing(
    folder: Path,
    *entities: str,
    blocks: str = "",
    code_page: str = "ANSI_936",
    version: str = "AC1015",
    codec: str = "gbk",
) -> Path:
    """A DXF as CAD programs write it: AC1015 is AutoCAD 2000, AC1021 is 2007."""
    parts = [
        groups((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version)),
        groups((9, "$DWGCODEPAGE"), (3, code_page), (0, "ENDSEC")),
        groups((0, "SECTION"), (2, "BLOCKS")) + blocks + groups((0, "ENDSEC")),
        groups((0, "SECTION"), (2, "ENTITIES")) + "".join(entities),
        groups((0, "ENDSEC"), (0, "EOF")),
    ]
    path = folder / "图.dxf"
    path.write_bytes("".join(parts).encode(codec))
    return path


def rows(path: Path, **how: Any) -> list[RawFeature]:
    with opened([path], **how) as source:
        return list(source.rows())


@pytest.mark.parametrize(
    ("code_page", "version", "codec", "words"),
    [
        ("ANSI_936", "AC1015", "gbk", "齐齐哈尔市龙沙区"),
        ("ANSI_936", "AC1021", "utf-8", "齐齐哈尔市龙沙区"),  # from 2007 on, whatever the code page
        ("ANSI_936", "AC1015", "gb18030", "𬭊家屯管网"),
        ("ANSI_1252", "AC1015", "gbk", "齐齐哈尔市龙沙区"),  # saved by a program that does not know
        ("ANSI_950", "AC1015", "big5", "齊齊哈爾市龍沙區"),
        ("ANSI_936", "AC1015", "big5", "齊齊哈爾市龍沙區"),
        ("ANSI_1252", "AC1015", "cp1252", "Größe über Maß"),
        ("ANSI_1251", "AC1015", "cp1251", "Хабаровск"),
    ],
)
def test_its_texts_are_read(
    tmp_path: Path, code_page: str, version: str, codec: str, words: str
) -> None:
    path = drawing(tmp_path, text(words, "0"), code_page=code_page, version=version, codec=codec)
    (row,) = rows(path)
    assert row.properties["Text"] == words
    assert row.geometry == shapely.Point(X, Y)


def test_its_layers_are_read_and_the_encoding_is_told(tmp_path: Path) -> None:
    with opened([drawing(tmp_path, text("管网"), LINE)]) as source:
        assert source.encoding is not None
        assert (source.encoding.encoding, source.encoding.decided_by) == ("gb18030", "evidence")
        assert [row.properties["Layer"] for row in source.rows()] == ["注记", "线"]


def test_a_person_has_the_last_word_on_the_encoding(tmp_path: Path) -> None:
    path = drawing(tmp_path, text("齐齐哈尔"))
    (row,) = rows(path, encoding="cp1252")
    assert row.properties["Text"] == "齐齐哈尔".encode("gbk").decode("cp1252")
    with pytest.raises(ImportRefused) as caught:
        rows(path, encoding="klingon")
    assert caught.value.problems[0].code is Code.UNKNOWN_ENCODING


def test_arcs_and_circles_are_short_lines(tmp_path: Path, city: BBox) -> None:
    with opened([drawing(tmp_path, ARC, CIRCLE)]) as source:
        found = list(stage(source, kinds={"LineString"}, bbox=city, crs=4490))
    arc, circle = [row.geometry for row in found if isinstance(row, StagedRow)]
    for shape in (arc, circle):
        corners = shapely.get_coordinates(shape) - (X, Y)
        assert np.allclose(np.hypot(*corners.T), RADIUS, rtol=1e-6)
    assert arc.length == pytest.approx(math.pi * RADIUS, rel=1e-3)
    assert circle.is_ring


def test_a_flat_drawing_tells_of_no_heights(tmp_path: Path, city: BBox) -> None:
    with opened([drawing(tmp_path, LINE)]) as source:
        found = list(stage(source, kinds={"LineString"}, bbox=city, crs=4490))
    assert [type(one) for one in found] == [StagedRow]


def test_a_block_that_is_inserted_is_drawn(tmp_path: Path) -> None:
    path = drawing(tmp_path, insert("A", columns=3), blocks=block("A", LINE))
    assert scan(path).unfolded(BOMB) == 3
    assert sum(len(shapely.get_parts(row.geometry)) for row in rows(path)) == 3


def nested(depth: int, times: int) -> str:
    inner = [block(f"B{at}", insert(f"B{at - 1}") * times) for at in range(1, depth)]
    return block("B0", LINE) + "".join(inner)


BOMBS = {
    "ten times ten, eight deep": ([insert("B7")], nested(8, 10)),
    "an array of a billion": ([insert("A", 32_767, 32_767)], block("A", LINE)),
    "a block in itself": ([insert("A")], block("A", LINE, insert("A"))),
    "two blocks in each other": (
        [insert("A")],
        block("A", insert("B")) + block("B", LINE, insert("A")),
    ),
    "a tower": ([insert("B4999")], nested(5_000, 2)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_blocks_is_refused_before_it_is_unfolded(tmp_path: Path, name: str) -> None:
    entities, blocks = BOMBS[name]
    with pytest.raises(ImportRefused) as caught:
        rows(drawing(tmp_path, *entities, blocks=blocks))
    assert caught.value.problems[0].code is Code.TOO_MANY_ENTITIES
    assert "2,000,000" in caught.value.problems[0].sentence()


def test_what_no_insert_asks_for_does_not_count(tmp_path: Path) -> None:
    path = drawing(tmp_path, LINE, blocks=nested(8, 10))
    assert scan(path).unfolded(BOMB) == 1
    assert len(rows(path)) == 1


@pytest.mark.parametrize("content", [b"", b"0\n", b"no drawing", b"0\nSECTION\n2\n", bytes(500)])
def test_what_is_no_drawing_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.dxf"
    path.write_bytes(content)
    with pytest.raises(ImportRefused):
        rows(path)
