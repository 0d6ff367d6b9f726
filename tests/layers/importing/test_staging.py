"""From a file to rows in EPSG:4326, or a sentence for each that cannot be one."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform, transform_array
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.staging import StagedRow, StageLimits, crs_of, opened, stage
from tests.layers.importing.samples import BOW_TIE, SQUARE, geopackage, shapefile

EVERY_KIND = {"Point", "LineString", "Polygon"}


def staged(
    path: Path, city: BBox, kinds: Any = EVERY_KIND, encoding: str | None = None, **options: Any
) -> tuple[list[StagedRow], list[Problem]]:
    with opened([path], encoding=encoding) as source:
        found = list(stage(source, kinds=kinds, bbox=city, **options))
    rows = [item for item in found if isinstance(item, StagedRow)]
    return rows, [item for item in found if isinstance(item, Problem)]


def only(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


def in_metres(srid: int) -> list[tuple[float, float]]:
    polygon = transform(shapely.Polygon(SQUARE), 4326, srid)
    return [(x, y) for x, y in polygon.exterior.coords]


@pytest.mark.parametrize("srid", [4490, 4326, 4529, 4530, 4550, 4551, 4499, 4510, 32651, 3857])
def test_it_brings_every_crs_to_lon_lat(tmp_path: Path, city: BBox, srid: int) -> None:
    rows, problems = staged(shapefile(tmp_path, [in_metres(srid)], crs=srid), city)
    assert not problems
    assert shapely.hausdorff_distance(rows[0].geometry, shapely.Polygon(SQUARE)) < 1e-9
    assert rows[0].source_srid == srid
    assert str(srid) in rows[0].source_crs
    assert shapely.from_wkb(rows[0].wkb).equals(rows[0].geometry)


def test_it_takes_a_crs_from_a_person(tmp_path: Path, city: BBox) -> None:
    path = shapefile(tmp_path, [in_metres(4551)], crs=None)
    rows, problems = staged(path, city)
    assert (rows, only(problems).code) == ([], Code.AMBIGUOUS_CRS)
    rows, problems = staged(path, city, crs="EPSG:4551")
    assert len(rows) == 1
    assert not problems


def test_it_warns_when_it_took_the_crs_from_the_numbers(tmp_path: Path, city: BBox) -> None:
    path = shapefile(tmp_path, [in_metres(4529)], crs=None)
    rows, problems = staged(path, city)
    assert len(rows) == 1
    assert only(problems).code is Code.CRS_GUESSED
    with opened([path]) as source:
        assert crs_of(source, city).crs is not None


def test_it_refuses_a_null_datum_as_a_whole(tmp_path: Path, city: BBox) -> None:
    rows, problems = staged(shapefile(tmp_path, [SQUARE], crs=4610), city)
    assert not rows
    assert only(problems).code is Code.NULL_DATUM_CRS
    assert only(problems).feature is None


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, Code.EMPTY_GEOMETRY),
        (BOW_TIE, Code.INVALID_GEOMETRY),
        ([(x - 10, y) for x, y in SQUARE], Code.OUTSIDE),
        ([(math.nan, 47.3), *SQUARE[1:-1], (math.nan, 47.3)], Code.NOT_FINITE),
    ],
)
def test_it_names_file_and_feature_of_bad_geometry(
    tmp_path: Path, city: BBox, shape: Any, code: Code
) -> None:
    rows, problems = staged(shapefile(tmp_path, [SQUARE, shape, SQUARE]), city)
    assert [row.number for row in rows] == [1, 3]
    problem = only(problems)
    assert (problem.code, problem.feature, problem.file) == (code, 2, "图斑.shp")
    assert "图斑.shp, feature 2" in problem.sentence()


def test_it_says_where_an_outline_crosses_itself(tmp_path: Path, city: BBox) -> None:
    sentence = only(staged(shapefile(tmp_path, [BOW_TIE]), city)[1]).sentence()
    assert "crosses itself" in sentence
    assert "123.905" in sentence


@pytest.mark.parametrize(
    ("kind", "shape"), [("Point", (123.9, 47.3)), ("LineString", SQUARE[:3]), ("Polygon", SQUARE)]
)
def test_it_wants_the_right_kind(tmp_path: Path, city: BBox, kind: str, shape: Any) -> None:
    path = shapefile(tmp_path, [shape], kind=kind)
    assert len(staged(path, city, kinds={kind})[0]) == 1
    problem = only(staged(path, city, kinds=EVERY_KIND - {kind})[1])
    assert problem.code is Code.WRONG_KIND
    assert "wanted" in problem.sentence()


def test_it_limits_the_vertices_of_a_feature(tmp_path: Path, city: BBox) -> None:
    limits = StageLimits(vertices=4)
    problem = only(staged(shapefile(tmp_path, [SQUARE]), city, limits=limits)[1])
    assert problem.code is Code.TOO_MANY_VERTICES
    assert "5" in problem.sentence()


def test_it_says_that_a_file_is_empty(tmp_path: Path, city: BBox) -> None:
    rows, problems = staged(shapefile(tmp_path, []), city)
    assert not rows
    assert only(problems).code is Code.EMPTY_FILE


def test_it_tells_only_the_first_problem_of_a_feature(tmp_path: Path, city: BBox) -> None:
    far_bow_tie = [(x - 10, y) for x, y in BOW_TIE]
    assert len(staged(shapefile(tmp_path, [far_bow_tie]), city)[1]) == 1


def test_it_keeps_order_and_numbers_across_chunks(tmp_path: Path, city: BBox) -> None:
    shapes: list[Any] = [SQUARE] * 23
    shapes[11] = None
    values = [[str(number)] for number in range(1, 24)]
    path = shapefile(tmp_path, shapes, values)
    rows, problems = staged(path, city, limits=StageLimits(chunk=5))
    assert [row.number for row in rows] == [n for n in range(1, 24) if n != 12]
    assert all(row.properties["名称"] == str(row.number) for row in rows)
    assert only(problems).feature == 12


def test_it_reads_again_from_the_start(tmp_path: Path, city: BBox) -> None:
    with opened([shapefile(tmp_path, [SQUARE] * 3)]) as source:
        for _again in range(2):
            assert len(list(stage(source, kinds={"Polygon"}, bbox=city))) == 3


def test_it_keeps_multi_geometries(tmp_path: Path, city: BBox) -> None:
    parts = [[SQUARE], [[(x + 1, y) for x, y in SQUARE]]]
    item = {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": parts},
        "properties": {"名称": "演示"},
    }
    rows, _ = staged(geopackage(tmp_path / "a.gpkg", [item], "x"), city, kinds={"Polygon"})
    assert rows[0].geometry.geom_type == "MultiPolygon"


def test_it_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with opened([shapefile(tmp_path / "in", [SQUARE])]) as source:
        assert list(scratch.iterdir())
        assert source.count == 1
    with pytest.raises(ImportRefused), opened([tmp_path / "none.shp"]):
        pass
    assert not list(scratch.iterdir())


def test_it_transforms_as_one_by_one(city: BBox) -> None:
    rng = np.random.default_rng(1)
    points = shapely.points(rng.uniform((123, 46), (126, 48), (200, 2)))
    there = transform_array(points, 4326, 4529)
    back = transform_array(there, 4529, 4326)
    assert shapely.distance(points, back).max() < 1e-10


def test_a_million_vertices_in_one_geometry_are_refused_in_a_sentence(
    tmp_path: Path, city: BBox
) -> None:
    angles = np.linspace(0, 2 * math.pi, 1_000_001)[:-1]
    ring = np.column_stack([123.9 + 0.1 * np.cos(angles), 47.3 + 0.1 * np.sin(angles)])
    item = {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(shapely.Polygon(ring)),
        "properties": {"名称": "演示"},
    }
    rows, problems = staged(geopackage(tmp_path / "a.gpkg", [item], "x"), city)
    assert not rows
    assert only(problems).code is Code.TOO_MANY_VERTICES
    assert "1000001" in only(problems).sentence()
    assert "100000" in only(problems).sentence()


def test_it_limits_the_vertices_of_a_file(tmp_path: Path, city: BBox) -> None:
    path = shapefile(tmp_path, [SQUARE] * 10)
    rows, problems = staged(path, city, limits=StageLimits(total_vertices=34, chunk=3))
    assert len(rows) == 6  # what was staged before is not stored: the file has an error
    assert only(problems).code is Code.TOO_MANY_VERTICES_IN_ALL
    assert only(problems).is_error
    assert "34" in only(problems).sentence()
    assert len(staged(path, city, limits=StageLimits(total_vertices=50))[0]) == 10


@pytest.mark.parametrize("astray", [[(0, 0)] * 5, [(500, -95)] * 5, [(0, 0), *SQUARE[1:4], (0, 0)]])
@pytest.mark.parametrize("srid", [4529, 4550])
def test_one_feature_astray_does_not_decide_the_crs(
    tmp_path: Path, city: BBox, astray: Any, srid: int
) -> None:
    around = [[(x + step, y) for x, y in in_metres(srid)] for step in range(0, 60_000, 10_000)]
    plain = shapefile(tmp_path / "plain", around, crs=None)
    spoilt = shapefile(tmp_path / "spoilt", [astray, *around], crs=None)
    with opened([plain]) as one, opened([spoilt]) as other:
        expected, found = crs_of(one, city), crs_of(other, city)
    assert found.crs == expected.crs
    assert found.candidates == expected.candidates
    assert found.candidates


def test_it_tells_what_lies_outside_the_area_of_its_crs(tmp_path: Path, city: BBox) -> None:
    here, far = in_metres(4551), in_metres(4553)  # 126 and 132 degrees east
    _rows, problems = staged(shapefile(tmp_path / "a", [here], crs=4551), city)
    assert not problems
    rows, problems = staged(shapefile(tmp_path / "b", [far, far], crs=4553), city)
    assert len(rows) == 2
    assert [one.code for one in problems] == [Code.BEYOND_AREA_OF_USE]
    assert not only(problems).is_error
    assert "2 features" in only(problems).sentence()
    assert "130.5 – 133.5° E" in only(problems).sentence()
