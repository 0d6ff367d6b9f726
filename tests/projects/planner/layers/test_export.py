"""A reference layer leaves as a file in any format, and comes in again as it was."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone
from shapely import force_3d, from_wkb, get_coordinates
from shapely.geometry import LineString, MultiPolygon, mapping

from layers.exporting.formats import FORMATS
from layers.importing.handling import Handling
from layers.loading import LayerOptions, import_layer
from layers.models import Batch, Feature, Layer
from projects.importing.reach import around_the_city
from tests.conftest import Cast
from tests.factories import square

pytestmark = pytest.mark.usefixtures("city")

SOIL = {
    "地类": "旱地", "area": 12.5, "count": 3, "name": "演示·甲", "Name": "other", "ok": True,
    "wkt": "no geometry", "_fid": "x", "mixed": 1, "list": [1, "二"],
}  # fmt: skip
GRASS = {**dict.fromkeys(SOIL), "地类": "草地", "count": 4, "mixed": "one", "area": 4}


@pytest.fixture
def planner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def load(path: Path, key: str, **options: Any) -> Layer:
    choices = LayerOptions(key, bbox=around_the_city(), **options)
    report = import_layer([path], choices, by=None, dry_run=False)
    assert [problem.sentence() for problem in report.refused] == []
    return Layer.objects.get(key=key)


@pytest.fixture
def layer(tmp_path: Path) -> Layer:
    """Mixed kinds, columns that differ by case only, and values of several types in one column."""
    geometries = [
        MultiPolygon([square(), square(123.8)]),
        LineString([(123.6, 47.1), (123.7, 47.2)]),
    ]
    features = [
        {"type": "Feature", "geometry": mapping(geometry), "properties": properties}
        for geometry, properties in zip(geometries, (SOIL, GRASS), strict=True)
    ]
    path = tmp_path / "地类.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return load(path, "soil")


def download(client: Client, layer: Layer, key: str, folder: Path, **query: str) -> Path:
    response = client.get(f"/planner/layers/{layer.key}/export/", {"format": key, **query})
    assert response.status_code == 200, response.content
    path = folder / f"out.{FORMATS[key].suffix}"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    return path


def rows(layer: Layer) -> list[tuple[str, dict[str, Any]]]:
    found = Feature.objects.filter(layer=layer).shown().order_by("pk")
    return [
        (one.geom.geom_type, {k: v for k, v in one.properties.items() if v is not None})
        for one in found
        if one.geom is not None
    ]


@pytest.mark.parametrize("key", ["gpkg", "geojson", "geojsonseq", "fgb", "csv", "xlsx", "kml"])
def test_out_and_in_again_it_is_the_same(
    planner: Client, layer: Layer, tmp_path: Path, key: str
) -> None:
    path = download(planner, layer, key, tmp_path)
    sheet = f"soil_{timezone.localdate():%Y%m%d}" if key == "xlsx" else None
    again = load(path, "again", layer=sheet)
    renamed = {"Name": "Name_2", "_fid": "_fid_2"} | (
        {"wkt": "wkt_2"} if key in {"csv", "xlsx"} else {}
    )
    both = (sorted(rows(one), key=lambda row: row[1]["count"]) for one in (layer, again))
    for (kind, then), (same_kind, now) in zip(*both, strict=True):
        assert kind == same_kind
        for column, value in then.items():
            found = now[renamed.get(column, column)]
            assert as_text(found) == as_text(value), column


def as_text(value: Any) -> str:
    """CSV and KML know texts only; lists and the numbers of a mixed column are texts in every format."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
    return text.replace(" ", "")


@pytest.mark.parametrize("key", ["shp", "shp-gbk"])
def test_a_shapefile_has_a_part_for_each_kind_and_a_dictionary(
    planner: Client, layer: Layer, tmp_path: Path, key: str
) -> None:
    with zipfile.ZipFile(download(planner, layer, key, tmp_path, names="chinese")) as archive:
        names = archive.namelist()
    assert {name.split("_")[-1] for name in names if name.endswith(".shp")} == {
        "polygon.shp", "linestring.shp",
    }  # fmt: skip
    assert any(name.endswith("_fields.csv") for name in names)


def test_types_are_those_of_all_values(planner: Client, layer: Layer, tmp_path: Path) -> None:
    content = json.loads(download(planner, layer, "geojson", tmp_path).read_text())
    values = [one["properties"] for one in content["features"]]
    assert [one["count"] for one in values] == [3, 4]
    assert [one["mixed"] for one in values] == ["1", "one"]
    assert [one["area"] for one in values] == [12.5, 4]


def test_features_of_no_file_keep_their_names_apart(planner: Client, tmp_path: Path) -> None:
    layer = Layer.objects.create(key="towns", name="城镇", attribution="GeoNames.org, CC BY 4.0")
    Feature.objects.create(
        layer=layer, name="龙沙", name_en="Longsha",
        geom=Point(123.9, 47.3, srid=4326), properties={"name": "kept", "label": 1},
    )  # fmt: skip
    path = download(planner, layer, "csv", tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = next(csv.DictReader(file))
    assert (line["名称"], line["英文名称"], line["name"]) == ("龙沙", "Longsha", "kept")
    assert (line["lon"], line["lat"]) == ("123.9", "47.3")
    assert line["label"] == layer.attribution


def test_what_was_replaced_does_not_go(planner: Client, layer: Layer, tmp_path: Path) -> None:
    batch = Batch.objects.create(layer=layer)
    Batch.objects.exclude(pk=batch.pk).update(replaced_by=batch)
    content = json.loads(download(planner, layer, "geojson", tmp_path).read_text())
    assert content["features"] == []


def test_the_pages_tell_what_there_is(planner: Client, layer: Layer) -> None:
    listed = planner.get("/planner/layers/").content.decode()
    assert "soil" in listed and "2" in listed
    page = planner.get("/planner/layers/soil/").content.decode()
    assert "地类.geojson" in page and "EPSG:4529" in page
    assert planner.get("/planner/layers/nothing/").status_code == 404
    assert planner.get("/planner/layers/soil/export/", {"column": "x"}).status_code == 400
    assert Client().get("/planner/layers/soil/export/").status_code in {302, 401}


@pytest.mark.parametrize("key", ["gpkg", "geojson", "fgb", "csv", "kml"])
def test_heights_that_were_kept_go_out_and_come_in(
    planner: Client, tmp_path: Path, key: str
) -> None:
    square_at_150 = force_3d(square(), 150.5)
    feature = {"type": "Feature", "geometry": mapping(square_at_150), "properties": {"a": 1}}
    path = tmp_path / "高程.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    keep = Handling(heights="keep")
    layer = load(path, "high", handling=keep)
    again = load(download(planner, layer, key, tmp_path), "again", handling=keep)
    kept = Feature.objects.get(layer=again).source_geom
    assert kept is not None
    assert set(get_coordinates(from_wkb(bytes(kept)), include_z=True)[:, 2]) == {150.5}
