"""Layers, legend, base maps and the swipe on the public map: by pointer, touch and keyboard, kept in the address."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Watch, axe
from tests.browser.test_public_map import open_sheet, opened
from tests.browser.touch import drag
from tests.browser.weight import PUBLIC_JS_KB, script_sizes

Shot = Callable[[Page, str], Path]
CITY = "at=12/47.3500/123.9500"


def open_layers(page: Page, path: str = f"/?{CITY}") -> Page:
    opened(page, path)
    open_sheet(page)
    page.locator("#layers > summary").click()
    expect(page.locator("#layer-panel .layer-list").first).to_be_visible()
    return page


def keys(page: Page) -> list[str]:
    rows = page.locator("#layer-panel .layer-list [data-key]")
    found = rows.evaluate_all("rows => rows.map((row) => row.dataset.key)")
    return [key for key in found if key in {"nen_chainage", "nen", "places"}]


def test_the_list_says_what_is_on_the_map(any_size: Page, shot: Shot) -> None:
    page = open_layers(any_size)
    assert keys(page) == ["nen_chainage", "nen", "places"]
    expect(page.locator("[data-key=places] .layer-head b")).to_have_text("128")
    assert page.locator("[data-key=nen] svg path").get_attribute("stroke") == "#7fb4d8"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shot(page, "layers")


def test_it_has_no_barriers_that_a_checker_can_find(any_size: Page) -> None:
    page = open_layers(any_size)
    page.locator(".swipe-choice summary").click()
    assert axe(page) == []


def test_order_opacity_and_absence_are_kept_in_the_address(desktop: Page) -> None:
    page = open_layers(desktop)
    down = page.get_by_role("button", name="下移: 嫩江干流桩号（演示）")
    down.focus()
    page.keyboard.press("Enter")
    assert keys(page) == ["nen", "nen_chainage", "places"]
    expect(page.locator("#layer-panel [role=status]")).to_have_text(
        re.compile(r"“嫩江干流桩号（演示）”现排第 2 位，共 2 个")
    )
    # A group stands together: its last layer goes no further, but the group does.
    expect(down).to_be_disabled()
    page.get_by_role("button", name="下移: 河道").focus()
    page.keyboard.press("Enter")
    assert keys(page) == ["places", "nen", "nen_chainage"]
    page.get_by_role("slider", name="不透明度: 嫩江干流（示意）").fill("40")
    page.get_by_role("checkbox", name="乡镇和街道").uncheck()
    assert "layers=!places,nen.40,nen_chainage" in unquote(page.url)
    open_layers(page, page.url)
    assert keys(page) == ["places", "nen", "nen_chainage"]
    expect(page.get_by_role("checkbox", name="乡镇和街道")).not_to_be_checked()
    assert page.locator(".leaflet-layer-nen-pane").evaluate("pane => pane.style.opacity") == "0.4"
    expect(page.locator(".place-label span", has_text="街道")).to_have_count(0)


def test_a_row_is_dragged_to_another_place(any_size: Page) -> None:
    page = open_layers(any_size)
    grip = page.locator("[data-key=nen] .grip")
    grip.scroll_into_view_if_needed()
    end = page.locator("[data-key=nen_chainage] .layer-head").bounding_box()
    start = grip.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 10, steps=4)
    page.mouse.up()
    assert keys(page) == ["nen", "nen_chainage", "places"]


def test_what_is_too_small_to_be_seen_says_so_and_takes_there(desktop: Page) -> None:
    page = open_layers(desktop, "/?at=9/47.3500/123.9500")
    note = page.locator("[data-key=places] .layer-note")
    expect(note).to_contain_text("放大后可见")
    note.get_by_role("button").click()
    expect(note).to_have_count(0)
    expect(page.locator(".place-label span", has_text="街道").first).to_be_visible()


def test_names_do_not_cover_each_other(any_size: Page) -> None:
    page = opened(any_size, f"/?{CITY}")
    expect(page.locator(".place-label span", has_text="街道").first).to_be_visible()
    boxes = page.locator(".place-label span").evaluate_all(
        """spans => spans.map((span) => span.getBoundingClientRect())
        .map(({left, right, top, bottom}) => ({left, right, top, bottom}))"""
    )
    assert len(boxes) > 5
    slack = 3
    for at, a in enumerate(boxes):
        for b in boxes[at + 1 :]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert across <= slack or down <= slack, (a, b)


def test_a_press_asks_the_server_what_lies_there(any_size: Page, shot: Shot) -> None:
    page = opened(any_size, "/?at=15/47.3520/123.9450&q=nothing-of-this-name")
    place = page.locator(".place-label span", has_text="中华街道")
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] - 5)
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_have_text("中华街道")
    expect(popup.locator("dt", has_text="code")).to_be_visible()
    shot(page, "pressed")


def test_a_filter_needs_no_reload(desktop: Page) -> None:
    page = open_layers(desktop, "/?at=11/47.3500/123.9500")
    names = page.locator(".place-label span", has_text="街道")
    expect(names.first).to_be_visible()
    page.locator("[data-key=places] .layer-filter summary").click()
    page.get_by_label("筛选字段: 乡镇和街道").select_option("kind")
    value = page.get_by_label("筛选值: 乡镇和街道")
    value.fill("镇")
    expect(names).to_have_count(0)
    expect(page.locator(".place-label span", has_text="镇").first).to_be_visible()
    value.fill("")
    expect(names.first).to_be_visible()


def test_a_swipe_lies_between_any_two(tablet: Page, shot: Shot) -> None:
    page = open_layers(tablet)
    page.locator(".swipe-choice summary").click()
    left, right = page.get_by_label("左侧"), page.get_by_label("右侧")
    left.select_option("nen")
    right.select_option("places")
    divider = page.get_by_role("slider", name=re.compile("卷帘对比"))
    divider.focus()
    page.keyboard.press("Home")
    clip = page.locator(".leaflet-layer-places-pane").evaluate("pane => pane.style.clipPath")
    assert clip.startswith("polygon(")
    assert "swipe=nen~places" in unquote(page.url)
    shot(page, "swipe")
    page.get_by_role("button", name="结束对比").click()
    expect(divider).to_have_count(0)
    assert page.locator(".leaflet-layer-places-pane").evaluate("pane => pane.style.clipPath") == ""
    opened(page, f"/?{CITY}&swipe=places~nen")
    expect(page.get_by_role("slider", name=re.compile("卷帘对比"))).to_be_visible()


def test_a_finger_moves_the_swipe_and_not_the_map(open_at: OpenPage) -> None:
    page = opened(open_at("phone"), f"/?{CITY}&swipe=places~nen")
    divider = page.get_by_role("slider", name=re.compile("卷帘对比"))
    box = divider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    before = page.locator(".leaflet-map-pane").evaluate("pane => pane.style.transform")
    half = box["x"] + box["width"] / 2
    drag(page, (half, middle), (box["x"] + box["width"] * 0.2, middle))
    assert int(divider.input_value()) == pytest.approx(20, abs=6)
    left = page.locator(".leaflet-layer-places-pane").evaluate("pane => pane.style.clipPath")
    right = page.locator(".leaflet-layer-nen-pane").evaluate("pane => pane.style.clipPath")
    edge = [float(one) for one in re.findall(r"-?[\d.]+(?=px)", left)][2]
    assert next(float(one) for one in re.findall(r"-?[\d.]+(?=px)", right)) == edge
    assert edge == pytest.approx(box["width"] * 0.2, abs=box["width"] * 0.06)
    assert page.locator(".leaflet-map-pane").evaluate("pane => pane.style.transform") == before


def test_no_base_map_unless_it_is_chosen(
    desktop: Page, watch: Watch, base_maps: str, shot: Shot
) -> None:
    page = open_layers(desktop)
    assert watch.troubles == []
    page.get_by_role("radio", name="测试底图").check()
    expect(page.locator(".leaflet-base-map-pane img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("测试图源, GS(2026)0001号")
    assert "base=plain" in page.url
    shot(page, "base")
    page.get_by_role("radio", name="无（仅本市地图）").check()
    expect(page.locator(".leaflet-base-map-pane img")).to_have_count(0)
    expect(page.locator(".leaflet-control-attribution")).not_to_contain_text("测试图源")
    asked = {
        word for trouble in watch.troubles for word in trouble.split() if word.startswith("http")
    }
    assert {f"http://{urlsplit(url).netloc}" for url in asked} == {base_maps}
    watch.troubles.clear()


def test_a_shifted_base_map_is_shifted_back_and_nothing_else(desktop: Page, watch: Watch) -> None:
    page = opened(desktop, "/?at=14/47.3500/123.9500&base=shifted")
    expect(page.locator(".leaflet-base-map-pane img.leaflet-tile-loaded").first).to_be_visible()
    x, y = page.locator(".leaflet-base-map-pane").evaluate(
        "pane => pane.style.transform.match(/-?[0-9.]+(?=px)/g).slice(0, 2).map(Number)"
    )
    # GCJ-02 moves this place 0.0066 degrees east and 0.0021 north: 77.0 and 35.8 pixels of zoom 14.
    assert (x, y) == pytest.approx((-77.0, 35.8), abs=1.5)
    covered = page.evaluate(
        """() => { const map = document.querySelector('#map').getBoundingClientRect();
        const tiles = [...document.querySelectorAll('.leaflet-base-map-pane img')]
          .map((one) => one.getBoundingClientRect());
        return [[map.left + 1, map.top + 1], [map.right - 1, map.bottom - 1]].every(([x, y]) =>
          tiles.some((tile) => tile.left <= x && tile.right >= x && tile.top <= y && tile.bottom >= y)); }"""
    )
    assert covered
    watch.troubles.clear()


def test_a_base_map_that_fails_is_told_once_and_the_map_goes_on(
    phone: Page, watch: Watch, shot: Shot
) -> None:
    page = opened(phone, f"/?{CITY}&base=broken")
    expect(page.locator("#map-notice")).to_have_text("底图无法加载，其余内容照常使用。")
    expect(page.locator(".cell-marker").first).to_be_visible()
    shot(page, "failed")
    assert all("503" in one or "/broken/" in one for one in watch.troubles)
    watch.troubles.clear()


def test_the_page_s_scripts_are_small(open_at: OpenPage) -> None:
    sizes = script_sizes(open_at("phone"), "/")
    assert len(sizes) > 10
    assert sum(sizes.values()) <= PUBLIC_JS_KB, sizes
    assert not any("protomaps" in url for url in sizes)
