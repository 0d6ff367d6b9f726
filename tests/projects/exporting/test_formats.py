"""What goes out is what the list shows, in each format, and says that it is a demonstration."""

import csv
import json
from pathlib import Path

import fiona
import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import shape

from gis_projects.geo.crs import transform
from layers.exporting.formats import FORMATS
from projects import editing
from projects.exporting import PHASE_COLOURS
from projects.models import City, Phase, Programme, Site
from tests.conftest import Cast
from tests.factories import bring_to, make_programme, make_site, square
from tests.projects.exporting.conftest import Download


@pytest.fixture
def sites(parks: Programme) -> list[Site]:
    first = make_site(
        parks, "A-1", name="演示·龙沙", attributes={"households": 12, "system": "供热"}
    )
    second = make_site(parks, "A-2", geom=square(124.2), published=False, investment="1234.50")
    return [first, bring_to(second, "started")]


def features(path: Path) -> list[dict[str, object]]:
    with fiona.open(path) as source:
        return [{"geometry": shape(one.geometry), **dict(one.properties)} for one in source]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4529", "EPSG:4551"])
def test_a_geopackage_has_everything_in_the_crs_asked_for(
    sites: list[Site], download: Download, crs: str
) -> None:
    path = download("gpkg", programme="parks", crs=crs)
    with fiona.open(path) as source:
        assert source.crs.to_epsg() == int(crs[5:])
    one, two = features(path)
    assert (one["code"], one["name"], one["households"]) == ("A-1", "演示·龙沙", 12)
    assert (two["phase"], two["investment"], two["published"]) == ("working", 1234.5, False)
    back = transform(one["geometry"], crs, "EPSG:4326")  # type: ignore[arg-type]
    assert back.equals_exact(editing.to_shapely(sites[0].geom), 1e-8)


@pytest.mark.parametrize(("format_key", "encoding"), [("shp", "UTF-8"), ("shp-gbk", "gbk")])
def test_a_shapefile_comes_with_its_encoding_and_dictionary(
    sites: list[Site], download: Download, format_key: str, encoding: str
) -> None:
    folder = download(format_key, programme="parks")
    [path] = folder.glob("*.shp")
    assert path.with_suffix(".cpg").read_text().strip().lower() == encoding.lower()
    assert (
        "演示·龙沙".encode("gbk" if encoding == "gbk" else "utf-8")
        in path.with_suffix(".dbf").read_bytes()
    )
    one, _two = features(path)
    assert one["name"] == "演示·龙沙"
    assert all(len(name) <= 10 for name in one if name != "geometry")
    [dictionary] = folder.glob("*_fields.csv")
    rows = list(csv.DictReader(dictionary.open(encoding="utf-8-sig")))
    by_key = {row["key"]: row for row in rows}
    assert by_key["households"]["title"] == "户数"
    assert len({row["field"].lower() for row in rows}) == len(rows)
    assert one[by_key["planned_start"]["field"]] is None


def test_kinds_of_geometry_are_files_of_their_own(
    sites: list[Site], wells: Programme, download: Download
) -> None:
    make_site(wells, "W-1")
    folder = download("shp")
    assert {path.stem.rsplit("_", 1)[1] for path in folder.glob("*.shp")} == {"polygon", "point"}


def test_geojson_is_lon_lat_whatever_was_asked_for(sites: list[Site], download: Download) -> None:
    data = json.loads(download("geojson", crs="EPSG:4529").read_text("utf-8"))
    assert data["label"].startswith("演示数据")
    first = data["features"][0]
    assert first["properties"]["name"] == "演示·龙沙"
    assert first["geometry"]["coordinates"][0][0] == [123.61, 47.1]


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing(
    parks: Programme, download: Download
) -> None:
    for number, name in enumerate(["=1+1", "+cmd", "-2", "@SUM(A1)", "平常"]):
        make_site(parks, f"A-{number}", name=name, geom=square(123.6 + number / 50))
    path = download("csv", crs="EPSG:4529")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert [row["名称"] for row in rows] == ["'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "平常"]
    assert rows[0]["WKT"].startswith("POLYGON ((41")
    assert {row["label"] for row in rows} == {"演示数据 demonstration data"}


def test_it_is_exactly_what_the_list_shows(
    sites: list[Site], planner: Client, download: Download
) -> None:
    for query in ({"phase": "working"}, {"q": "ls"}, {"programme": "parks"}, {"evidence": "none"}):
        count = planner.get("/planner/", query).context["page"].paginator.count
        assert len(json.loads(download("geojson", **query).read_text("utf-8"))["features"]) == count


def test_what_is_not_one_s_own_is_in_no_file(sites: list[Site], client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    body = b"".join(client.get("/planner/export/", {"format": "geojson"}).streaming_content)  # type: ignore[attr-defined]
    assert json.loads(body)["features"] == []


def test_every_copy_says_that_it_is_a_demonstration(sites: list[Site], download: Download) -> None:
    assert "_demo." in download("gpkg").name
    assert features(download("gpkg"))[0]["label"] == "演示数据 demonstration data"
    City.objects.update(is_demonstration=False)
    path = download("gpkg")
    assert "_demo" not in path.name
    assert "label" not in features(path)[0]


@pytest.mark.parametrize(
    "query",
    [
        {"format": "dwg"},
        {"crs": "EPSG:1"},
        {"colour": "red"},
        {"names": "long"},
        {"column": "geom"},
    ],
)
def test_what_cannot_be_written_is_refused(
    sites: list[Site], planner: Client, query: dict[str, str]
) -> None:
    response = planner.get("/planner/export/", query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_memory_and_queries_do_not_grow_with_the_sites(sites: list[Site], planner: Client) -> None:
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            b"".join(planner.get("/planner/export/", {"format": "csv"}).streaming_content)  # type: ignore[attr-defined]
        return len(captured)

    # The first one keeps the choice in the session.
    first = queries()
    few = queries()
    assert (first - few, few) == (3, 6)
    other = make_programme("other")
    for number in range(6):
        make_site(other, f"O-{number}", geom=square(123.6 + number / 50, 47.3))
    assert queries() == few


def test_too_many_exports_are_answered_with_429(
    sites: list[Site], planner: Client, settings: object
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "export": (2, 60)}  # type: ignore[attr-defined]
    # A window may end in between, so more are asked for than two windows allow.
    answers = [planner.get("/planner/export/", {"format": "csv"}) for _time in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 4
    assert all(int(answer["Retry-After"]) > 0 for answer in refused)


@pytest.mark.parametrize("format_key", FORMATS)
def test_every_format_has_every_site_of_the_list(
    sites: list[Site], download: Download, format_key: str
) -> None:
    path = download(format_key, programme="parks")
    if path.is_dir():
        [path] = path.glob("*.dbf")
    octets = path.read_bytes()
    if path.suffix == ".xlsx":
        rows = list(openpyxl.load_workbook(path).worksheets[0].values)
        assert [row[0] for row in rows[1:]] == ["A-1", "A-2"]
    elif path.suffix == ".kml":
        assert octets.count(b"<Placemark>") == 2
        assert b"<styleUrl>#working</styleUrl>" in octets
    else:
        assert octets.count(b"A-1") >= 1 <= octets.count(b"A-2")


def test_only_the_columns_that_were_ticked_go(sites: list[Site], download: Download) -> None:
    path = download("geojson", programme="parks", column=["code", "households"])
    first = json.loads(path.read_text("utf-8"))["features"][0]["properties"]
    assert list(first) == ["code", "households", "label"]


def test_colours_of_phases_are_those_of_the_pages() -> None:
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    assert set(PHASE_COLOURS) == set(Phase.values)
    for phase, colour in PHASE_COLOURS.items():
        assert f"--phase-{phase}: {colour};" in css
