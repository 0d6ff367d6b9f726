"""What is wrong with a file is said with file, feature and column; then nothing of it is stored."""

import math
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from gis_projects.http.problems import RevisionConflict
from layers.importing.problems import Code, ImportRefused
from projects import publication
from projects.bulk.writer import NewSites
from projects.importing import ImportReport
from projects.importing.run import MAX_REFUSALS
from projects.models import Programme, Site, Transition
from tests.factories import make_site, square
from tests.layers.importing.samples import BOW_TIE, Column, geopackage, zipped
from tests.projects.importing.conftest import COLUMNS, Importer, record, ring, write
from tests.projects.importing.test_outcomes import geojson

NOWHERE = 'LOCAL_CS["plan of the works"]'


@pytest.fixture(autouse=True)
def _nothing_is_stored(estates: Programme) -> Any:
    """Whatever a test sends, what was there stays as it was, and nothing is added."""
    make_site(estates, "OLD", geom=square(124.3), attributes={"households": 1})
    before = publication.revision()
    yield
    assert list(Site.objects.values_list("code", "revision")) == [("OLD", 1)]
    assert Transition.objects.count() == 1
    assert publication.revision() == before


def refused(run: Importer, *parts: Any, **options: Any) -> list[str]:
    """The sentences of a file that cannot be read at all."""
    with pytest.raises(ImportRefused) as caught:
        run(*parts, **options)
    return [problem.sentence() for problem in caught.value.problems]


def only(report: ImportReport) -> str:
    assert not report.stored
    (problem,) = report.refused
    return problem.sentence()


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_missing_part_is_named(tmp_path: Path, run: Importer, part: str) -> None:
    path = write(tmp_path)
    path.with_suffix(part).unlink()
    (sentence,) = refused(run, path)
    assert sentence.startswith("小区.shp: ")
    assert part in sentence


def test_all_missing_parts_are_named(tmp_path: Path, run: Importer) -> None:
    path = write(tmp_path)
    (archive,) = [zipped(tmp_path / "a.zip", [path])]
    assert [part for part in (".shx", ".dbf") if part in " ".join(refused(run, archive))] == [
        ".shx",
        ".dbf",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.txt", b"not a map"),
        ("小区.shp", b"not a shapefile"),
        ("小区.gpkg", b"not a database"),
        ("小区.geojson", b'{"type": "Topology"}'),
        ("小区.geojson", b"{"),
        ("小区.zip", b"PK no"),
        ("小区.rar", b"Rar!"),
    ],
)
def test_what_is_no_gis_file_is_refused(
    tmp_path: Path, run: Importer, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    (sentence,) = refused(run, tmp_path / name)
    assert sentence.startswith(f"{name}: ")


def test_a_zip_of_two_data_sets_asks_which(tmp_path: Path, run: Importer) -> None:
    one, two = write(tmp_path / "1", name="东"), write(tmp_path / "2", name="西")
    files = [*one.parent.iterdir(), *two.parent.iterdir()]
    (sentence,) = refused(run, zipped(tmp_path / "a.zip", files))
    assert "东.shp" in sentence and "西.shp" in sentence


def test_an_unknown_crs_asks_for_its_number(tmp_path: Path, run: Importer) -> None:
    shapes = [ring(1000.0, 2000.0, 50.0)]
    sentence = only(run(write(tmp_path, [record()], shapes, crs=NOWHERE)))
    assert sentence.startswith("小区.shp: ")
    assert "plan of the works" in sentence
    assert "EPSG" in sentence


def test_a_wrong_crs_of_somebody_s_is_refused(tmp_path: Path, run: Importer) -> None:
    assert "EPSG:99999" in only(run(write(tmp_path, [record()]), crs="EPSG:99999"))


def test_a_file_without_features_is_refused(tmp_path: Path, run: Importer) -> None:
    path = tmp_path / "空.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": []}')
    report = run(path)
    assert not report.stored
    assert Code.NO_CODE_COLUMN in {problem.code for problem in report.refused}


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (BOW_TIE, "crosses itself"),
        (None, "no geometry"),
        (ring(110.0), "outside the city"),
        (ring(124.995), "outside the city"),
        ([(math.nan, 47.3), *ring()[1:-1], (math.nan, 47.3)], "finite number"),
    ],
)
def test_bad_geometry_is_told_with_its_feature(
    tmp_path: Path, run: Importer, shape: Any, words: str
) -> None:
    sentence = only(run(write(tmp_path, shapes=[ring(), shape, ring(123.7)])))
    assert sentence.startswith("小区.shp, feature 2: ")
    assert words in sentence


def test_another_kind_of_geometry_is_refused(tmp_path: Path, run: Importer) -> None:
    path = write(tmp_path, [record()], [(123.6, 47.1)], kind="Point")
    sentence = only(run(path))
    assert "feature 1" in sentence and "a point" in sentence and "a polygon" in sentence


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"户数": "-3"}, "户数", "-3"),
        ({"户数": ""}, "户数", "value is required"),
        ({"等级": "丙"}, "等级", "甲"),
        ({"县区": "建华区"}, "县区", "no such district"),
        ({"计划开工": "20220231"}, "计划开工", "no date"),
        ({"计划开工": "20220601", "计划竣工": "20220501"}, "计划竣工", "before the start"),
        ({"总投资": "9999999999999"}, "总投资", "no amount"),
        ({"编号": ""}, "编号", "no code"),
    ],
)
def test_a_bad_value_is_told_with_its_column(
    tmp_path: Path, run: Importer, changes: dict[str, str], column: str, words: str
) -> None:
    sentence = only(run(write(tmp_path, [record("E-1"), record("E-2", **changes)])))
    assert sentence.startswith(f"小区.shp, feature 2, field “{column}”: ")
    assert words in sentence


def test_a_code_twice_in_the_file_is_refused(tmp_path: Path, run: Importer) -> None:
    sentence = only(run(write(tmp_path, [record("E-1"), record("E-2"), record("E-1")])))
    assert sentence.startswith("小区.shp, feature 3, field “编号”: ")
    assert "“E-1”" in sentence


@pytest.mark.parametrize(("column", "longest"), [("编号", 40), ("名称", 120)])
def test_text_that_no_field_takes_is_refused(
    tmp_path: Path, run: Importer, column: str, longest: int
) -> None:
    columns = [Column(c.name, c.type, 250 if c.type == "C" else c.width) for c in COLUMNS]
    rows = [record(**{column: "x" * longest}), record(**{column: "y" * (longest + 1)})]
    rows[1][0] = "E-2" if column != "编号" else rows[1][0]
    sentence = only(run(write(tmp_path, rows, columns=columns)))
    assert "feature 2" in sentence and f"“{column}”" in sentence and str(longest) in sentence


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"名称": "演\x00示"}, "名称"),
        ({"等级": "甲\x00"}, "等级"),
        ({"名称": ["演示"]}, "名称"),
        ({"户数": "nan"}, "户数"),
        ({"户数": True}, "户数"),
        ({"户数": "9" * 40}, "户数"),
        ({"治理面积亩数": "inf"}, "治理面积亩数"),
        ({"是否供暖": "大概"}, "是否供暖"),
        ({"等级": {"a": 1}}, "等级"),
    ],
)
def test_values_that_a_database_would_choke_on_are_refused(
    tmp_path: Path, run: Importer, values: dict[str, Any], column: str
) -> None:
    path = geojson(tmp_path / "a.geojson", ({"编号": "E-1", "户数": 3, **values}, ring()))
    sentences = [problem.sentence() for problem in run(path).refused]
    assert sentences
    assert all(one.startswith(f"a.geojson, feature 1, field “{column}”: ") for one in sentences)


def test_unreadable_text_is_told(tmp_path: Path, run: Importer) -> None:
    path = write(tmp_path, [record("E-1"), record("E-2", 名称="坏")])
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("坏".encode("gbk"), b"\xff\xff"))
    sentence = only(run(path, encoding="gbk"))
    assert sentence.startswith("小区.shp, feature 2, field “名称”: ")


def test_dates_in_the_wrong_order_with_what_is_there_are_refused(
    tmp_path: Path, run: Importer, estates: Programme
) -> None:
    Site.objects.update(planned_start="2022-06-01")
    columns = (Column("编号"), Column("计划竣工", "D", 8))
    sentence = only(run(write(tmp_path, [["OLD", "20220501"]], columns=columns)))
    assert "feature 1" in sentence and "“计划竣工”" in sentence


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path, run: Importer) -> None:
    rows = [record("E-1", 户数="-1", 等级="丙"), record("E-2", 县区="远方"), record("E-3")]
    report = run(write(tmp_path, rows))
    assert [(problem.feature, problem.field) for problem in report.refused] == [
        (1, "等级"),
        (1, "户数"),
        (2, "县区"),
    ]
    assert (report.created, report.stored) == (1, False)


def test_a_change_is_undone_with_the_rest(tmp_path: Path, run: Importer) -> None:
    rows = [record("OLD", 名称="演示·改名"), record("E-2", 户数="-1")]
    report = run(write(tmp_path, rows))
    assert (report.updated, len(report.refused)) == (1, 1)


def test_a_hopeless_file_is_put_down_early(
    tmp_path: Path, run: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.importing.run.BATCH", 100)
    rows = [record(f"E-{number}", 户数="-1") for number in range(MAX_REFUSALS + 150)]
    report = run(write(tmp_path, rows))
    assert len(report.refused) == MAX_REFUSALS + 1
    assert report.refused[-1].code is Code.TOO_MANY_PROBLEMS
    assert str(MAX_REFUSALS) in report.refused[-1].sentence()


@pytest.mark.parametrize(
    ("mapping", "code", "field"),
    [
        ({"名称": "name"}, Code.NO_CODE_COLUMN, None),
        ({"编号": "code", "门牌": "address"}, Code.NO_SUCH_COLUMN, "门牌"),
        ({"编号": "code", "名称": "state"}, Code.UNKNOWN_FIELD, "名称"),
        ({"编号": "code", "名称": "attributes.depth"}, Code.UNKNOWN_FIELD, "名称"),
        ({"编号": "code", "名称": "code"}, Code.MAPPED_TWICE, "名称"),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused(
    tmp_path: Path, run: Importer, mapping: dict[str, str], code: Code, field: str | None
) -> None:
    report = run(write(tmp_path), mapping=mapping)
    (problem,) = report.refused
    assert (problem.code, problem.file, problem.field) == (code, "小区.shp", field)


def test_a_geopackage_with_two_layers_asks_which(tmp_path: Path, run: Importer) -> None:
    path = tmp_path / "a.gpkg"
    shape = {"type": "Polygon", "coordinates": [ring()]}
    for layer in ("甲", "乙"):
        geopackage(path, [{"geometry": shape, "properties": {"名称": "x"}}], layer)
    (sentence,) = refused(run, path)
    assert "甲" in sentence and "乙" in sentence


def test_a_site_made_by_another_meanwhile_is_a_conflict(
    tmp_path: Path, run: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(self: NewSites, drafts: Any) -> None:
        raise IntegrityError("site_code_once")

    monkeypatch.setattr(NewSites, "add", add)
    with pytest.raises(RevisionConflict):
        run(write(tmp_path))
