"""Any file becomes a reference layer: its columns kept, in one transaction, taken back as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from gis_projects.geo.bbox import BBox
from gis_projects.http.problems import RevisionConflict
from layers.importing.problems import Code
from layers.loading import LayerOptions, LayerReport, import_layer, prune, undo
from layers.models import Batch, Feature, Layer
from tests.layers.importing.samples import SQUARE, Column, dbf_bytes, shp_bytes

CITY = BBox(122.0, 45.0, 127.0, 49.0)
POINT = {"type": "Point", "coordinates": [123.9, 47.3]}
LINE = {"type": "LineString", "coordinates": [[123.9, 47.3], [140, 47.4]]}

pytestmark = pytest.mark.django_db


def geojson(folder: Path, *features: tuple[Any, dict[str, Any]], name: str = "a.geojson") -> Path:
    rows = [
        {"type": "Feature", "geometry": geometry, "properties": properties}
        for geometry, properties in features
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def shapefile(folder: Path) -> Path:
    columns = [Column("名称", width=40), Column("面积", "N", 10, 2), Column("日期", "D", 8)]
    rows = [["演示·水库", "12.50", "20220126"], ["", "", ""]]
    (folder / "水库.dbf").write_bytes(dbf_bytes(columns, rows))
    shp, shx = shp_bytes("Polygon", [SQUARE, None])
    (folder / "水库.shp").write_bytes(shp)
    (folder / "水库.shx").write_bytes(shx)
    (folder / "水库.prj").write_text('GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]')
    return folder / "水库.shp"


def load(path: Path, key: str = "water", dry_run: bool = False, **options: Any) -> LayerReport:
    choices = LayerOptions(key, **{"bbox": CITY, **options})
    return import_layer([path], choices, by=None, dry_run=dry_run)


def codes(report: LayerReport) -> list[Code]:
    return [problem.code for problem in report.refused]


def test_the_columns_of_a_file_are_kept_in_order(tmp_path: Path) -> None:
    report = load(shapefile(tmp_path), name="水库", crs="EPSG:4490")
    layer = Layer.objects.get(key="water")
    assert [(one["name"], one["type"], one["width"]) for one in layer.columns] == [
        ("名称", "text", 40),
        ("面积", "real", 10),
        ("日期", "date", 8),
    ]
    assert "4490" in layer.source_crs
    assert layer.source_encoding == "gb18030"
    assert (report.count, report.without_place, layer.name) == (2, 1, "水库")
    first, second = layer.features.order_by("pk")
    assert first.properties == {"名称": "演示·水库", "面积": 12.5, "日期": "2022-01-26"}
    assert (first.name, second.name, second.geom) == ("演示·水库", "", None)


def test_mixed_kinds_and_odd_values_come_in(tmp_path: Path) -> None:
    odd = {"text": "a\u0000b", "list": [1, {"x": None}], "nul": None, "t": True}
    path = geojson(tmp_path, (POINT, odd), (LINE, {"name": "河"}), (None, {"name": "表"}))
    assert load(path).stored
    first, line, table = Feature.objects.order_by("pk")
    assert first.properties == {"text": "ab", "list": [1, {"x": None}], "nul": None, "t": True}
    assert (line.geom.geom_type, line.name) == ("LineString", "河")
    assert (table.geom, table.name) == (None, "表")


def test_rows_without_geometry_are_refused_when_that_is_chosen(tmp_path: Path) -> None:
    report = load(geojson(tmp_path, (None, {"a": 1})), keep_empty=False)
    assert codes(report) == [Code.EMPTY_GEOMETRY]
    assert not Layer.objects.exists()


def test_what_touches_the_place_comes_in_and_what_does_not_is_told(tmp_path: Path) -> None:
    assert load(geojson(tmp_path, (LINE, {}))).stored
    far = geojson(tmp_path, ({"type": "Point", "coordinates": [10, 10]}, {}))
    assert codes(load(far, "far")) == [Code.OUTSIDE]
    assert load(far, "far", place="anywhere").stored


def test_a_dry_run_reports_and_stores_nothing(tmp_path: Path) -> None:
    report = load(geojson(tmp_path, (POINT, {"a": 1})), dry_run=True)
    assert (report.count, report.stored, report.columns) == (1, False, ["a"])
    assert not Layer.objects.exists()
    assert not Batch.objects.exists()
    assert not AuditEntry.objects.filter(kind="layer").exists()


@pytest.mark.parametrize(
    ("key", "mode", "code"),
    [
        ("water", "new", Code.LAYER_EXISTS),
        ("sites", "new", Code.LAYER_EXISTS),
        ("a b", "new", Code.LAYER_KEY),
        ("x" * 65, "new", Code.LAYER_KEY),
        ("none", "replace", Code.NO_SUCH_LAYER),
        ("none", "append", Code.NO_SUCH_LAYER),
    ],
)
def test_a_key_that_does_not_fit_is_refused(
    tmp_path: Path, key: str, mode: str, code: Code
) -> None:
    Layer.objects.create(key="water", name="there")
    report = load(geojson(tmp_path, (POINT, {})), key, mode=mode)
    assert codes(report) == [code]
    assert code.value and report.refused[0].sentence()


def shown(key: str = "water") -> list[str]:
    rows = Feature.objects.filter(layer__key=key).shown()
    return list(rows.order_by("pk").values_list("name", flat=True))


def test_a_replaced_layer_can_be_had_back(tmp_path: Path) -> None:
    layer = Layer.objects.create(key="water", name="there")
    Feature.objects.create(layer=layer, name="loose")
    report = load(geojson(tmp_path, (POINT, {"name": "a", "one": 1})), mode="replace")
    assert shown() == ["a"]
    layer.refresh_from_db()
    assert ([one["name"] for one in layer.columns], layer.revision) == (["name", "one"], 2)
    assert report.batch is not None
    undo(report.batch, by=None)
    layer.refresh_from_db()
    assert (shown(), layer.columns, layer.revision) == (["loose"], [], 3)


def test_appending_joins_columns_and_undo_goes_back_step_by_step(tmp_path: Path) -> None:
    first = load(geojson(tmp_path, (POINT, {"name": "a", "one": 1})))
    second = load(geojson(tmp_path, (POINT, {"name": "b", "two": 1})), mode="append")
    layer = Layer.objects.get(key="water")
    assert shown() == ["a", "b"]
    assert [one["name"] for one in layer.columns] == ["name", "one", "two"]
    assert first.batch is not None and second.batch is not None
    with pytest.raises(RevisionConflict):
        undo(first.batch, by=None)
    undo(second.batch, by=None)
    assert shown() == ["a"]


def test_what_was_replaced_can_be_forgotten(tmp_path: Path) -> None:
    load(geojson(tmp_path, (POINT, {"name": "a"})))
    load(geojson(tmp_path, (POINT, {"name": "b"})), mode="replace")
    layer = Layer.objects.get(key="water")
    assert Feature.objects.count() == 2
    assert prune(layer) == 1
    assert list(Feature.objects.values_list("name", flat=True)) == ["b"]


def test_every_change_is_in_the_audit_trail(tmp_path: Path) -> None:
    load(geojson(tmp_path, (POINT, {"name": "a"})))
    report = load(geojson(tmp_path, (POINT, {"name": "b"}), name="b.geojson"), mode="replace")
    assert report.batch is not None
    undo(report.batch, by=None)
    entries = AuditEntry.objects.filter(kind="layer", subject="water").order_by("sequence")
    assert [one.action for one in entries] == ["created", "updated", "updated"]
    assert entries[1].changed["files"] == [["a.geojson (1)"], ["b.geojson (1)"]]
    assert entries[2].changed["files"] == [["b.geojson (1)"], ["a.geojson (1)"]]


def test_the_public_sees_a_layer_once_it_is_published(tmp_path: Path, client: Client) -> None:
    load(geojson(tmp_path, (POINT, {"name": "a", "kind": "湖"}), (None, {"name": "b"})))
    address = "/layers/water/items.geojson"
    assert client.get(address).status_code == 404
    Layer.objects.update(published=True)
    response = client.get(address)
    first, second = response.json()["features"]
    assert first["properties"] == {"name": "a", "name_en": "", "kind": "湖"}
    assert second["geometry"] is None
    headers = {"if-none-match": response["ETag"]}
    assert client.get(address, headers=headers).status_code == 304
    load(geojson(tmp_path, (POINT, {"name": "c"})), mode="replace")
    again = client.get(address, headers=headers)
    assert [one["properties"]["name"] for one in again.json()["features"]] == ["c"]
