"""Base maps of the settings: read strictly, and no host may be asked that they do not name."""

import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from gis_projects import base_maps
from gis_projects.settings import CONTENT_SECURITY_POLICY


def one(**given: Any) -> str:
    return json.dumps([{"key": "plain", "url": "https://tiles.example/{z}/{x}/{y}.png", **given}])


def test_there_is_none_by_default() -> None:
    assert base_maps.parse("") == base_maps.tianditu("", "") == []
    assert CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] == ["'self'"]
    assert CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] == ["'self'", "data:", "blob:"]


def test_a_template_names_its_hosts() -> None:
    [base] = base_maps.parse(one(url="https://{s}.tiles.example:8443/{z}/{x}/{y}", subdomains="ab"))
    assert base.hosts() == {"https://a.tiles.example:8443", "https://b.tiles.example:8443"}
    assert base_maps.image_hosts([base]) == sorted(base.hosts())
    assert base_maps.connect_hosts([base]) == []


def test_wmts_words_become_ours() -> None:
    url = "https://wmts.example/w?TileMatrix={TileMatrix}&TileRow={TileRow}&TileCol={TileCol}"
    [base] = base_maps.parse(one(type="wmts", url=url))
    assert base.urls == ("https://wmts.example/w?TileMatrix={z}&TileRow={y}&TileCol={x}",)
    assert base.type == "xyz"


def test_an_archive_is_asked_by_the_script_and_may_be_our_own() -> None:
    [base] = base_maps.parse(one(type="pmtiles", url="https://tiles.example/city.pmtiles"))
    assert base_maps.connect_hosts([base]) == ["https://tiles.example"]
    assert base_maps.image_hosts([base]) == []
    [own] = base_maps.parse(one(type="pmtiles", url="/static/city.pmtiles"))
    assert own.hosts() == set()


def test_tianditu_has_names_on_each_and_shows_its_approval() -> None:
    found = base_maps.tianditu("0123456789abcdef", "GS（2024）0650号")
    assert [base.key for base in found] == ["tianditu-vec", "tianditu-img", "tianditu-ter"]
    for base in found:
        assert len(base.urls) == 2
        assert base.approval == "GS（2024）0650号"
        assert len(base.hosts()) == 8
        assert all("tk=0123456789abcdef" in url for url in base.urls)


@pytest.mark.parametrize(
    ("key", "approval"), [("0123456789abcdef", ""), ("a b", "GS"), ("';img-src *", "GS")]
)
def test_tianditu_needs_a_key_and_an_approval_number(key: str, approval: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TIANDITU"):
        base_maps.tianditu(key, approval)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        "[1]",
        one(key="A b"),
        one(key=None),
        one(url="ftp://tiles.example/{z}/{x}/{y}"),
        one(url="https://tiles.example; script-src */{z}/{x}/{y}"),
        one(url="//tiles.example/{z}/{x}/{y}"),
        one(url="https://tiles.example/{z}/{x}"),
        one(labels="https://tiles.example/"),
        one(type="wms"),
        one(maxzoom=30),
        one(minzoom="1"),
        one(apikey="x"),
        one(attribution=3),
    ],
)
def test_a_misspelt_one_ends_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BASE_MAPS"):
        base_maps.parse(text)


def test_the_one_shown_at_first_must_be_there() -> None:
    known = base_maps.parse(one())
    assert base_maps.chosen("plain", known) == "plain"
    assert base_maps.chosen("", known) == ""
    with pytest.raises(ImproperlyConfigured, match="BASE_MAP='x'"):
        base_maps.chosen("x", known)
    with pytest.raises(ImproperlyConfigured, match="twice"):
        base_maps.chosen("", [*known, *known])
