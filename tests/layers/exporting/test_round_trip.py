"""Out with our writers and in again: every value and every place comes back, as far as the format can hold it."""

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fiona
import openpyxl
import pyogrio
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform
from gis_projects.http.problems import ParameterInvalid
from layers.exporting.formats import FORMATS, write
from layers.exporting.names import Naming, field_names
from layers.exporting.table import Row
from layers.importing.staging import Problem, opened, stage
from tests.layers.exporting.tables import COLUMNS, lines, points, polygons, rows, table

PLACE = BBox(122, 45, 128, 50)
KML = "{http://www.opengis.net/kml/2.2}"
KEYS = [column.key for column in COLUMNS]
# 0.2 mm on the ground.
NEAR = 2e-9
few = settings(
    max_examples=8, derandomize=True, deadline=None, database=None,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
quarantined = settings(few, max_examples=4)
any_kind = st.one_of(points(), lines(), polygons())


@pytest.fixture(autouse=True, scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def written(
    folder: Path, found: list[Row], key: str, crs: str = "EPSG:4326", naming: Naming = "short"
) -> Path:
    path = folder / f"plots-{key}.{FORMATS[key].suffix}"
    path.unlink(missing_ok=True)
    write(path, table(found), key, crs, naming)
    return path


def staged(path: Path, layer: str | None = None) -> list[tuple[Any, dict[str, Any]]]:
    """What an import would store."""
    with opened([path], layer=layer) as source:
        result = list(stage(source, kinds={"Point", "LineString", "Polygon"}, bbox=PLACE))
    problems = [one.sentence() for one in result if isinstance(one, Problem) and one.is_error]
    assert problems == []
    return [(one.geometry, one.properties) for one in result if not isinstance(one, Problem)]


def same_shape(one: Any, other: Any) -> bool:
    """Within NEAR; a polygon may come back as a multi-polygon of one, and its rings turned round."""
    if shapely.get_dimensions(one) != shapely.get_dimensions(other):
        return False
    parts = shapely.get_num_geometries(one) == shapely.get_num_geometries(other)
    return bool(parts and one.hausdorff_distance(other) < NEAR)


def as_words(value: Any) -> Any:
    """Dates as a reader gives them."""
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize(
    ("key", "crs"), [("gpkg", "EPSG:4490"), ("gpkg", "EPSG:4529"), ("geojson", "EPSG:4326")]
)
@quarantined
@given(data=st.data())
def test_an_import_gives_back_all_values(
    folder: Path, key: str, crs: str, data: st.DataObject
) -> None:
    found = data.draw(rows(polygons()))
    back = staged(written(folder, found, key, crs))
    assert len(back) == len(found)
    for row, (geometry, properties) in zip(found, back, strict=True):
        assert same_shape(row.geometry, geometry)
        assert [as_words(properties[name]) for name in KEYS] == [
            as_words(one) for one in row.values
        ]


@pytest.mark.parametrize("naming", ["short", "pinyin", "chinese"])
@pytest.mark.parametrize(("key", "encoding"), [("shp", "utf-8"), ("shp-gbk", "gbk")])
@quarantined
@given(data=st.data())
def test_a_shapefile_gives_back_all_values_by_its_dictionary(
    folder: Path, key: str, encoding: str, naming: Naming, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([points(), lines(), polygons()]))
    found = data.draw(rows(kind, encoding))
    path = written(folder, found, key, naming=naming)
    names = field_names(COLUMNS, naming, encoding)
    assert all(len(name.encode(encoding)) <= 10 for name in names)
    assert len({name.lower() for name in names}) == len(names)
    back = staged(path)
    assert len(back) == len(found)
    for row, (geometry, properties) in zip(found, back, strict=True):
        assert same_shape(row.geometry, geometry)
        expected = [as_words(one) for one in row.values]
        # Truth is a word: the DBF type for it knows no missing value.
        expected[-1] = {True: "true", False: "false"}.get(expected[-1])
        assert [as_words(properties[name]) for name in names] == expected


@pytest.mark.parametrize("key", ["fgb", "geojsonseq"])
@few
@given(data=st.data())
def test_streams_give_back_all_values(folder: Path, key: str, data: st.DataObject) -> None:
    found = data.draw(rows(any_kind))
    with fiona.open(written(folder, found, key)) as source:
        back = list(source)
    by_code: dict[tuple[Any, ...], int] = {}
    for one in back:
        values = tuple(as_words(one.properties.get(name)) for name in KEYS)
        by_code[values] = by_code.get(values, 0) + 1
    # FlatGeobuf sorts rows by place.
    for row in found:
        by_code[tuple(as_words(one) for one in row.values)] -= 1
    assert set(by_code.values()) == {0}
    shapes = [shape(one.geometry) for one in back]
    assert all(any(same_shape(row.geometry, one) for one in shapes) for row in found)


def unmarked(text: str | None) -> str | None:
    """Without the apostrophe that stands before what a spreadsheet would run."""
    dangerous = text is not None and text.lstrip("'")[:1] in tuple("=+-@\t\r")
    return text[1:] if text and dangerous and text.startswith("'") else text


@few
@given(found=rows(any_kind))
def test_csv_gives_back_all_values(folder: Path, found: list[Row]) -> None:
    path = written(folder, found, "csv", "EPSG:4490")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(file)
    assert head[3:5] == ["户数(户)", "总投资(万元)"]
    for row, cells in zip(found, body, strict=True):
        values = [str(as_words(one)) if one is not None else "" for one in row.values]
        values[-1] = values[-1].lower()
        texts = [unmarked(cell) for cell in cells[:3]]
        assert [*texts, *cells[3:-3]] == values
        assert same_shape(row.geometry, shapely.from_wkt(cells[-1]))
        is_point = row.geometry is not None and row.geometry.geom_type == "Point"
        assert (cells[-3] != "") == is_point


@few
@given(found=rows(any_kind))
def test_xlsx_gives_back_all_values_with_their_types(folder: Path, found: list[Row]) -> None:
    book = openpyxl.load_workbook(written(folder, found, "xlsx"))
    _head, *body = book.worksheets[0].iter_rows()
    for row, cells in zip(found, body, strict=True):
        assert all(cell.data_type != "f" for cell in cells)
        values = [cell.value for cell in cells]
        assert [unmarked(one) for one in values[:3]] == list(row.values[:3])
        assert values[3] == row.values[3]
        # Excel itself keeps 15 digits.
        assert values[4] == (row.values[4] and pytest.approx(row.values[4], rel=1e-15))
        day = values[5]
        assert (day and day.date()) == row.values[5]
        assert values[6] == row.values[6]
        assert same_shape(row.geometry, shapely.from_wkt(values[-1]))
    keys = [cells[1].value for cells in book.worksheets[1].iter_rows(min_row=2, max_row=8)]
    assert keys == KEYS


@few
@given(found=rows(any_kind))
def test_kml_gives_back_all_values(folder: Path, found: list[Row]) -> None:
    path = written(folder, found, "kml")
    shapes = shapely.from_wkb(pyogrio.raw.read(path, columns=[])[2])
    placemarks = ElementTree.parse(path).getroot().iter(f"{KML}Placemark")
    for row, there, placemark in zip(found, shapes, placemarks, strict=True):
        assert row.geometry is not None
        assert same_shape(row.geometry, there)
        words = {one.get("name"): one.text for one in placemark.iter(f"{KML}SimpleData")}
        values = [None if one is None else str(as_words(one)) for one in row.values]
        values[-1] = values[-1] and values[-1].lower()
        assert [words.get(name) for name in KEYS] == values


def test_heights_go_where_the_format_has_them(folder: Path) -> None:
    found = [Row(shapely.Point(123.5, 47.5, 148.25), [str(at), *[None] * 6]) for at in range(2)]
    for key in ("gpkg", "fgb", "geojson", "geojsonseq"):
        for crs in ("EPSG:4326", "EPSG:4529"):
            with fiona.open(written(folder, found, key, crs)) as source:
                assert [one.geometry.coordinates[2] for one in source] == [148.25, 148.25]


@pytest.mark.parametrize("key", FORMATS)
def test_a_table_without_rows_and_rows_without_geometry_are_files_too(
    folder: Path, key: str
) -> None:
    for found in ([], [Row(None, ["甲", *[None] * 6])]):
        path = written(folder, found, key)
        # Lines of GeoJSON have no head.
        assert path.stat().st_size > 0 or (key == "geojsonseq" and not found)
        if key in ("gpkg", "fgb", "geojson"):
            with fiona.open(path) as source:
                assert len(list(source)) == len(found)


def test_every_zone_is_where_the_place_is(folder: Path) -> None:
    here = shapely.Point(123.9, 47.3)
    for crs in ("EPSG:4529", "EPSG:4530", "EPSG:4550", "EPSG:4551"):
        path = written(folder, [Row(here, ["甲", *[None] * 6])], "gpkg", crs)
        with fiona.open(path) as source:
            assert source.crs.to_epsg() == int(crs[5:])
            there = shape(next(iter(source)).geometry)
        assert transform(there, crs, "EPSG:4326").distance(here) < NEAR


def test_geojson_says_its_label_in_the_head_and_in_each_feature(folder: Path) -> None:
    path = folder / "labelled.geojson"
    write(path, table([Row(None, ["甲", *[None] * 6])], label="演示数据"), "geojson")
    data = json.loads(path.read_text("utf-8"))
    assert data["label"] == data["features"][0]["properties"]["label"] == "演示数据"


def test_a_shapefile_says_what_it_could_not_keep(folder: Path) -> None:
    found = [
        Row(shapely.Point(123, 47), ["甲" * 200, "𠮷野家", None, 10**19, None, None, None]),
        Row(None, ["乙", *[None] * 6]),
    ]
    path = written(folder, found, "shp-gbk")
    with zipfile.ZipFile(path) as archive:
        notes = archive.read("plots_notes.txt").decode("utf-8-sig")
        assert "plots_nogeometry.dbf" in archive.namelist()
        dbf = archive.read("plots_point.dbf")
    assert ("甲" * 127).encode("gbk") in dbf
    assert ("甲" * 128).encode("gbk") not in dbf
    assert b"?\xd2\xb0\xbc\xd2" in dbf
    assert len(notes.splitlines()) == 5


def test_flatgeobuf_keeps_heights_or_refuses(folder: Path) -> None:
    def high(geometry: Any) -> Row:
        return Row(shapely.force_3d(geometry, 7.5), ["A", *[None] * (len(KEYS) - 1)])

    one = shapely.box(123.6, 47.1, 123.7, 47.2)
    both = shapely.MultiPolygon([one, shapely.box(124, 47, 124.1, 47.1)])
    path = written(folder, [high(one), high(both)], "fgb")
    found = pyogrio.raw.read(path)
    heights = shapely.get_coordinates(shapely.from_wkb(found[2]), include_z=True)[:, 2]
    assert len(found[2]) == 2
    assert set(heights) == {7.5}
    for mixed in ([high(one), high(one.centroid)], [high(one), Row(both, high(one).values)]):
        with pytest.raises(ParameterInvalid, match="GeoPackage"):
            written(folder, mixed, "fgb")
