"""Simple shapes are those that fiona reads, to the last bit; all others are left to it."""

import math
import struct
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from layers.importing.shp import SimpleShapes
from layers.importing.staging import opened
from tests.corpora.manifest import folder as corpora
from tests.layers.importing.samples import SQUARE, shapefile

SHAPES: dict[str, list[Any]] = {
    "Point": [(123.123456789012345, 47.1), (124.0, -0.0)],
    "LineString": [SQUARE[:2], SQUARE],
    "Polygon": [SQUARE, SQUARE[::-1], [(1e7 / 3, 2e6 / 7), (3e6, 4e6), (5e6, 1e6), (1e7 / 3, 2e6 / 7)]],
}  # fmt: skip


def by_fiona(path: Path) -> list[Any]:
    with fiona.open(path) as collection:
        return [feature.geometry and shape(feature.geometry) for feature in collection]


def read(path: Path) -> list[Any]:
    count = (path.with_suffix(".shx").stat().st_size - 100) // 8
    return SimpleShapes(path).read(0, count).tolist()


@pytest.mark.parametrize("kind", SHAPES)
def test_simple_shapes_are_as_fiona_reads_them(tmp_path: Path, kind: str) -> None:
    path = shapefile(tmp_path, SHAPES[kind], kind=kind)
    found = read(path)
    assert [one.wkb for one in found] == [one.wkb for one in by_fiona(path)]


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        ("Polygon", None),
        ("Polygon", [(math.nan, 47.3), *SQUARE[1:-1], (math.nan, 47.3)]),
        ("Polygon", SQUARE[:-1]),
        ("Polygon", SQUARE[:3]),
        ("LineString", SQUARE[:1]),
        ("LineString", [(math.inf, 1.0), (2.0, 3.0)]),
        ("Point", (math.nan, 47.3)),
        ("Point", None),
    ],
)
def test_an_odd_one_is_left_to_fiona_and_its_neighbours_are_not(
    tmp_path: Path, kind: str, odd: Any
) -> None:
    good = SHAPES[kind][0]
    first, second, third = read(shapefile(tmp_path, [good, odd, good], kind=kind))
    assert second is None
    assert first.equals_exact(third, 0.0)


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Polygon(SQUARE).difference(shapely.Polygon(SQUARE).centroid.buffer(0.001)),
        shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.box(125, 47, 125.1, 47.1)]),
        shapely.Polygon([(*corner, 5.0) for corner in SQUARE]),
    ],
)
def test_holes_parts_and_heights_are_left_to_fiona(tmp_path: Path, geometry: Any) -> None:
    path = tmp_path / "a.shp"
    kind = "3D Polygon" if geometry.has_z else "Polygon"
    schema = {"geometry": kind, "properties": {"a": "int"}}
    with fiona.open(path, "w", "ESRI Shapefile", schema=schema) as out:
        for number, one in enumerate([geometry, shapely.Polygon(SQUARE)]):
            out.write({"geometry": shapely.geometry.mapping(one), "properties": {"a": number}})
    assert read(path)[0] is None
    with opened([path]) as source:
        rows = list(source.rows())
    expected = by_fiona(path)
    assert [one.wkb for one in expected] == [row.geometry.wkb for row in rows]
    assert [row.had_z for row in rows] == [geometry.has_z] * 2


@pytest.mark.parametrize("offset", [0, -50, 2**30, 51])
def test_an_offset_that_leads_nowhere_gives_no_shape(tmp_path: Path, offset: int) -> None:
    path = shapefile(tmp_path, [SQUARE, SQUARE])
    index = bytearray(path.with_suffix(".shx").read_bytes())
    index[108:112] = struct.pack(">i", offset)
    path.with_suffix(".shx").write_bytes(index)
    first, second = read(path)
    assert first is not None
    assert second is None


@pytest.mark.parametrize("size", [0, 20, 100, 130])
def test_a_torn_file_has_no_shapes(tmp_path: Path, size: int) -> None:
    path = shapefile(tmp_path, [SQUARE, SQUARE])
    path.write_bytes(path.read_bytes()[:size])
    assert read(path) == [None, None]


def test_a_later_chunk_begins_where_it_says(tmp_path: Path) -> None:
    squares = [[(x + at, y) for x, y in SQUARE] for at in range(5)]
    path = shapefile(tmp_path, squares)
    part = SimpleShapes(path).read(2, 4)
    assert np.array_equal(shapely.bounds(part)[:, 0], [125.9, 126.9])


@pytest.mark.skipif(corpora() is None, reason="no sample files; set GIS_CORPORA")
def test_real_files_are_as_fiona_reads_them() -> None:
    folder = corpora()
    assert folder is not None
    compared = 0
    for path in sorted(folder.rglob("*.shp")):
        if not path.with_suffix(".shx").is_file():
            continue
        try:
            expected = by_fiona(path)
        except (fiona.errors.FionaError, ValueError, UnicodeDecodeError):
            continue
        for mine, theirs in zip(read(path), expected, strict=False):
            if mine is not None:
                assert mine.equals_exact(theirs, 0.0), path
                compared += 1
    assert compared
