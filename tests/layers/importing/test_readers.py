"""Opening each format: fields, attributes under their encoding, geometry, and what is damaged."""

import datetime
import json
import math
import sqlite3
import struct
from pathlib import Path
from typing import Any

import pytest

from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.source import RawFeature
from layers.importing.staging import opened
from tests.layers.importing.samples import SQUARE, Column, geopackage, shapefile

POINT = {"type": "Point", "coordinates": [123.9, 47.3]}


def rows(*files: Path, **options: Any) -> list[RawFeature]:
    with opened(files, **options) as source:
        return list(source.rows())


def refusal(*files: Path, **options: Any) -> Problem:
    with pytest.raises(ImportRefused) as caught:
        rows(*files, **options)
    return caught.value.problems[0]


def geojson(folder: Path, document: object, name: str = "a.geojson") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def feature(geometry: object = POINT, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object, **more: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def test_it_reads_typed_attributes_in_gbk(tmp_path: Path) -> None:
    columns = [
        Column("名称"),
        Column("户数", "N", 6),
        Column("面积", "N", 12, 2),
        Column("开工", "D", 8),
        Column("公示", "L", 1),
    ]
    values = [["演示小区", "128", "3.50", "20220501", "T"], ["", "", "", "", "?"]]
    shp = shapefile(tmp_path, [SQUARE, SQUARE], values, columns)
    with opened([shp]) as source:
        assert [f.type for f in source.fields] == ["text", "integer", "real", "date", "boolean"]
        assert source.kind == "Polygon"
        assert source.count == 2
        first, second = source.rows()
    assert list(first.properties.values()) == [
        "演示小区",
        128,
        3.5,
        datetime.date(2022, 5, 1),
        True,
    ]
    assert set(second.properties.values()) == {None}


def test_it_reads_a_field_name_cut_inside_a_character(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE], [["是"]], [Column("A治理面积亩数")])
    assert rows(shp)[0].properties == {"A治理面积": "是"}


def test_it_drops_a_character_cut_at_the_end_of_a_value(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE], [["演示矿山"]], [Column("名称", width=7)])
    assert rows(shp)[0].properties == {"名称": "演示矿"}


def test_it_keeps_a_date_that_does_not_exist_as_text(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE], [["20220231"]], [Column("开工", "D", 8)])
    assert rows(shp)[0].properties == {"开工": "20220231"}


def test_it_names_the_row_and_field_whose_text_cannot_be_read(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE] * 2, [["好"], ["坏"]])
    raw = shp.with_suffix(".dbf").read_bytes().replace("坏".encode("gbk"), b"\xff\xff")
    shp.with_suffix(".dbf").write_bytes(raw)
    good, bad = rows(shp, encoding="gbk")
    assert good.problem is None
    assert bad.problem is not None
    assert (bad.problem.code, bad.problem.feature) == (Code.UNREADABLE_TEXT, 2)
    assert bad.problem.field == "名称"


def test_it_leaves_out_deleted_records(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE] * 3, [["一"], ["二"], ["三"]], deleted=[1])
    assert [(r.number, r.properties["名称"]) for r in rows(shp)] == [(1, "一"), (3, "三")]


def test_it_says_when_the_table_is_shorter_than_the_geometry(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE] * 3, [["一"], ["二"]])
    last = rows(shp)[-1].problem
    assert last is not None
    assert (last.code, last.feature) == (Code.MISSING_RECORD, 3)


def test_it_gives_no_geometry_for_a_null_shape(tmp_path: Path) -> None:
    assert rows(shapefile(tmp_path, [None, SQUARE]))[0].geometry is None


def test_it_refuses_a_torn_shapefile(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE] * 5)
    shp.with_suffix(".shx").write_bytes(b"torn")
    assert refusal(shp).code is Code.DAMAGED_FILE


def test_it_survives_a_shp_cut_short(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE] * 5)
    shp.write_bytes(shp.read_bytes()[:300])
    try:
        found = rows(shp)
    except ImportRefused as error:
        assert error.problems[0].code is Code.DAMAGED_FILE
    else:
        assert any(row.geometry is None or row.problem for row in found)


def test_it_keeps_holes_and_parts(tmp_path: Path) -> None:
    shp = shapefile(tmp_path, [SQUARE])
    hole = [(123.902, 47.302), (123.904, 47.302), (123.904, 47.304), (123.902, 47.302)]
    island = [(124.0, 47.3), (124.0, 47.31), (124.01, 47.31), (124.0, 47.3)]
    points = [*SQUARE, *hole, *island]
    head = struct.pack("<i4diiiii", 5, 123.9, 47.3, 124.01, 47.31, 3, len(points), 0, 5, 9)
    record = head + b"".join(struct.pack("<dd", *p) for p in points)
    main = bytearray(shp.read_bytes()[:100])
    words = len(record) // 2
    main[24:28] = struct.pack(">i", 54 + words)
    shp.write_bytes(bytes(main) + struct.pack(">ii", 1, words) + record)
    index = shp.with_suffix(".shx").read_bytes()[:100] + struct.pack(">ii", 50, words)
    shp.with_suffix(".shx").write_bytes(index)
    (row,) = rows(shp)
    assert row.geometry is not None
    assert row.geometry.geom_type == "MultiPolygon"
    assert sum(len(part.interiors) for part in row.geometry.geoms) == 1


def test_it_reads_a_geopackage(tmp_path: Path) -> None:
    item = {"type": "Feature", "geometry": POINT, "properties": {"名称": "演示"}}
    path = geopackage(tmp_path / "a.gpkg", [item], "点位", crs=4490)
    with opened([path]) as source:
        assert source.layer == "点位"
        assert source.fields[0].name == "名称"
        (row,) = source.rows()
    assert row.properties == {"名称": "演示"}
    assert row.geometry is not None


def test_it_asks_for_the_layer_of_a_geopackage(tmp_path: Path) -> None:
    item = {"type": "Feature", "geometry": POINT, "properties": {"名称": "演示"}}
    path = geopackage(tmp_path / "a.gpkg", [item], "one")
    geopackage(path, [item, item], "two")
    problem = refusal(path)
    assert (problem.code, problem.params["choices"]) == (Code.SEVERAL_LAYERS, ("one", "two"))
    assert len(rows(path, layer="two")) == 2
    assert refusal(path, layer="three").code is Code.NO_SUCH_LAYER


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c",
        "CREATE TRIGGER own AFTER INSERT ON one BEGIN DELETE FROM one; END",
    ],
)
def test_it_refuses_views_and_triggers(tmp_path: Path, statement: str) -> None:
    item = {"type": "Feature", "geometry": POINT, "properties": {"名称": "演示"}}
    path = geopackage(tmp_path / "a.gpkg", [item], "one")
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()
    assert refusal(path).code is Code.UNSAFE_GEOPACKAGE


def test_it_refuses_a_damaged_geopackage(tmp_path: Path) -> None:
    item = {"type": "Feature", "geometry": POINT, "properties": {"名称": "演示"}}
    path = geopackage(tmp_path / "a.gpkg", [item], "one")
    path.write_bytes(path.read_bytes()[:20_000])
    assert refusal(path).code is Code.DAMAGED_FILE


def test_it_refuses_a_database_that_is_no_geopackage(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert refusal(tmp_path / "a.gpkg").code is Code.DAMAGED_FILE


def test_it_reads_geojson_features_collections_and_bare_geometries(tmp_path: Path) -> None:
    assert len(rows(geojson(tmp_path, collection(feature(a=1), feature(a=2))))) == 2
    assert len(rows(geojson(tmp_path, feature(a=1)))) == 1
    assert len(rows(geojson(tmp_path, POINT))) == 1


def test_it_knows_the_fields_of_geojson(tmp_path: Path) -> None:
    path = geojson(tmp_path, collection(feature(a=1, b="x"), feature(a=2, c=None, d=[1])))
    with opened([path]) as source:
        assert [(f.name, f.type) for f in source.fields] == [
            ("a", "integer"),
            ("b", "text"),
            ("c", "text"),
            ("d", "other"),
        ]


def test_it_reads_heights(tmp_path: Path) -> None:
    (row,) = rows(geojson(tmp_path, {"type": "Point", "coordinates": [123.9, 47.3, 150.0]}))
    assert row.had_z
    assert row.geometry is not None
    assert row.geometry.z == 150.0


@pytest.mark.parametrize(
    ("member", "crs"),
    [
        (None, "EPSG:4326"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "EPSG:4326"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}, "EPSG:4490"),
        ({"type": "name", "properties": {"name": "EPSG:4529"}}, "EPSG:4529"),
    ],
)
def test_it_reads_a_crs_by_name(tmp_path: Path, member: object, crs: str) -> None:
    path = geojson(tmp_path, collection(feature(), crs=member))
    with opened([path]) as source:
        assert source.crs_text == crs


@pytest.mark.parametrize(
    "member",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/x", "type": "proj4"}},
        {"type": "name", "properties": {"name": "http://127.0.0.1:9/x"}},
        {"type": "name", "properties": {"name": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "ESRI::http://127.0.0.1:9/"}},
        {"type": "name"},
        "EPSG:4326",
        7,
    ],
)
def test_it_never_follows_a_crs(tmp_path: Path, member: object) -> None:
    assert refusal(geojson(tmp_path, collection(feature(), crs=member))).code is Code.UNKNOWN_CRS
    inner = collection(feature({**POINT, "crs": member}))
    assert refusal(geojson(tmp_path, inner)).code is Code.UNKNOWN_CRS


@pytest.mark.parametrize("text", ["", "{", "[1, 2", "{'a': 1}", "\xff\xfe"])
def test_it_refuses_what_is_no_json(tmp_path: Path, text: str) -> None:
    assert refusal(geojson(tmp_path, text)).code is Code.DAMAGED_FILE


@pytest.mark.parametrize("document", [[], 7, "x", {}, {"type": "Topology"}, {"type": ["Point"]}])
def test_it_refuses_json_that_is_no_geojson(tmp_path: Path, document: object) -> None:
    assert refusal(geojson(tmp_path, json.dumps(document))).code is Code.NOT_GIS_FILE


def test_it_refuses_nan(tmp_path: Path) -> None:
    document = collection(feature({"type": "Point", "coordinates": [math.nan, 47]}))
    assert refusal(geojson(tmp_path, document)).code is Code.NOT_FINITE


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": ["123", "47"]},
        {"type": "Point", "coordinates": [123]},
        {"type": "Point", "coordinates": 5},
        {"type": "Point"},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "LineString", "coordinates": [[123, 47]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": [[1, 2]]},
        {"type": "GeometryCollection", "geometries": [5]},
        {"type": "GeometryCollection"},
        "POINT (1 2)",
        [],
    ],
)
def test_it_names_the_feature_that_is_malformed(tmp_path: Path, geometry: object) -> None:
    good, bad = rows(geojson(tmp_path, collection(feature(), feature(geometry))))
    assert good.problem is None
    assert bad.problem is not None
    assert (bad.problem.code, bad.problem.feature) == (Code.MALFORMED_FEATURE, 2)


def test_it_is_not_felled_by_deep_nesting(tmp_path: Path) -> None:
    text = '{"type":"GeometryCollection","geometries":[' * 400 + "]}" * 400
    problem = rows(geojson(tmp_path, text))[0].problem
    assert problem is not None
    assert problem.code is Code.MALFORMED_FEATURE
    assert refusal(geojson(tmp_path, "[" * 100_000)).code is Code.DAMAGED_FILE
