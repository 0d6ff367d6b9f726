"""KML, KMZ, GPX, FlatGeobuf and DXF, as bureaus and navigation devices write them."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import fiona
import pytest
import shapely

from gis_projects.geo.bbox import BBox
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.source import RawFeature
from layers.importing.staging import crs_of, opened, stage

HEAD = "<?xml version='1.0' encoding='{}'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document><Folder>"
TAIL = "</Folder></Document></kml>"


def rows(path: Path, **how: Any) -> list[RawFeature]:
    with opened([path], **how) as source:
        return list(source.rows())


def refusal(path: Path, **how: Any) -> Code:
    with pytest.raises(ImportRefused) as refused, opened([path], **how) as source:
        list(source.rows())
    return refused.value.problems[0].code


def kml(folder: Path, *placemarks: str, encoding: str = "utf-8", name: str = "点.kml") -> Path:
    inside = "".join(f"<Placemark>{one}</Placemark>" for one in placemarks)
    path = folder / name
    path.write_bytes((HEAD.format(encoding) + inside + TAIL).encode(encoding))
    return path


POINT = "<Point><coordinates>123.95,47.35,150</coordinates></Point>"
LINE = "<LineString><coordinates>123.9,47.3 123.95,47.35\n124,47.4</coordinates></LineString>"
RING = "<LinearRing><coordinates>123.9,47.3 124,47.3 124,47.4 123.9,47.3</coordinates></LinearRing>"
HOLE = "<LinearRing><coordinates>123.96,47.31 123.98,47.31 123.98,47.33 123.96,47.31</coordinates></LinearRing>"
POLYGON = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs><innerBoundaryIs>{HOLE}</innerBoundaryIs></Polygon>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5"])
def test_a_placemark_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (row,) = rows(kml(tmp_path, f"<name>嫩江公園</name>{POINT}", encoding=encoding))
    assert row.properties == {"name": "嫩江公園"}
    assert row.geometry == shapely.Point(123.95, 47.35, 150)
    assert row.had_z


def test_the_kinds_of_geometry(tmp_path: Path) -> None:
    track = "<gx:Track><when>x</when><gx:coord>123.9 47.3 1</gx:coord><gx:coord>124 47.4 2</gx:coord></gx:Track>"
    many = f"<MultiGeometry>{POLYGON}<MultiGeometry>{POLYGON}</MultiGeometry></MultiGeometry>"
    mixed = f"<MultiGeometry>{POINT}{LINE}</MultiGeometry>"
    found = rows(kml(tmp_path, POINT, LINE, RING, POLYGON, track, many, mixed, "<name>空</name>"))
    assert [row.geometry and row.geometry.geom_type for row in found] == [
        "Point", "LineString", "LineString", "Polygon", "LineString", "MultiPolygon",
        "GeometryCollection", None,
    ]  # fmt: skip
    assert len(found[3].geometry.interiors) == 1  # type: ignore[union-attr]


def test_data_of_ones_own_and_of_a_schema(tmp_path: Path) -> None:
    extended = (
        "<ExtendedData><Data name='编码'><value>A-1</value></Data><SchemaData schemaUrl='http://x/s'>"
        "<SimpleData name='面积'>12.5</SimpleData></SchemaData></ExtendedData>"
    )
    (row,) = rows(
        kml(tmp_path, f"<description><![CDATA[<b>粗</b>]]></description>{extended}{POINT}")
    )
    assert row.properties == {"description": "<b>粗</b>", "编码": "A-1", "面积": "12.5"}


def test_what_is_no_number_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = "<Point><coordinates>no,no</coordinates></Point>"
    endless = "<Point><coordinates>1e999,47</coordinates></Point>"
    city = BBox(122.4, 46.1, 126.7, 48.9, 4326)
    with opened([kml(tmp_path, bad, POINT, endless)]) as source:
        found = list(stage(source, kinds={"Point"}, bbox=city))
    codes = [one.code if isinstance(one, Problem) else None for one in found]
    assert codes == [Code.MALFORMED_FEATURE, None, Code.NOT_FINITE, Code.HEIGHTS_DROPPED]


@pytest.mark.parametrize(
    "inside", ["", "<NetworkLink><Link><href>http://x/</href></Link></NetworkLink>"]
)
def test_a_file_without_placemarks_is_empty(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "a.kml"
    path.write_text(HEAD.format("utf-8") + inside + TAIL)
    assert refusal(path) == Code.EMPTY_FILE


@pytest.mark.parametrize(
    "text", ["<kml><Placemark>", "no xml", "<a>" * 500, "<?xml version='1.0' encoding='x-no'?><a/>"]
)
def test_what_is_no_xml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.kml").write_text(text)
    assert refusal(tmp_path / "a.kml") in {Code.DAMAGED_FILE, Code.UNREADABLE_TEXT}


def kmz(folder: Path, *names: str) -> Path:
    text = kml(folder, POINT).read_text()
    path = folder / "图.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, text if name.endswith(".kml") else "x")
    return path


def test_a_kmz_is_its_document(tmp_path: Path) -> None:
    with opened([kmz(tmp_path, "other/b.kml", "doc.kml", "images/a.png")]) as source:
        assert source.file == "图.kml"
        assert len(list(source.rows())) == 1
    assert len(rows(kmz(tmp_path, "a.kml"))) == 1
    assert refusal(kmz(tmp_path, "a.kml", "b.kml")) == Code.SEVERAL_LAYERS
    assert refusal(kmz(tmp_path, "a.png")) == Code.NOT_GIS_FILE


GPX = "<?xml version='1.0'?><gpx xmlns='http://www.topografix.com/GPX/1/1' version='1.1' creator='手持机'>{}</gpx>"
WAYPOINT = "<wpt lat='47.35' lon='123.95'><ele>150</ele><name>检查点</name></wpt>"
TRACK = (
    "<trk><name>巡查</name><trkseg><trkpt lat='47.3' lon='123.9'/><trkpt lat='47.4' lon='124'/></trkseg>"
    "<trkseg><trkpt lat='47.5' lon='124'/><trkpt lat='47.6' lon='124'/></trkseg></trk>"
)


def gpx(folder: Path, *inside: str) -> Path:
    path = folder / "a.gpx"
    path.write_text(GPX.format("".join(inside)), encoding="utf-8")
    return path


def test_waypoints_and_tracks_are_layers(tmp_path: Path) -> None:
    (row,) = rows(gpx(tmp_path, WAYPOINT))
    assert (row.properties, row.had_z) == ({"ele": "150", "name": "检查点"}, True)
    both = gpx(tmp_path, WAYPOINT, TRACK)
    assert refusal(both) == Code.SEVERAL_LAYERS
    (track,) = rows(both, layer="tracks")
    assert track.geometry is not None and track.geometry.geom_type == "MultiLineString"
    assert refusal(both, layer="routes") == Code.NO_SUCH_LAYER
    assert refusal(gpx(tmp_path)) == Code.EMPTY_FILE


def test_flatgeobuf_keeps_names_and_types(tmp_path: Path) -> None:
    path = tmp_path / "a.fgb"
    schema = {"geometry": "Point", "properties": {"编码": "str", "户数": "int", "面积": "float"}}
    with fiona.open(path, "w", driver="FlatGeobuf", schema=schema, crs="EPSG:4490") as out:
        for number in range(3):
            values = {"编码": f"A-{number}", "户数": number, "面积": 1.5}
            point = {"type": "Point", "coordinates": (123.9 + number / 100, 47.3)}
            out.write({"geometry": point, "properties": values})
    with opened([path]) as source:
        assert [(one.name, one.type) for one in source.fields] == [
            ("编码", "text"), ("户数", "integer"), ("面积", "real"),
        ]  # fmt: skip
        found = {row.properties["编码"]: row for row in source.rows()}
        assert "4490" in (source.crs_text or "") or "2000" in (source.crs_text or "")
    assert found["A-2"].geometry == shapely.Point(123.92, 47.3)
    path.write_bytes(b"fgb\x03fgb\x00" + (2**31).to_bytes(4, "little") + bytes(99))
    assert refusal(path) == Code.DAMAGED_FILE


def test_a_drawing_has_layers_and_no_crs(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    schema = {"geometry": "Unknown", "properties": {"Layer": "str"}}
    with fiona.open(path, "w", driver="DXF", schema=schema) as out:
        line = {"type": "LineString", "coordinates": [(41567890, 5234567), (41567990, 5234567)]}
        out.write({"geometry": line, "properties": {"Layer": "管线"}})
    city = BBox(122.4, 46.1, 126.7, 48.9, 4326)
    with opened([path]) as source:
        assert source.crs_text is None
        assert crs_of(source, city).crs.srid == 4529  # type: ignore[union-attr]
        (row,) = source.rows()
    assert row.geometry is not None and row.geometry.length == pytest.approx(100)
    assert row.properties["Layer"]


def test_dates_of_a_flatgeobuf(tmp_path: Path) -> None:
    path = tmp_path / "a.fgb"
    schema = {"geometry": "Point", "properties": {"day": "datetime"}}
    with fiona.open(path, "w", driver="FlatGeobuf", schema=schema, crs="EPSG:4326") as out:
        point = {"type": "Point", "coordinates": (123.9, 47.3)}
        out.write({"geometry": point, "properties": {"day": "2022-05-01T08:00:00"}})
    (row,) = rows(path)
    day = row.properties["day"]
    assert (day.date() if isinstance(day, dt.datetime) else str(day)[:10]) in {
        dt.date(2022, 5, 1), "2022-05-01",
    }  # fmt: skip
