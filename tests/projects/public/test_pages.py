"""The public's pages as HTML: words, labels, languages, refusals."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.evidence import NewPhoto, add_photo, pair_photos
from projects.models import City, Photo, Programme
from tests.factories import (
    SCHEMA,
    bring_to,
    make_programme,
    make_site,
    make_target,
    picture,
)


def map_settings(page: str) -> dict[str, object]:
    match = re.search(r'<script id="map-settings" type="application/json">(.*?)</script>', page)
    assert match
    found: dict[str, object] = json.loads(match[1])
    return found


def test_the_start_page_is_chinese_and_says_that_it_is_a_demonstration(
    parks: Programme, client: Client
) -> None:
    response = client.get("/")
    page = response.content.decode()
    assert response["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans">' in page
    assert "演示数据" in page
    assert "公共工程一张图" in page
    settings = map_settings(page)
    assert settings["bbox"] == [123.0, 46.5, 125.0, 48.0]
    assert settings["programmes"][0]["name"] == ["parks工程", "Parks works"]  # type: ignore[index]


def test_the_language_is_switched_by_one_press_and_kept(parks: Programme, client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "Demonstration data" in page
    assert "演示数据" not in page


def test_borders_are_drawn_only_where_they_may_be(parks: Programme, client: Client) -> None:
    assert map_settings(client.get("/").content.decode())["districts"]
    City.objects.update(is_demonstration=False)
    assert map_settings(client.get("/").content.decode())["districts"] is None
    City.objects.update(map_approval_number="黑S(2022)001号")
    page = client.get("/").content.decode()
    assert map_settings(page)["districts"]
    assert map_settings(page)["approval"] == "黑S(2022)001号"
    assert "演示数据" not in page


def test_nothing_on_a_page_is_inline_or_from_elsewhere(parks: Programme, client: Client) -> None:
    response = client.get("/")
    page = response.content.decode()
    assert not re.search(r'<script(?![^>]*(src=|type="application/json"))', page)
    assert not re.search(r"\sstyle=|\son\w+=", page)
    assert not re.search(r'(src|href)="(https?:)?//', page)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_site_s_page_goes_from_promise_to_evidence(parks: Programme, client: Client) -> None:
    site = make_site(parks, attributes={"households": 1234, "contact": "王某"})
    make_target(parks)
    bring_to(site, "started", "done")
    for role, colour in (("before", "red"), ("after", "green")):
        add_photo(site, NewPhoto(picture(colour=colour), role, is_simulated=True), by=None)
    pair_photos(site)
    page = client.get(f"/sites/{site.pk}/").content.decode()
    assert '<blockquote lang="zh-Hans">修复矿山四处</blockquote>' in page
    assert page.count('<li class="is-done"') == 2
    assert 'aria-current="step"' in page
    assert "1234 户" in page.replace("1,234", "1234")
    assert "王某" not in page  # the schema does not call it public
    assert 'type="range"' in page
    assert "模拟" in page


def test_a_place_that_is_not_public_is_not_in_the_page(wells: Programme, client: Client) -> None:
    site = make_site(wells)
    page = client.get(f"/sites/{site.pk}/").content.decode()
    assert map_settings(page)["site"]["geometry"] is None  # type: ignore[index]
    assert "123.6" not in page
    assert "只公开数字" in page


@pytest.mark.parametrize("path", ["/?colour=red", "/targets/?x=1", "/?target=none"])
def test_an_address_that_is_not_understood_is_explained(
    city: City, client: Client, path: str
) -> None:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 400
    assert "地址中" in response.content.decode()


def test_nothing_at_an_unknown_address(city: City, client: Client) -> None:
    for path in (f"/sites/{uuid.uuid4()}/", "/nowhere/"):
        response = client.get(path, headers={"accept": "text/html"})
        assert response.status_code == 404
        assert "此地址没有内容" in response.content.decode()


def test_every_problem_type_has_its_page(city: City, client: Client) -> None:
    from gis_projects.http.problems import catalogue

    index = client.get("/problems/").content.decode()
    for slug in catalogue():
        assert f"/problems/{slug}/" in index
        assert client.get(f"/problems/{slug}/").status_code == 200


def test_the_pages_work_before_a_city_is_loaded(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/targets/").status_code == 200


def test_the_queries_of_a_site_s_page_do_not_grow_with_its_evidence(
    parks: Programme, client: Client
) -> None:
    site = make_site(parks)
    make_target(parks)
    path = f"/sites/{site.pk}/"
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for shade in range(0, 240, 40):
        add_photo(site, NewPhoto(picture(colour=f"rgb({shade},0,0)"), "during"), by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert Photo.objects.count() == 6
    assert len(many) == len(few)
    assert len(few) <= 22


@pytest.mark.parametrize("is_public", [True, False])
def test_a_claimed_figure_is_shown_only_where_its_field_is_public(
    city: City, client: Client, is_public: bool
) -> None:
    claimed = {**SCHEMA["properties"]["claimed_mu"], "public": is_public}
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "claimed_mu": claimed}}
    programme = make_programme("groves", attribute_schema=schema)
    make_target(programme, measure="area", kind="sum", unit="亩", value_field="claimed_mu")
    site = make_site(programme, attributes={"claimed_mu": 777.25})
    page = client.get(f"/sites/{site.pk}/").content.decode()
    assert ("777.25" in page) == is_public
