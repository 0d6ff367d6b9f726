"""What an import makes of a good file: new sites, changed ones, and those that stay as they are."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import editing, publication
from projects.importing import ImportReport
from projects.models import District, Programme, Site, Transition
from tests.factories import make_site, square
from tests.layers.importing.samples import Column, geopackage, siblings, zipped
from tests.projects.importing.conftest import Importer, Kept, record, ring, write


def told(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.refused)


def geojson(path: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    items = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [shape]},
        }
        for properties, shape in features
    ]
    path.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": items}))
    return path


def test_gbk_without_a_cpg_becomes_sites(tmp_path: Path, run: Importer) -> None:
    full = record(
        县区="东区",
        计划开工="20220501",
        计划竣工="20221031",
        总投资="1234.5",
        名称="演示·建华区北大街",
    )
    report = run(write(tmp_path, [full, record("E-2")]), publish=True, is_demonstration=True)
    assert told(report) == (2, 0, 0, 0)
    assert report.stored
    assert (report.file, report.encoding) == ("小区.shp", "gb18030")
    assert "4490" in report.crs
    one, two = Site.objects.order_by("code")
    assert (one.code, one.name, one.address) == ("E-1", "演示·建华区北大街", "")
    assert one.attributes == {"households": 12, "grade": "甲"}
    assert one.district is not None and one.district.name == "东区"
    assert (one.planned_start, one.planned_end) == (dt.date(2022, 5, 1), dt.date(2022, 10, 31))
    assert one.investment == Decimal("1234.50")
    assert one.published and one.is_demonstration
    assert "4490" in one.source_crs
    assert two.planned_start is None
    assert Transition.objects.filter(on=dt.date(2022, 1, 26), step=None).count() == 2


def test_without_a_district_column_the_place_tells(tmp_path: Path, run: Importer) -> None:
    shapes = [ring(123.6), ring(124.2), ring(124.6)]
    run(write(tmp_path, shapes=shapes))
    names = [site.district and site.district.name for site in Site.objects.order_by("code")]
    assert names == ["西区", "东区", None]


@pytest.mark.parametrize("word", ["东区", "230203", "District 1"])
def test_a_district_is_known_by_name_or_code(tmp_path: Path, run: Importer, word: str) -> None:
    run(write(tmp_path, [record(县区=word)]))
    assert Site.objects.get().district == District.objects.get(code="230203")


def test_a_dry_run_tells_all_and_stores_nothing(tmp_path: Path, run: Importer) -> None:
    before = publication.revision()
    report = run(write(tmp_path), dry_run=True)
    assert told(report) == (3, 0, 0, 0)
    assert not report.stored
    assert not Site.objects.exists()
    assert publication.revision() == before


def test_the_same_file_again_changes_nothing_and_asks_little(tmp_path: Path, run: Importer) -> None:
    path = write(tmp_path, [record(f"E-{n}", 总投资="7.10") for n in range(60)])
    run(path)
    before = publication.revision()
    with CaptureQueriesContext(connection) as queries:
        report = run(path)
    assert told(report) == (0, 0, 60, 0)
    assert publication.revision() == before
    assert len(queries) <= 15
    assert set(Site.objects.values_list("revision", flat=True)) == {1}


def test_a_file_that_moved_on_updates_what_differs(tmp_path: Path, run: Importer) -> None:
    run(write(tmp_path / "1"))
    rows = [record("E-1", 户数="13"), record("E-2"), record("E-3"), record("E-4")]
    shapes = [ring(123.6), ring(123.6 + 1 / 50), ring(124.2), ring(123.9)]
    kept = Kept()
    run(write(tmp_path / "2", rows, shapes), journal=kept)
    assert [(row.number, row.code, row.outcome) for row in kept.all] == [
        (1, "E-1", "updated"),
        (2, "E-2", "unchanged"),
        (3, "E-3", "updated"),
        (4, "E-4", "created"),
    ]
    sites = {site.code: site for site in Site.objects.select_related("district")}
    assert sites["E-1"].attributes["households"] == 13
    assert [sites[code].revision for code in ("E-1", "E-2", "E-3", "E-4")] == [2, 1, 2, 1]
    assert sites["E-3"].district is not None and sites["E-3"].district.name == "东区"
    assert sites["E-3"].area_m2 == pytest.approx(sites["E-4"].area_m2, rel=1e-6)


def test_what_the_file_does_not_say_stays(
    tmp_path: Path, run: Importer, estates: Programme
) -> None:
    make_site(
        estates,
        "E-1",
        name="演示·原名",
        geom=square(123.6),
        district=District.objects.get(code="230203"),
        attributes={"households": 3, "treated_area_mu": 2.5},
        planned_start=dt.date(2022, 4, 1),
    )
    columns = (Column("编号"), Column("户数", "N", 8))
    report = run(write(tmp_path, [["E-1", "5"]], columns=columns))
    assert told(report) == (0, 1, 0, 0)
    site = Site.objects.get()
    assert (site.name, site.planned_start) == ("演示·原名", dt.date(2022, 4, 1))
    assert site.attributes == {"households": 5, "treated_area_mu": 2.5}
    assert site.district is not None and site.district.name == "东区"


def test_overlaps_are_marked_among_new_and_old(
    tmp_path: Path, run: Importer, estates: Programme
) -> None:
    make_site(estates, "OLD", geom=square(123.605), attributes={"households": 1})
    run(write(tmp_path, shapes=[ring(123.6), ring(123.7), ring(123.705)]))
    assert Site.objects.filter(has_overlap=True).count() == 4


def test_a_large_file_is_taken_in_batches(
    tmp_path: Path, run: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.importing.run.BATCH", 4)
    rows = [record(f"E-{number}") for number in range(11)]
    before = publication.revision()
    assert told(run(write(tmp_path, rows), publish=True)) == (11, 0, 0, 0)
    assert publication.revision() == before + 1
    assert {site.name for site in Site.objects.all()} == {row[1] for row in rows}


def test_a_zip_and_loose_parts_are_one_data_set(tmp_path: Path, run: Importer) -> None:
    path = write(tmp_path / "in")
    archive = zipped(tmp_path / "小区.zip", siblings(path), within="上报/")
    assert told(run(archive)) == (3, 0, 0, 0)
    assert told(run(*siblings(path))) == (0, 0, 3, 0)


def test_a_geopackage_is_read(tmp_path: Path, run: Importer, estates: Programme) -> None:
    features = [
        {
            "geometry": {"type": "Polygon", "coordinates": [ring(123.6 + at / 50)]},
            "properties": {"名称": code},
        }
        for at, code in enumerate(("G-1", "G-2"))
    ]
    path = geopackage(tmp_path / "小区.gpkg", features, "小区")
    needy = run(path, mapping={"名称": "code"})
    assert {problem.field for problem in needy.refused} == {"户数"}
    estates.attribute_schema = {}
    report = run(path, mapping={"名称": "code"})
    assert told(report) == (2, 0, 0, 0)
    assert report.encoding == "utf-8"
    assert set(Site.objects.values_list("code", flat=True)) == {"G-1", "G-2"}


def test_geojson_is_read_with_its_own_types(tmp_path: Path, run: Importer) -> None:
    values = {"编码": 7, "名称": "演示", "户数": "15", "是否供暖": "是", "总投资": 1.5, "地址": " "}
    path = geojson(tmp_path / "小区.geojson", (values, ring()))
    assert told(run(path)) == (1, 0, 0, 0)
    site = Site.objects.get()
    assert site.code == "7"
    assert site.attributes == {"households": 15, "heated": True}
    assert site.investment == Decimal("1.50")
    assert site.address == ""


def test_projected_coordinates_come_to_the_same_place(tmp_path: Path, run: Importer) -> None:
    x, y = 41_545_527.0, 5_217_000.0  # zone 41, prefixed
    path = write(tmp_path, [record()], [ring(x, y, 100.0)], crs=4529)
    assert told(run(path)) == (1, 0, 0, 0)
    site = Site.objects.get()
    assert "4529" in site.source_crs
    assert site.area_m2 == pytest.approx(10_000, rel=1e-3)
    assert 123.5 < editing.to_shapely(site.geom).centroid.x < 123.7


def test_somebody_s_mapping_stands_instead_of_the_guess(tmp_path: Path, run: Importer) -> None:
    columns = (Column("XMBH"), Column("HS", "N", 8), Column("MC"))
    path = write(tmp_path, [["E-1", "4", "演示"]], columns=columns)
    report = run(path, mapping={"XMBH": "code", "HS": "attributes.households", "MC": ""})
    assert told(report) == (1, 0, 0, 0)
    site = Site.objects.get()
    assert (site.name, site.attributes) == ("E-1", {"households": 4})
