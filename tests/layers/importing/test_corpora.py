"""Real files from other projects, where they are at hand: each ends as its manifest expects."""

from pathlib import Path
from typing import Any

import pytest

from gis_projects.geo.bbox import BBox
from layers.importing.problems import Code, ImportRefused
from layers.importing.staging import StagedRow, opened, stage
from tests.layers.importing.conftest import corpora

FOLDER = corpora()
pytestmark = pytest.mark.skipif(FOLDER is None, reason="no sample files; set GIS_CORPORA")
EARTH = BBox(-180, -90, 180, 90)

# (file, features accepted, features refused)
ACCEPTED = [
    ("shp/encoding/chinese_poly.shp", 1, 0),
    ("shp/encoding/rus_cp1251.shp", 2, 0),
    ("shp/encoding/danish_point.shp", 4, 0),
    ("shp/encoding/codepage.shp", 2, 0),
    ("zip/mixedcase.zip", 40, 0),
    ("zip/senate.zip", 40, 0),
    ("zip/qgis.zip", 2, 0),
    ("zip/T8Th4_6n.zip", 1, 0),
    ("zip/train_stations.zip", 361, 0),
    ("zip/REL.zip", 1, 0),
    ("zip/poly.zip", 10, 0),
    ("zip/coutwildrnp.zip", 67, 0),
    ("zip/gbk_member_names.zip", 6, 0),
    ("geojson/has_nulls/has_nulls.geojson", 3, 0),
    ("geojson/null_geom.geojson", 1, 1),
    ("geojson/issue627.geojson", 3, 0),
    ("geojson/test_tz.geojson", 1, 0),
    ("geojson/!test.geojson", 1, 0),
    ("geojson/trio.geojson", 3, 0),
    ("gpkg/first_geometry_null.gpkg", 1, 1),
    ("gpkg/poly_non_conformant.gpkg", 1, 0),
]
REFUSED = [
    ("shp/encoding/gdal_chinese.dbf", Code.MISSING_PART),
    ("shp/encoding/htmlcpg.shp", Code.MISSING_PART),
    ("shp/encoding/latin1.shp", Code.MISSING_PART),
    ("zip/badzip.zip", Code.DAMAGED_ARCHIVE),
    ("zip/noshp.zip", Code.MISSING_PART),
    ("zip/no-dbf.zip", Code.MISSING_PART),
    ("zip/bad.shp", Code.NOT_GIS_FILE),
    ("zip/empty_zipfile.zip", Code.EMPTY_ARCHIVE),
    ("zip/poly.tar.gz", Code.UNSUPPORTED_ARCHIVE),
    ("zip/testopenfilegdb.gdb.zip", Code.NOT_GIS_FILE),
    ("gpkg/truncated.gpkg", Code.DAMAGED_FILE),
    ("gpkg/huge_feature_count.gpkg", Code.SEVERAL_LAYERS),
]


def sample(name: str) -> Path:
    assert FOLDER is not None
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not there")
    return path


def samples(pattern: str) -> list[Any]:
    found = sorted(FOLDER.glob(pattern)) if FOLDER else []
    return [pytest.param(path, id=path.name) for path in found]


def read(path: Path, **options: Any) -> tuple[list[StagedRow], list[Any]]:
    with opened([path], **options) as source:
        found = list(stage(source, kinds={"Point", "LineString", "Polygon"}, bbox=EARTH))
    rows = [item for item in found if isinstance(item, StagedRow)]
    return rows, [item for item in found if not isinstance(item, StagedRow)]


@pytest.mark.parametrize(("name", "accepted", "refused"), ACCEPTED)
def test_it_accepts(name: str, accepted: int, refused: int) -> None:
    rows, problems = read(sample(name))
    assert len(rows) == accepted
    assert len([p for p in problems if p.is_error]) == refused


@pytest.mark.parametrize(("name", "code"), REFUSED)
def test_it_refuses(name: str, code: Code) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(sample(name))
    assert caught.value.problems[0].code is code


def test_it_reads_heilongjiang() -> None:
    assert read(sample("shp/encoding/chinese_poly.shp"))[0][0].properties["NAME"] == "黑龙江省"


def test_it_reads_cyrillic_and_central_europe() -> None:
    cyrillic = read(sample("shp/encoding/rus_cp1251.shp"))[0]
    assert cyrillic[0].properties["TEXT"] == "Кириллица"
    czech = read(sample("shp/encoding/codepage.shp"))[0]
    assert "Hněvošický háj" in {row.properties["field"] for row in czech}


def test_it_reads_danish_and_warns() -> None:
    with opened([sample("shp/encoding/danish_point.shp")]) as source:
        assert [warning.code for warning in source.warnings] == [Code.ENCODING_GUESSED]
        assert next(source.rows()).properties["TEKST1"] == "Charløtte"


def test_it_shows_a_name_in_gbk() -> None:
    with opened([sample("zip/gbk_member_names.zip")]) as source:
        assert source.file == "齐哈.shp"


def test_it_brings_massachusetts_home() -> None:
    bounds = BBox.around(
        BBox.from_geometry(row.geometry) for row in read(sample("zip/senate.zip"))[0]
    )
    assert bounds.contains(-71, 42)


def test_it_refuses_degrees_that_are_none() -> None:
    rows, problems = read(sample("shp/encoding/ch-city/ch-city.shp"))
    assert not rows
    assert [problem.code for problem in problems] == [Code.WRONG_CRS]


def test_it_does_not_trust_a_count() -> None:
    rows, _problems = read(sample("gpkg/huge_feature_count.gpkg"), layer="test2")
    assert len(rows) < 100


@pytest.mark.parametrize("path", samples("geojson/external_crs/*.geojson"))
def test_it_follows_no_address(path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(path)
    assert caught.value.problems[0].code is Code.UNKNOWN_CRS


@pytest.mark.parametrize("path", samples("geojson/good/*.geojson"))
def test_it_reads_good_geojson(path: Path) -> None:
    rows, problems = read(path)
    expected = {Code.EMPTY_GEOMETRY, Code.WRONG_KIND, Code.WRONG_CRS, Code.HEIGHTS_DROPPED}
    assert {problem.code for problem in problems} <= expected
    assert rows or problems


@pytest.mark.parametrize("path", samples("geojson/bad/*.geojson"))
def test_it_answers_bad_geojson_with_sentences(path: Path) -> None:
    try:
        _rows, problems = read(path)
    except ImportRefused as error:
        problems = list(error.problems)
    assert all(path.name in problem.sentence() for problem in problems)


# What points elsewhere, or draws pictures, and has no placemark of its own.
WITHOUT_PLACEMARKS = {"ground_overlay.kml", "ground_overlay_quad.kml", "networklink.kml"}
NOT_DRAWN = {
    "nogeomplacemark.kml": {Code.EMPTY_GEOMETRY},
    "null_geometry.kml": {Code.EMPTY_GEOMETRY},
    "selfclosing.kml": {Code.EMPTY_GEOMETRY},
    "multigeometry_discrete.kml": {Code.WRONG_KIND},  # a line and a point
    "timespan.kml": {Code.MALFORMED_FEATURE},  # a ring of two corners
    "bad.kml": {Code.MALFORMED_FEATURE},  # words for numbers
}
ODD = {
    "addresses.kml": {Code.EMPTY_GEOMETRY, Code.MALFORMED_FEATURE},  # tracks of one position
}


@pytest.mark.parametrize("path", samples("kml/*.kml"))
def test_it_reads_kml(path: Path) -> None:
    if path.name in WITHOUT_PLACEMARKS:
        with pytest.raises(ImportRefused) as caught:
            read(path)
        assert caught.value.problems[0].code is Code.EMPTY_FILE
        return
    rows, problems = read(path)
    codes = {problem.code for problem in problems if problem.is_error}
    if path.name in NOT_DRAWN:
        assert not rows
        assert codes == NOT_DRAWN[path.name]
        return
    assert rows
    assert codes <= ODD.get(path.name, set())
