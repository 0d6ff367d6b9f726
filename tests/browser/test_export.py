"""A planner chooses how the sites of the list become a file, and gets it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe, login

Shot = Callable[[Page, str], Path]


@pytest.mark.parametrize("size", ["phone", "tablet", "desktop"])
def test_a_shapefile_of_the_filtered_list(open_at: OpenPage, shot: Shot, size: str) -> None:
    page = open_at(size)
    login(page, "planner")
    page.goto("/planner/?programme=old_estate")
    page.get_by_role("link", name="导出这些项目点").click()
    expect(page.locator("h1 small")).to_contain_text("94")
    names, crs, fixed = (
        page.locator("label.names"),
        page.locator("label.crs"),
        page.locator(".fixed"),
    )
    expect(names).to_be_hidden()
    page.get_by_text("KML", exact=True).click()
    expect(crs).to_be_hidden()
    expect(fixed).to_be_visible()
    page.get_by_text("Shapefile（GBK）").click()
    expect(names).to_be_visible()
    page.select_option("select[name=names]", "chinese")
    page.select_option("select[name=crs]", "EPSG:4529")
    assert axe(page) == []
    shot(page, f"export-{size}")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert any(name.endswith("_notes.txt") for name in archive.namelist())
    page.goto("/planner/export/choose/")
    expect(page.locator("input[name=format]:checked")).to_have_value("shp-gbk")
    expect(page.locator("select[name=crs]")).to_have_value("EPSG:4529")


def test_a_reference_layer_is_found_and_downloaded(any_size: Page, shot: Shot) -> None:
    page = any_size
    login(page, "planner")
    page.goto("/planner/import/")
    page.get_by_role("link", name="参考图层").click()
    assert axe(page) == []
    shot(page, "layers")
    page.locator("tbody a").first.click()
    assert axe(page) == []
    shot(page, "layer")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_text("GeoJSON", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    content = json.loads(download.value.path().read_text("utf-8"))
    assert content["features"]
