"""A layer too large to be sent whole, drawn from tiles, and the editor of its style."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, OpenPage, axe, login
from tests.browser.test_public_map import opened
from tests.browser.weight import PLANNER_JS_KB, PUBLIC_JS_KB, script_sizes
from tests.layers.styles.test_sld import polygon, rule, sld

Shot = Callable[[Page, str], Path]
MAKE = """
from django.contrib.gis.geos import Polygon
from django.db import transaction
from layers.models import Feature, Layer
style = {"layers": [{"type": "fill", "paint": {"fill-color": "#ff0000"}},
    {"type": "symbol", "minzoom": 13, "layout": {"text-field": ["get", "name"], "text-size": 13}}]}
side = 0.01
with transaction.atomic():  # whoever makes its tiles finds all of it
    Layer.objects.filter(key="many").delete()
    layer = Layer.objects.create(key="many", name="地块", published=True, order=9, style=style)
    Feature.objects.bulk_create([
        Feature(layer=layer, name=f"地块{x}-{y}", properties={"mu": x * y, "kind": "水田" if x % 2 else "旱田"},
            geom=Polygon.from_bbox((123.5 + x * side, 47 + y * side, 123.5 + (x + .8) * side, 47 + (y + .8) * side)))
        for x in range(50) for y in range(50)], batch_size=500)
"""
UNMAKE = "from layers.models import Layer; Layer.objects.filter(key='many').delete()"
# The share of the map's pixels that the layer has painted, and of them those that are red.
PAINTED = """() => {
  let [all, painted, red] = [0, 0, 0];
  for (const canvas of document.querySelectorAll('.leaflet-layer-many-pane canvas')) {
    if (!canvas.width) continue;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      all += 1;
      if (data[at + 3] > 200) { painted += 1; if (data[at] > 200 && data[at + 1] < 40) red += 1; }
    }
  }
  return [painted / all, painted ? red / painted : 0];
}"""


@pytest.fixture
def many(site: str, site_environment: dict[str, str]) -> Iterator[None]:
    def run(code: str) -> None:
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
        subprocess.run(command, cwd=ROOT, env=site_environment, check=True, timeout=300)

    run(MAKE)
    yield
    run(UNMAKE)


def test_tiles_are_drawn_named_and_asked(many: None, any_size: Page, shot: Shot) -> None:
    page = opened(any_size, "/?at=14/47.2460/123.7460&q=nothing-of-this-name")
    page.wait_for_function(f"() => ({PAINTED})()[0] > 0.4", timeout=20_000)
    painted, red = page.evaluate(PAINTED)
    assert 0.4 < painted < 0.9
    assert red > 0.8
    box = page.locator("#map").bounding_box()
    assert box
    shot(page, "tiles")
    popup = page.locator(".leaflet-popup")
    for across, down in (
        (0.5, 0.4),
        (0.5, 0.5),
        (0.56, 0.45),
    ):  # between two plots there is nothing
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.wait_for_timeout(800)
        if popup.count():
            break
    expect(popup.get_by_role("heading")).to_have_text(re.compile(r"地块\d+-\d+"))
    expect(popup.locator("dt", has_text="mu")).to_be_visible()


def test_a_low_zoom_counts_what_it_does_not_show(many: None, desktop: Page, shot: Shot) -> None:
    page = opened(
        desktop, "/?at=7/47.2460/123.7460&layers=many,!nen,!places,!nen_chainage&q=nothing"
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('.leaflet-layer-many-pane canvas')].some((one) => one.width"
        " && one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((part) => part))"
    )
    shot(page, "counts")


def test_a_planner_makes_a_style_sees_it_and_saves_it(many: None, tablet: Page, shot: Shot) -> None:
    page = tablet
    login(page, "planner")
    opened(page, "/planner/layers/many/style/")
    page.get_by_label("按数值分级").check()
    page.get_by_label("列").select_option("mu")
    page.get_by_label("分级方法").select_option("natural")
    page.get_by_label("级数").select_option("4")
    page.get_by_label("黄至蓝").check()
    # The first classes that a server makes wait for mapclassify, which is slow to load.
    expect(page.locator("#legend li")).to_have_count(6, timeout=60_000)
    expect(page.locator("body[data-shown]")).to_be_attached()
    assert page.locator("#legend li").nth(1).inner_text().startswith("< ")
    shot(page, "editor")
    assert axe(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".message")).to_have_text("已保存。")
    opened(page, "/")
    legend = page.evaluate(
        "() => JSON.parse(document.getElementById('map-settings').textContent)"
        ".layers.find(({key}) => key === 'many').legend"
    )
    assert len(legend) == 6


def test_an_sld_is_taken_over_and_its_omissions_named(many: None, desktop: Page) -> None:
    page = desktop
    login(page, "planner")
    opened(page, "/planner/layers/many/style/")
    text = sld(rule("全部", polygon("#123456") + "<se:RasterSymbolizer/>"))
    page.locator("#sld").set_input_files({"name": "a.sld", "mimeType": "text/xml", "buffer": text})
    expect(page.locator("#notes")).to_contain_text("RasterSymbolizer（全部）")
    expect(page.locator("#style")).to_have_value(re.compile("#123456"))


def test_what_is_wrong_in_a_style_is_told_with_its_place(
    many: None, desktop: Page, watch: object
) -> None:
    page = desktop
    login(page, "planner")
    opened(page, "/planner/layers/many/style/")
    page.get_by_text("样式 JSON").first.click()
    page.locator("#style").fill('{"layers": [{"type": "star"}]}')
    expect(page.locator("#notes")).to_contain_text("/layers/0/type")
    watch.troubles = [one for one in watch.troubles if "422" not in one]  # type: ignore[attr-defined]


def test_the_public_page_s_scripts_are_small_with_a_layer_of_tiles(
    many: None, open_at: OpenPage
) -> None:
    sizes = script_sizes(open_at("phone"), "/")
    assert any("protomaps" in url for url in sizes)
    assert sum(sizes.values()) <= PUBLIC_JS_KB, sizes


def test_the_editor_s_scripts_are_within_the_planner_s_room(many: None, open_at: OpenPage) -> None:
    page = open_at("desktop")
    login(page, "planner")
    sizes = script_sizes(page, "/planner/layers/many/style/")
    assert any("protomaps" in url for url in sizes)
    assert sum(sizes.values()) <= PLANNER_JS_KB, sizes
