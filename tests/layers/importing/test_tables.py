"""CSV and spreadsheets: columns that say where rows lie, in the many ways in which people write them."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from gis_projects.geo.bbox import BBox
from layers.importing import places, staging
from layers.importing.build import Malformed
from layers.importing.problems import Code, ImportRefused
from layers.importing.source import RawFeature, Source

CITY = BBox(122.4, 46.1, 126.7, 48.9, 4326)


def rows(path: Path, **how: Any) -> list[RawFeature]:
    with staging.opened([path], **how) as source:
        return list(source.rows())


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "点位.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def book(folder: Path, sheets: dict[str, list[list[Any]]], name: str = "台账.xlsx") -> Path:
    made = Workbook()
    made.remove(made.active)
    for title, cells in sheets.items():
        sheet = made.create_sheet(title)
        for row in cells:
            sheet.append(row)
    path = folder / name
    made.save(path)
    return path


def refusal(path: Path, **how: Any) -> Code:
    with pytest.raises(ImportRefused) as refused, staging.opened([path], **how) as source:
        list(source.rows())
    return refused.value.problems[0].code


@pytest.mark.parametrize(
    "head",
    [
        "经度,纬度",
        "lon,lat",
        "Longitude,Latitude",
        "东经,北纬",
        "东坐标(°),北坐标(°)",
        "x,y",
        "X坐标,Y坐标",
    ],
)
def test_two_columns_by_many_names(tmp_path: Path, head: str) -> None:
    (row,) = rows(written(tmp_path, f"编码,{head},名称\nA-1,123.95,47.35,龙沙公园\n"))
    assert row.geometry == shapely.Point(123.95, 47.35)
    assert row.properties == {"编码": "A-1", "名称": "龙沙公园"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_marks_are_found(tmp_path: Path, encoding: str, mark: str) -> None:
    text = "编码,名称,经度,纬度\n0012,富拉尔基区老旧小区改造工程,123.6,47.2\n".replace(",", mark)
    (row,) = rows(written(tmp_path, text, encoding))
    assert row.properties == {"编码": "0012", "名称": "富拉尔基区老旧小区改造工程"}


def test_big5_and_what_a_person_says(tmp_path: Path) -> None:
    path = written(tmp_path, "編碼,名稱,lon,lat\n1,齊齊哈爾市老舊小區,123.6,47.2\n", "big5")
    (row,) = rows(path, encoding="big5")
    assert row.properties["名稱"] == "齊齊哈爾市老舊小區"
    with staging.opened([path]) as source:
        assert source.encoding is not None
        assert source.encoding.encoding == "cp950"


@pytest.mark.parametrize(
    ("written_as", "degrees"),
    [
        ("123.5", 123.5), ("123°30′", 123.5), ("123°30′36″", 123.51), ("123度30分36秒", 123.51),
        ("E123°30'36\"", 123.51), ("123°30'36''E", 123.51), ("东经123°30′", 123.5), ("W123°30′", -123.5), ("123°", 123),
        (" 123.5 ", 123.5), ("1.235e2", 123.5),
    ],
)  # fmt: skip
def test_degrees_as_people_write_them(written_as: str, degrees: float) -> None:
    assert places.number_of(written_as) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("nonsense", ["", "abc", "12,5", "nan", "inf", "1e999", True, "=1+1"])
def test_what_is_no_number(nonsense: object) -> None:
    with pytest.raises(Malformed):
        places.number_of(nonsense)


def test_surveyors_call_the_northing_x(tmp_path: Path) -> None:
    path = written(tmp_path, "点号,X,Y\n1,5234567.123,41567890.5\n2,5234600,41567900\n")
    with staging.opened([path]) as source:
        first, _second = source.rows()
        assert first.geometry == shapely.Point(41567890.5, 5234567.123)
        assert [one.code for one in source.warnings] == [Code.NORTH_IS_X]
        assert staging.crs_of(source, CITY).crs.srid == 4529  # type: ignore[union-attr]


def test_programmers_call_the_easting_x(tmp_path: Path) -> None:
    with staging.opened([written(tmp_path, "id,x,y\n1,41567890.5,5234567.1\n")]) as source:
        (row,) = source.rows()
        assert row.geometry == shapely.Point(41567890.5, 5234567.1)
        assert source.warnings == ()


def test_shapes_as_wkt_ewkt_or_geojson(tmp_path: Path) -> None:
    text = (
        'code,WKT\n1,"POLYGON((123.6 47.1,123.61 47.1,123.61 47.11,123.6 47.1))"\n'
        '2,"SRID=4490;POINT(123.6 47.1)"\n3,"{""type"":""Point"",""coordinates"":[123.6,47.1]}"\n4,\n5,nonsense\n'
    )
    found = rows(written(tmp_path, text))
    assert [row.geometry and row.geometry.geom_type for row in found] == [
        "Polygon", "Point", "Point", None, None,
    ]  # fmt: skip
    assert [row.problem and row.problem.code for row in found][4] == Code.MALFORMED_FEATURE


def test_the_crs_of_an_ewkt_is_stated(tmp_path: Path) -> None:
    with staging.opened(
        [written(tmp_path, "code,geom\n1,SRID=4490;POINT(123.6 47.1)\n")]
    ) as source:
        assert source.crs_text == "EPSG:4490"


def test_bad_rows_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    found = rows(written(tmp_path, "code,lon,lat\n1,123.6,47.1\n2,东,47.1\n\n3,,\n4\n5,1e999,47\n"))
    assert [row.problem is not None for row in found] == [False, True, False, False, True]
    assert [row.number for row in found] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("'=1+1", "=1+1"), ("'-3", "-3"), ("'@x", "@x"), ("''=x", "'=x"), ("'quoted'", "'quoted'"), ("-3", "-3")],
)  # fmt: skip
def test_our_own_marks_come_off(tmp_path: Path, cell: str, value: str) -> None:
    (row,) = rows(written(tmp_path, f"note,lon,lat\n{cell},123.6,47.1\n"))
    assert row.properties == {"note": value}


@pytest.mark.parametrize(
    "text", ["名称,地址\nx,y\n", "\n\n", "lon,name\n1,2\n", "\x00\x00,\x00\n"]
)  # fmt: skip
def test_a_table_without_places_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path, text)) in {
        Code.NO_PLACE_COLUMNS, Code.EMPTY_FILE, Code.NOT_GIS_FILE,
    }  # fmt: skip


def test_a_heading_of_a_million_characters_is_told_in_short(tmp_path: Path) -> None:
    with (
        pytest.raises(ImportRefused) as refused,
        staging.opened([written(tmp_path, "x" * 1_000_000 + ",名称\n1,2\n")]),
    ):
        pass
    assert len(refused.value.problems[0].sentence()) < 600


def test_a_heading_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "," * 5_000 + "\n")) == Code.TOO_LARGE


def test_a_dictionary_beside_a_data_set_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.geojson", '{"type":"Point","coordinates":[123.6,47.1]}')
        archive.writestr("a_fields.csv", "field,title\n")
    assert len(rows(path)) == 1


def test_a_spreadsheet_keeps_its_types(tmp_path: Path) -> None:
    day = dt.datetime(2022, 5, 1)
    cells = [["编码", "户数", "面积", "开工", "经度", "纬度"], ["A-1", 94, 1.5, day, 123.6, 47.1]]
    path = book(tmp_path, {"Sheet1": cells})
    with staging.opened([path]) as source:
        assert [(field.name, field.type) for field in source.fields] == [
            ("编码", "text"), ("户数", "integer"), ("面积", "real"), ("开工", "date"),
        ]  # fmt: skip
        (row,) = source.rows()
    assert row.properties == {"编码": "A-1", "户数": 94, "面积": 1.5, "开工": day.date()}
    assert row.geometry == shapely.Point(123.6, 47.1)


def test_titles_above_the_heading_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    cells = [
        ["齐齐哈尔市点位台账"],
        [None],
        ["编码", "经度", "纬度"],
        ["A", 123.6, 47.1],
        [None, None, None],
    ]
    with staging.opened(
        [book(tmp_path, {"说明": [["文字"]], "点位": cells, "Sheet3": []})]
    ) as source:
        assert (source.layer, source.layers) == ("点位", ("点位",))
        assert [row.properties for row in source.rows()] == [{"编码": "A"}]


def test_one_of_several_sheets_is_chosen(tmp_path: Path) -> None:
    cells = [["lon", "lat"], [123.6, 47.1]]
    path = book(tmp_path, {"一": cells, "二": [*cells, [123.7, 47.2]]})
    assert refusal(path) == Code.SEVERAL_LAYERS
    assert refusal(path, layer="三") == Code.NO_SUCH_LAYER
    assert len(rows(path, layer="二")) == 2


def test_what_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    for number, data in enumerate([b"PK\x03\x04 no", broken.getvalue()]):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        assert refusal(path) == Code.DAMAGED_FILE
    (tmp_path / "c.xlsx").write_bytes(b"<html>")
    assert refusal(tmp_path / "c.xlsx") == Code.NOT_GIS_FILE


def features(source: Source) -> list[Any]:
    return [(row.properties, row.geometry) for row in source.rows()]


@pytest.mark.parametrize("before", ["", "\x1e"])
def test_a_feature_a_line(tmp_path: Path, before: str) -> None:
    line = '{"type":"Feature","properties":{"n":%d},"geometry":{"type":"Point","coordinates":[123.6,47.1]}}'
    path = tmp_path / "a.geojsonl"
    path.write_text("\n".join(before + line % number for number in range(3)) + "\n\n")
    with staging.opened([path]) as source:
        assert source.crs_text == "EPSG:4326"
        assert [one[0]["n"] for one in features(source)] == [0, 1, 2]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text('{"type":"Feature","properties":null,"geometry":null}\n{"type":\n')
    with pytest.raises(ImportRefused) as refused, staging.opened([path]) as source:
        list(source.rows())
    assert refused.value.problems[0].params["reason"] == "JSON, 2:9"


@given(
    st.floats(73, 135, allow_nan=False).map(lambda value: round(value, 6)),
    st.floats(18, 53, allow_nan=False).map(lambda value: round(value, 6)),
)
def test_degrees_minutes_and_seconds_come_back(lon: float, lat: float) -> None:
    for value in (lon, lat):
        minutes = (value - int(value)) * 60
        seconds = (minutes - int(minutes)) * 60
        text = f"{int(value)}°{int(minutes)}′{seconds:.6f}″"
        if not text.endswith("60.000000″"):
            assert places.number_of(text) == pytest.approx(value, abs=1e-8)
