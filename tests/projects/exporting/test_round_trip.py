"""Out and in again loses nothing that the format can hold: an import of an export finds nothing to change."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from shapely.geometry import LineString, MultiPolygon, Point

from projects.importing import ImportOptions, import_sites
from projects.models import Programme, Site
from tests.factories import make_programme, make_site, square
from tests.projects.exporting.conftest import Download


@pytest.fixture
def mixed(parks: Programme) -> Programme:
    make_site(
        parks, "A-1", name='演示·甲，带逗号"引号"', attributes={"households": 3, "claimed_mu": 12.5}
    )
    make_site(
        parks,
        "A-2",
        name="演示·乙",
        name_en="B & <b>",
        geom=MultiPolygon([square(124.1), square(124.3)]),
        planned_start=dt.date(2022, 4, 1),
        planned_end=dt.date(2022, 10, 31),
        investment="12.30",
        attributes={"system": "燃气", "contact": "王某"},
    )
    return parks


def outcome(
    programme: Programme, parts: list[Path], **options: object
) -> tuple[int, int, int, int]:
    report = import_sites(programme, parts, ImportOptions(**options), by=None, dry_run=True)  # type: ignore[arg-type]
    assert [problem.sentence() for problem in report.refused] == []
    return report.created, report.updated, report.unchanged, len(report.refused)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490"])
@pytest.mark.parametrize("format_key", ["gpkg", "geojson"])
def test_nothing_has_changed(
    mixed: Programme, download: Download, format_key: str, crs: str
) -> None:
    path = download(format_key, programme="parks", crs=crs)
    assert outcome(mixed, [path]) == (0, 0, 2, 0)


def test_a_projected_copy_differs_by_less_than_a_millimetre(
    mixed: Programme, download: Download
) -> None:
    before = {site.code: site.area_m2 for site in Site.objects.all()}
    path = download("gpkg", programme="parks", crs="EPSG:4529")
    report = import_sites(mixed, [path], ImportOptions(), by=None, dry_run=False)
    assert report.stored
    for site in Site.objects.all():
        assert site.area_m2 == pytest.approx(before[site.code], rel=1e-9)


@pytest.mark.parametrize("format_key", ["shp", "shp-gbk"])
def test_a_shapefile_comes_back_by_its_dictionary(
    mixed: Programme, download: Download, format_key: str
) -> None:
    folder = download(format_key, programme="parks")
    [dictionary] = folder.glob("*_fields.csv")
    known = {"code", "name", "name_en", "district", "planned_start", "planned_end", "investment"}
    attributes = mixed.attribute_schema["properties"]
    mapping = {}
    for row in csv.DictReader(dictionary.open(encoding="utf-8-sig")):
        if row["key"] in known:
            mapping[row["field"]] = row["key"]
        elif row["key"] in attributes:
            mapping[row["field"]] = f"attributes.{row['key']}"
    parts = sorted(folder.glob("*_polygon.*"))
    assert outcome(mixed, parts, mapping=mapping) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("kind", "geometry"),
    [
        ("Point", Point(123.612345678, 47.123456789)),
        ("LineString", LineString([(123.6, 47.1), (123.65, 47.15), (123.7, 47.12)])),
    ],
)
def test_points_and_lines_too(
    city: object, download: Download, kind: str, geometry: Point | LineString
) -> None:
    programme = make_programme("others", kind)
    make_site(programme, geom=geometry)
    path = download("gpkg", programme="others")
    assert outcome(programme, [path]) == (0, 0, 1, 0)


@pytest.mark.parametrize("format_key", ["gpkg", "geojson", "csv", "kml"])
def test_an_attribute_that_is_called_as_a_common_field_keeps_apart(
    parks: Programme, download: Download, format_key: str
) -> None:
    parks.attribute_schema["properties"]["address"] = {"type": "string", "title": "门牌"}
    parks.save()
    site = make_site(parks, address="龙沙区一号", attributes={"address": "甲 12"})
    path = download(format_key, programme="parks")
    assert outcome(parks, [path]) == (0, 0, 1, 0)
    Site.objects.filter(pk=site.pk).update(attributes={}, address="")
    assert outcome(parks, [path]) == (0, 1, 0, 0)
    import_sites(parks, [path], ImportOptions(), by=None, dry_run=False)
    site.refresh_from_db()
    assert (site.address, site.attributes["address"]) == ("龙沙区一号", "甲 12")
