"""The page of a site: the slider and the swipe, by pointer, touch and keyboard."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import axe

Shot = Callable[[Page, str], Path]


@pytest.fixture
def find(site: str, chromium: object) -> Callable[[str, str], str]:
    """``find("mine_restore", "has_scenes")``: the path of the first such site."""

    def path(programme: str, having: str) -> str:
        context = chromium.new_context()  # type: ignore[attr-defined]
        answer = context.request.get(f"{site}/layers/sites/items.geojson?programme={programme}")
        features = answer.json()["features"]
        context.close()
        chosen = next(one for one in features if one["properties"][having])
        return f"/sites/{chosen['id']}/"

    return path


def divider_at(holder: Locator) -> float:
    """Where the divider stands, as a share of the width."""
    box = holder.bounding_box()
    line = holder.locator(".divider").bounding_box()
    assert box and line
    return (line["x"] + line["width"] / 2 - box["x"]) / box["width"]


def drag(page: Page, holder: Locator, share: float) -> None:
    box = holder.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * divider_at(holder), y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * share, y, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("programme", ["mine_restore", "greening", "nen_eco"])
def test_the_scenes_swipe(
    any_size: Page, find: Callable[[str, str], str], shot: Shot, programme: str
) -> None:
    page = any_size
    page.goto(find(programme, "has_scenes"))
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector(".leaflet-swipe-before-pane img.leaflet-tile-loaded")
    page.wait_for_selector(".leaflet-swipe-after-pane img.leaflet-tile-loaded")
    page.wait_for_timeout(500)
    swipe = page.locator(".swipe")
    swipe.scroll_into_view_if_needed()
    place = page.locator(".leaflet-map-pane").evaluate("pane => pane.style.transform")
    dates = [
        re.findall(r"\d{4}-\d\d-\d\d", text)
        for text in swipe.locator(".side-label").all_inner_texts()
    ]
    assert len(dates) == 2
    assert dates[0] < dates[1]
    assert divider_at(swipe) == pytest.approx(0.5, abs=0.01)
    drag(page, swipe, 0.25)
    assert divider_at(swipe) == pytest.approx(0.25, abs=0.03)
    assert page.locator(".leaflet-map-pane").evaluate("pane => pane.style.transform") == place
    slider = swipe.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    assert divider_at(swipe) == pytest.approx(1, abs=0.01)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert 0 < divider_at(swipe) < 0.1
    for _press in range(3):
        page.keyboard.press("PageUp")
    shot(page, programme)


def test_both_sides_stay_clipped_when_the_map_moves(
    desktop: Page, find: Callable[[str, str], str]
) -> None:
    desktop.goto(find("mine_restore", "has_scenes"))
    desktop.wait_for_selector(".leaflet-swipe-after-pane img.leaflet-tile-loaded")
    swipe = desktop.locator(".swipe")
    swipe.scroll_into_view_if_needed()
    box = swipe.bounding_box()
    assert box
    for step in range(2):
        desktop.mouse.move(box["x"] + 300, box["y"] + 60)
        desktop.mouse.down()
        desktop.mouse.move(box["x"] + 360, box["y"] + 90 + step, steps=4)
        desktop.mouse.up()
        desktop.wait_for_timeout(500)
    edges = desktop.evaluate(
        """() => ['before', 'after'].map((name) => {
            const pane = document.querySelector(`.leaflet-swipe-${name}-pane`);
            const xs = [...pane.style.clipPath.matchAll(/(-?[\\d.]+)px (-?[\\d.]+)px/g)].map((m) => Number(m[1]));
            return [Math.min(...xs), Math.max(...xs)];
        })"""
    )
    (_, before_right), (after_left, after_right) = edges
    assert before_right == pytest.approx(after_left, abs=1)
    assert after_right - after_left == pytest.approx(box["width"] / 2, abs=2)


@pytest.mark.parametrize("programme", ["old_estate", "kindergarten"])
def test_the_photographs_slide(
    any_size: Page, find: Callable[[str, str], str], shot: Shot, programme: str
) -> None:
    page = any_size
    page.goto(find(programme, "has_pair"))
    compare = page.locator(".compare").first
    compare.scroll_into_view_if_needed()
    expect(compare.locator(".side-label")).to_have_count(2)
    drag(page, compare, 0.7)
    assert divider_at(compare) == pytest.approx(0.7, abs=0.03)
    clip = compare.locator("img.after").evaluate("image => image.style.clipPath")
    assert re.search(r"(69|70|71)", clip)
    slider = compare.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    assert divider_at(compare) == pytest.approx(0, abs=0.01)
    page.keyboard.press("End")
    assert divider_at(compare) == pytest.approx(1, abs=0.01)
    drag(page, compare, 0.5)
    shot(page, programme)


def test_a_finger_moves_the_slider(phone: Page, find: Callable[[str, str], str]) -> None:
    phone.goto(find("old_estate", "has_pair"))
    compare = phone.locator(".compare").first
    compare.scroll_into_view_if_needed()
    box = compare.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)
    assert divider_at(compare) == pytest.approx(0.2, abs=0.05)


def test_a_site_goes_from_promise_to_evidence(
    any_size: Page, find: Callable[[str, str], str], shot: Shot
) -> None:
    page = any_size
    page.goto(find("mine_restore", "has_pair"))
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("blockquote")).to_have_text("推进修复历史遗留矿山44处")
    expect(page.locator(".track [aria-current=step]")).to_have_count(1)
    expect(page.get_by_text("模拟").first).to_be_visible()
    expect(page.get_by_text("面积（椭球面量算）")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    shot(page, "top")


def change_switch(page: Page) -> Locator:
    """On the first site whose scenes have the bands for it: another test may have brought one pictures without."""
    found = page.request.get("/layers/sites/items.geojson?programme=greening").json()["features"]
    switch = page.get_by_role("checkbox", name="植被变化（NDVI）")
    for one in found:
        if one["properties"]["has_scenes"]:
            page.goto(f"/sites/{one['id']}/")
            page.wait_for_selector(".leaflet-swipe-after-pane img.leaflet-tile-loaded")
            if switch.count():
                return switch
    raise AssertionError("no site has scenes with a change of vegetation")


def test_the_change_is_laid_over_both_scenes_when_it_is_asked_for(
    any_size: Page, shot: Shot
) -> None:
    page = any_size
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/pair/change/" in one.url else None)
    toggle = change_switch(page)
    assert asked == []
    toggle.check()
    tile = page.locator(".leaflet-change-pane img.leaflet-tile-loaded").first
    expect(tile).to_be_visible()
    assert tile.evaluate("image => image.naturalWidth") == 256
    drawn = page.locator(".leaflet-change-pane").evaluate("pane => Number(pane.style.zIndex)")
    under = page.locator(".leaflet-swipe-after-pane").evaluate("pane => Number(pane.style.zIndex)")
    assert drawn > under
    page.locator("#map").scroll_into_view_if_needed()
    shot(page, "change")
    toggle.uncheck()
    expect(page.locator(".leaflet-change-pane img")).to_have_count(0)
