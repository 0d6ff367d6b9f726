"""A planner brings two pictures in, through the pages, with a real worker: the site's page then shows the slider."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page, expect
from rasterio.transform import from_origin

from gis_projects.geo.crs import transform_point
from tests.browser.conftest import OpenPage, axe, login
from tests.layers.raster.pictures import tiff

Shot = Callable[[Page, str], Path]
pytestmark = pytest.mark.usefixtures("worker")
WIDTH, HEIGHT, PIXEL_M = 600, 480, 4.0


@pytest.fixture
def planner(open_at: OpenPage) -> Page:
    page = open_at("desktop")
    login(page, "planner")
    return page


def bare_site(page: Page) -> dict[str, Any]:
    """A site that no picture shows yet."""
    found = page.request.get("/layers/sites/items.geojson?programme=greening").json()["features"]
    return next(one for one in found if not one["properties"]["has_scenes"])  # type: ignore[no-any-return]


def over(site: dict[str, Any], prefix: int = 41) -> Any:
    """A grid in EPSG:4529 (zone 41) around the site. prefix: 0 for eastings without one."""
    lon, lat = shapely.from_geojson(json.dumps(site["geometry"])).centroid.coords[0]
    x, y = transform_point(lon, lat, 4326, 4529)
    west = x - WIDTH / 2 * PIXEL_M - (41 - prefix) * 1_000_000
    return from_origin(west, y + HEIGHT / 2 * PIXEL_M, PIXEL_M, PIXEL_M)


def fields(bits: int) -> Any:
    """Plots and grain; of sixteen bits four bands from 2,500 on, as satellites give them."""
    rng = np.random.default_rng(bits)
    rows, cols = np.mgrid[0:HEIGHT, 0:WIDTH]
    ground = 70 + ((rows // 60) * 37 + (cols // 75) * 61) % 110 + rng.normal(0, 6, rows.shape)
    green = 40 * ((rows // 60 + cols // 75) % 3 == bits // 8)
    bands = np.stack([ground - green, ground * 0.9 + green, ground * 0.6, ground * 1.2])
    return (bands[:3] if bits == 8 else 2_500 + bands * 8).clip(0).astype(f"uint{bits}")


def send(page: Page, *paths: Path) -> None:
    page.goto("/planner/scenes/new/")
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("input[type=file]", [str(path) for path in paths])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("heading", name="读取方式")).to_be_visible(timeout=20_000)


def picture_on_map(page: Page) -> None:
    image = page.locator("#map img.leaflet-image-layer")
    expect(image).to_be_visible()
    page.wait_for_function(
        "document.querySelector('#map img.leaflet-image-layer').naturalWidth > 0"
    )


def test_two_pictures_become_the_slider_of_a_site(
    planner: Page, tmp_path: Path, shot: Shot, open_at: OpenPage
) -> None:
    page = planner
    site = bare_site(page)
    grid = over(site)
    before = tiff(tmp_path / "GF2_20210503.tif", fields(8), transform=grid, crs="EPSG:4529")
    after = tiff(tmp_path / "GF2_20220905.tif", fields(16), transform=grid, crs="EPSG:4529")
    page.goto("/planner/scenes/new/")
    assert axe(page) == []
    shot(page, "1-send")
    for number, (path, day, role) in enumerate(
        ((before, "2021-05-03", "before"), (after, "2022-09-05", "after"))
    ):
        send(page, path)
        picture_on_map(page)
        assert page.locator("#map path.site-under").count() >= 1
        expect(page.locator(".facts")).to_contain_text("600 × 480")
        expect(page.locator(".facts")).to_contain_text("4529")
        expect(page.get_by_label("拍摄日期")).to_have_value(day)
        assert axe(page) == []
        shot(page, f"{2 + 2 * number}-look")
        page.get_by_label("传感器").fill("GF-2")
        page.get_by_label("对应的项目点").select_option(site["id"])
        page.locator(f"input[name=role][value={role}]").check()
        page.get_by_label("向公众公开").check()
        page.get_by_role("button", name="转换并保存").click()
        expect(page.get_by_role("heading", name="影像位置")).to_be_visible(timeout=30_000)
        page.wait_for_selector(".leaflet-scene-pane .leaflet-tile-loaded")
        page.wait_for_timeout(400)  # tiles fade in
        assert axe(page) == []
        shot(page, f"{3 + 2 * number}-scene")
    public = open_at("desktop")
    public.goto(f"/sites/{site['id']}/")
    for side in ("before", "after"):
        public.wait_for_selector(f".leaflet-swipe-{side}-pane img.leaflet-tile-loaded")
    swipe = public.locator(".swipe")
    swipe.scroll_into_view_if_needed()
    expect(swipe.locator(".side-label").first).to_contain_text("2021-05-03")
    expect(swipe.locator(".side-label").last).to_contain_text("2022-09-05")
    shot(public, "6-slider")
    page.goto("/planner/import/")
    expect(page.locator("tbody tr").first).to_contain_text("GF2_20220905.tif")
    shot(page, "7-list")


def test_a_picture_without_a_crs_is_placed_by_the_map(
    open_at: OpenPage, tmp_path: Path, shot: Shot
) -> None:
    page = open_at("tablet")
    login(page, "planner")
    plain = from_origin(500_000, 5_230_000, PIXEL_M, PIXEL_M)
    send(page, tiff(tmp_path / "航片.tif", fields(8), transform=plain, crs=None))
    expect(page.get_by_role("alert")).to_contain_text("坐标")
    choices = page.locator("input[name=crs]")
    frame = page.locator("#map")
    seen = set()
    for number in range(choices.count()):
        choices.nth(number).check()
        expect(frame).to_have_attribute("data-shown", re.compile("."))
        seen.add(frame.get_attribute("data-shown"))
    assert len(seen) == choices.count() >= 2
    assert axe(page) == []
    shot(page, "1-choose")
    expect(page.get_by_role("button", name="转换并保存")).to_have_count(0)
    choices.nth(0).check()
    page.get_by_role("button", name="重新读取").click()
    picture_on_map(page)
    expect(page.get_by_role("button", name="转换并保存")).to_be_visible()
    shot(page, "2-chosen")
    page.screenshot(path=str(shot(page, "3-whole")), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_is_no_picture_is_told(open_at: OpenPage, tmp_path: Path, shot: Shot) -> None:
    page = open_at("tablet")
    login(page, "planner")
    path = tmp_path / "a.tif"
    path.write_text("<svg></svg>")
    page.goto("/planner/scenes/new/")
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="GeoTIFF")).to_be_visible(timeout=20_000)
    shot(page, "refused")
    page.get_by_role("link", name="上传另一个文件").click()
    page.wait_for_selector("body[data-ready]")
