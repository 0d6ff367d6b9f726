"""The page on which an export is chosen: what it offers, and what it remembers."""

import json

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import Programme, Site
from tests.factories import make_site, square

PAGE, FILE = "/planner/export/choose/", "/planner/export/"


@pytest.fixture
def sites(parks: Programme) -> list[Site]:
    return [make_site(parks, f"A-{at}", geom=square(123.6 + at / 5)) for at in range(3)]


def test_it_says_how_many_sites_go_and_they_do(sites: list[Site], planner: Client) -> None:
    for query in ({}, {"q": "a-1"}, {"phase": "working"}):
        count = planner.get(PAGE, query).context["count"]
        body = b"".join(planner.get(FILE, {**query, "format": "geojson"}).streaming_content)  # type: ignore[attr-defined]
        assert len(json.loads(body)["features"]) == count


def test_it_offers_the_zones_of_the_city_and_the_attributes_of_the_programme(
    sites: list[Site], planner: Client
) -> None:
    context = planner.get(PAGE, {"programme": "parks"}).context
    crs = list(context["crs_choices"])
    assert crs[:2] == ["EPSG:4326", "EPSG:4490"]
    assert {"EPSG:4529", "EPSG:4530", "EPSG:4550", "EPSG:4551"} <= set(crs)
    assert "households" in [column.key for column in context["columns"]]
    assert "households" not in [column.key for column in planner.get(PAGE).context["columns"]]


def test_common_columns_are_ticked_at_first(sites: list[Site], planner: Client) -> None:
    ticked = planner.get(PAGE, {"programme": "parks"}).context["last"].columns
    assert {"code", "name", "investment", "households"} <= ticked
    assert "source_crs" not in ticked


def test_the_last_choice_is_there_again(sites: list[Site], planner: Client) -> None:
    query = {"format": "shp-gbk", "crs": "EPSG:4529", "names": "pinyin", "column": ["code", "name"]}
    assert planner.get(FILE, query).status_code == 200
    last = planner.get(PAGE).context["last"]
    assert (last.format, last.crs, last.names) == ("shp-gbk", "EPSG:4529", "pinyin")
    assert last.columns == {"code", "name"}
    # What was not on the page then has a tick now.
    assert planner.get(PAGE, {"programme": "parks"}).context["last"].columns > {"code", "name"}


def test_a_link_gives_the_same_file_whatever_was_chosen_before(
    sites: list[Site], planner: Client
) -> None:
    def keys() -> list[str]:
        body = b"".join(planner.get(FILE, {"format": "geojson"}).streaming_content)  # type: ignore[attr-defined]
        return list(json.loads(body)["features"][0]["properties"])

    before = keys()
    planner.get(FILE, {"format": "csv", "column": ["code"]})
    assert keys() == before


def test_the_page_asks_the_database_as_often_for_many_sites(
    sites: list[Site], planner: Client, parks: Programme
) -> None:
    from django.db import connection

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            planner.get(PAGE, {"programme": "parks"})
        return len(captured)

    few = queries()
    make_site(parks, "A-9", geom=square(124.6))
    assert queries() == few == 7


@pytest.mark.parametrize("query", [{"colour": "red"}, {"format": "csv"}])
def test_what_is_no_filter_is_refused(
    sites: list[Site], planner: Client, query: dict[str, str]
) -> None:
    assert planner.get(PAGE, query).status_code == 400
