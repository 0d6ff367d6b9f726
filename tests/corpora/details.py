"""What the manifest asks of single rows beyond the verdict, by the row's own file pattern."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
import shapely
from PIL import Image, ImageChops, ImageStat

from layers.importing.encoding import detect
from layers.importing.problems import Code
from layers.raster.cog import is_cog
from layers.raster.problems import SceneCode
from layers.raster.render import render_preview
from tests.corpora.doors import Outcome, Verdict, data_set, made, photograph

Check = Callable[[Outcome, Path], None]
BEFORE_AFTER = "raster/before_after/*"


def refused_for(*codes: Code, part: str | None = None) -> Check:
    """With this code, and with the missing part's name."""

    def check(outcome: Outcome, _work: Path) -> None:
        assert outcome.problems[0].code in codes
        if part is not None:
            assert part in {problem.params.get("part") for problem in outcome.problems}

    return check


def has_value(name: str, value: object) -> Check:
    """A value stands in this column of some feature."""

    def check(outcome: Outcome, _work: Path) -> None:
        assert value in [row[name] for row in outcome.properties]

    return check


def has_count(count: int) -> Check:
    """So many features, each with a place."""

    def check(outcome: Outcome, _work: Path) -> None:
        assert len([one for one in outcome.geometries if one is not None]) == count

    return check


def lone_table(outcome: Outcome, work: Path) -> None:
    refused_for(Code.MISSING_PART, part=".shp")(outcome, work)
    found = detect(outcome.path)
    assert found.field_names[0] == "中国"
    assert found.rows[0]["中国"] == "中国"


def danish(outcome: Outcome, _work: Path) -> None:
    assert Code.ENCODING_GUESSED in outcome.codes
    assert outcome.properties[0]["TEKST1"] == "Charløtte"


def massachusetts(outcome: Outcome, _work: Path) -> None:
    assert Code.REPAIRED in outcome.codes
    west, south, east, north = shapely.total_bounds(outcome.geometries)
    assert -73.6 < west < -71 < east < -69.8
    assert 41 < south < 42 < north < 43


def named_in_gbk(outcome: Outcome, _work: Path) -> None:
    assert outcome.source["file"] == "齐哈.shp"


def nulls(outcome: Outcome, _work: Path) -> None:
    assert None in [value for row in outcome.properties for value in row.values()]


def follows_no_address(outcome: Outcome, _work: Path) -> None:
    assert outcome.problems[0].code is Code.UNKNOWN_CRS


def good_geojson(outcome: Outcome, _work: Path) -> None:
    if outcome.path.name == "nullgeometry.geojson":
        assert outcome.geometries == [None]
        assert outcome.codes == {Code.EMPTY_GEOMETRY}


def with_zone(outcome: Outcome, _work: Path) -> None:
    texts = [str(value) for row in outcome.properties for value in row.values()]
    assert any("+" in text or text.endswith("Z") for text in texts if "T" in text)


def odd_name(outcome: Outcome, _work: Path) -> None:
    assert outcome.source["file"] == "!test.geojson"


def null_place(outcome: Outcome, _work: Path) -> None:
    assert None in outcome.geometries
    assert Code.EMPTY_GEOMETRY in outcome.codes


def distinct_ids(outcome: Outcome, _work: Path) -> None:
    assert len(set(outcome.fids)) == len(outcome.fids) == 5


def bad_geojson(outcome: Outcome, _work: Path) -> None:
    """Told by our own reader, not by its end; each file has the one fault of its name."""
    assert not outcome.codes & {Code.READER_CRASHED, Code.QUARANTINE_UNAVAILABLE}
    if outcome.path.name in _IGNORED_MEMBERS:
        told = [one.params["members"] for one in outcome.problems]
        assert told == [_IGNORED_MEMBERS[outcome.path.name]]


_IGNORED_MEMBERS = {
    "badfeatureid.geojson": ["id"],
    "bbox-4or6elements.geojson": ["bbox"],
    "bbox-contains-string.geojson": ["bbox"],
    "bbox-string.geojson": ["bbox"],
    "feature_changed_semantics.geojson": ["coordinates", "features"],
    "featurecollection_changed_semantics.geojson": ["coordinates", "properties"],
    "geometry_changed_semantics.geojson": ["features", "geometry", "properties"],
}


def claims_a_count(outcome: Outcome, _work: Path) -> None:
    assert outcome.codes == {Code.SEVERAL_LAYERS}
    for layer in ("test", "test2"):
        assert len(data_set(outcome.path, layer=layer).properties) < 100


# Placemarks without a place, or with one that is none; all others have all theirs.
_TOLD_IN_KML = {
    "nogeomplacemark.kml": {Code.EMPTY_GEOMETRY},
    "null_geometry.kml": {Code.EMPTY_GEOMETRY},
    "selfclosing.kml": {Code.EMPTY_GEOMETRY},
    "timespan.kml": {Code.MALFORMED_FEATURE},  # a ring of two corners
    "bad.kml": {Code.MALFORMED_FEATURE},  # words for numbers
    "addresses.kml": {Code.EMPTY_GEOMETRY, Code.MALFORMED_FEATURE},  # tracks of one position
}
# What points elsewhere, or draws pictures, and has no placemark of its own.
_WITHOUT_PLACEMARKS = {"ground_overlay.kml", "ground_overlay_quad.kml", "networklink.kml"}


def kml(outcome: Outcome, _work: Path) -> None:
    name = outcome.path.name
    told = outcome.codes - {Code.HEIGHTS_DROPPED}
    expected = {Code.EMPTY_FILE} if name in _WITHOUT_PLACEMARKS else _TOLD_IN_KML.get(name, set())
    assert told == expected


def becomes_a_scene(outcome: Outcome, work: Path) -> None:
    assert outcome.made is not None
    assert outcome.header is not None
    assert is_cog(outcome.scene)  # type: ignore[arg-type]
    assert render_preview(outcome.scene).startswith(b"RIFF")  # type: ignore[arg-type]


def alpha_used(outcome: Outcome, work: Path) -> None:
    becomes_a_scene(outcome, work)
    with rasterio.open(outcome.scene) as scene:
        assert not scene.dataset_mask().all()


def eight_bits(outcome: Outcome, work: Path) -> None:
    becomes_a_scene(outcome, work)
    picture = Image.open(io.BytesIO(render_preview(outcome.scene)))  # type: ignore[arg-type]
    low, high = picture.convert("L").getextrema()
    assert high - low > 100  # sixteen bits cut off to eight would be a grey or a white field


def asks_crs(outcome: Outcome, _work: Path) -> None:
    assert outcome.header is not None
    assert outcome.header.wkt == ""


def turns(outcome: Outcome, work: Path) -> None:
    asks_crs(outcome, work)
    made(outcome, work / "turned.tif", "EPSG:3857")
    with rasterio.open(outcome.scene) as scene:
        assert np.allclose(scene.bounds, outcome.header.bounds, atol=2 * max(scene.res))  # type: ignore[union-attr]


def is_empty(outcome: Outcome, _work: Path) -> None:
    assert outcome.note is not None
    assert outcome.note.code is SceneCode.IMAGE_EMPTY


def is_damaged(outcome: Outcome, _work: Path) -> None:
    assert outcome.note is not None
    assert outcome.note.code is SceneCode.DAMAGED


def has_no_place(outcome: Outcome, _work: Path) -> None:
    assert outcome.note is not None
    assert outcome.note.code is SceneCode.NO_GEOREFERENCE


def only_a_photograph(outcome: Outcome, work: Path) -> None:
    has_no_place(outcome, work)
    assert photograph(outcome.path).verdict is Verdict.ACCEPTED


def zone_41(outcome: Outcome, work: Path) -> None:
    becomes_a_scene(outcome, work)
    with rasterio.open(outcome.scene) as scene:
        assert scene.crs.to_epsg() == 4529


def same_place(outcome: Outcome, work: Path) -> None:
    """Bands of one date lie over each other pixel for pixel; dates, which the satellite frames anew, nearly so."""
    becomes_a_scene(outcome, work)
    name = outcome.path.stem.rsplit("_", 1)[0]
    with (
        rasterio.open(outcome.scene) as scene,
        rasterio.open(outcome.path.with_name(f"{name}_B2.tif")) as band,
        rasterio.open(outcome.path.with_name("LC08_013032_20180131_B2.tif")) as date,
    ):
        assert (scene.transform, scene.shape, scene.crs) == (band.transform, band.shape, band.crs)
        here, there = shapely.box(*scene.bounds), shapely.box(*date.bounds)
        assert here.intersection(there).area > 0.97 * there.area


def upright(outcome: Outcome, _work: Path) -> None:
    """Turned as the camera says, all eight look like the first."""
    shown = _display(outcome)
    first = _display(photograph(outcome.path.with_name("Landscape_1.jpg")))
    is_landscape = outcome.path.name.startswith("Landscape")
    assert shown.width * (2 if is_landscape else 3) == shown.height * (3 if is_landscape else 2)
    if is_landscape:
        assert max(ImageStat.Stat(ImageChops.difference(shown, first)).mean) < 6


def _display(outcome: Outcome) -> Image.Image:
    assert outcome.picture is not None
    assert not Image.open(io.BytesIO(outcome.picture.display)).getexif()
    return Image.open(io.BytesIO(outcome.picture.display)).convert("RGB")


DETAILS: dict[str, Check] = {
    "shp/encoding/chinese_poly.{shp,shx,dbf,prj}": has_value("NAME", "黑龙江省"),
    "shp/encoding/gdal_chinese.dbf": lone_table,
    "shp/encoding/rus_cp1251.{shp,shx,dbf,prj,cpg}": has_value("TEXT", "Кириллица"),
    "shp/encoding/danish_point.{shp,shx,dbf,prj}": danish,
    "shp/encoding/codepage.{shp,shx,dbf,prj,cpg,qpj}": has_value("field", "Hněvošický háj"),
    "shp/encoding/htmlcpg.{shp,dbf,prj,cpg}": refused_for(Code.MISSING_PART, part=".shx"),
    "shp/encoding/latin1.{shp,dbf}": refused_for(Code.MISSING_PART, part=".shx"),
    "zip/badzip.zip": refused_for(Code.DAMAGED_ARCHIVE),
    "zip/noshp.zip": refused_for(Code.MISSING_PART, part=".shp"),
    "zip/no-dbf.zip": refused_for(Code.MISSING_PART, part=".shx"),
    "zip/T8Th4_6n.zip": has_count(1),
    "zip/SHP_Exclude.zip": has_count(1),
    "zip/senate.zip": massachusetts,
    "zip/bad.shp": refused_for(Code.NOT_GIS_FILE),
    "zip/empty_zipfile.zip": refused_for(Code.EMPTY_ARCHIVE),
    "zip/REL.zip": has_count(1),
    "zip/poly.tar.gz": refused_for(Code.UNSUPPORTED_ARCHIVE),
    "zip/poly.zip": has_count(10),
    "zip/testopenfilegdb.gdb.zip": refused_for(Code.SAVE_AS),
    "shp/encoding/ch-city/*": refused_for(Code.WRONG_CRS),
    "geojson/has_nulls/*": nulls,
    "geojson/external_crs/*.geojson": follows_no_address,
    "zip/gbk_member_names.zip": named_in_gbk,
    "geojson/bad/*.geojson": bad_geojson,
    "geojson/good/*.geojson": good_geojson,
    "geojson/null_geom.geojson": null_place,
    "geojson/test_tz.geojson": with_zone,
    "geojson/!test.geojson": odd_name,
    "kml/*.kml": kml,
    "gpkg/first_geometry_null.gpkg": null_place,
    "gpkg/huge_feature_count.gpkg": claims_a_count,
    "geojson/ids_dup_null.json": distinct_ids,
    "gpkg/truncated.gpkg": refused_for(Code.DAMAGED_FILE),
    "raster/RGBA.byte.tif": alpha_used,
    "raster/RGBA.uint16.tif": eight_bits,
    "raster/float_nan.tif": asks_crs,
    "raster/all-nodata.tif": is_empty,
    "raster/rotated.tif": turns,
    "raster/corrupt.tif": is_damaged,
    "raster/goes.tif": becomes_a_scene,
    "raster/389225main_sw_1965_1024.jpg": only_a_photograph,
    "raster/no_georef.tif": has_no_place,
    "raster/cgcs2000_zone41.tif": zone_41,
    BEFORE_AFTER: same_place,
    "photo/orientation/*": upright,
}
