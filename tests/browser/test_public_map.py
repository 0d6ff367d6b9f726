"""The public map as its reader uses it: at three sizes, by pointer, touch and keyboard, in Chinese."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe

# The list waits until the map lies still, so that nothing holds up the next drag.
SETTLED_MS = 1000
Shot = Callable[[Page, str], Path]


def opened(page: Page, path: str = "/") -> Page:
    page.goto(path)
    page.wait_for_selector("body[data-ready]")
    return page


def counts(page: Page) -> tuple[int, int]:
    """How many sites are in view, and how many pass the filters."""
    text = page.locator("#summary").inner_text()
    found = re.search(r"当前视图内 (\d+) 个，共 (\d+) 个项目点", text)
    assert found, text
    return int(found[1]), int(found[2])


def open_sheet(page: Page) -> None:
    """On a phone the list is a sheet that its handle opens."""
    handle = page.locator("#panel-handle")
    if handle.is_visible() and handle.get_attribute("aria-expanded") == "false":
        handle.click()
        expect(page.locator("#panel")).to_have_class(re.compile("is-open"))
        page.wait_for_timeout(300)


def test_it_opens_on_the_whole_city(any_size: Page, shot: Shot) -> None:
    page = opened(any_size)
    within, total = counts(page)
    assert within == total > 900
    expect(page.get_by_text("演示数据").first).to_be_visible()
    assert page.locator(".cell-marker").count() > 10
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    shot(page, "start")


def test_it_has_no_barriers_that_a_checker_can_find(any_size: Page) -> None:
    page = opened(any_size)
    page.locator(".programmes:not(#layers) > summary").evaluate("element => element.click()")
    assert axe(page) == []


def test_every_target_is_large_enough_for_a_finger(phone: Page) -> None:
    page = opened(phone)
    open_sheet(page)
    page.locator(".programmes:not(#layers) > summary").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, .programme-row, .bar a, .leaflet-bar a')]
        .filter((one) => one.checkVisibility()).map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && box.height < 44).map(([text, box]) => `${text} ${box.height}`)"""
    )
    assert small == []


def test_status_filters_list_map_and_address(any_size: Page, shot: Shot) -> None:
    page = opened(any_size)
    _, total = counts(page)
    open_sheet(page)
    page.get_by_role("button", name=re.compile("已验收")).click()
    _, accepted = counts(page)
    assert 0 < accepted < total
    assert "phase=accepted" in page.url
    chips = page.locator("#list .chip")
    assert chips.count() == page.locator("#list .chip.phase-accepted").count() > 0
    opened(page, page.url)
    assert counts(page)[1] == accepted
    shot(page, "accepted")


def test_a_programme_is_chosen_by_name(desktop: Page) -> None:
    page = opened(desktop)
    page.locator(".programmes:not(#layers) > summary").click()
    page.locator(".programme-row", has_text="历史遗留矿山修复").click()
    assert counts(page)[1] == 44
    assert "programme=mine_restore" in page.url
    page.get_by_role("button", name="清除全部筛选").click()
    assert counts(page)[1] > 900


@pytest.mark.parametrize("text", ["碾子山", "nianzishan", "nzs"])
def test_a_search_understands_chinese_pinyin_and_initials(desktop: Page, text: str) -> None:
    page = opened(desktop)
    page.get_by_role("searchbox").fill(text)
    _, found = counts(page)
    assert 0 < found < 200
    opened(page, page.url)
    expect(page.get_by_role("searchbox")).to_have_value(text)
    assert counts(page)[1] == found


def test_the_list_follows_the_map(desktop: Page) -> None:
    page = opened(desktop)
    within, total = counts(page)
    for _step in range(3):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(500)
    page.wait_for_timeout(SETTLED_MS)
    closer, same = counts(page)
    assert closer < within
    assert same == total
    assert re.search(r"at=\d+/", unquote(page.url))
    opened(page, page.url)
    assert counts(page) == (closer, same)


def test_a_ring_opens_into_its_sites_and_a_site_into_its_page(any_size: Page, shot: Shot) -> None:
    page = opened(any_size, "/?programme=nen_eco")
    for _step in range(8):
        if page.locator(".site-marker").count():
            break
        page.locator(".cell-marker").first.dispatch_event("click")
        page.wait_for_timeout(400)
    page.locator(".site-marker").first.dispatch_event("click")
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_contain_text("演示")
    page.wait_for_timeout(400)
    shot(page, "popup")
    popup.get_by_role("link", name="承诺、数据、证据").click()
    expect(page.locator("blockquote")).to_have_text("推动嫩江干流水生态治理")


def drag(page: Page, by: tuple[int, int]) -> None:
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9
    former = page.url
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=10)
    page.mouse.up()
    # The address is the last thing that follows a map that lies still.
    page.wait_for_function("former => location.href !== former", arg=former)
    page.wait_for_timeout(SETTLED_MS)


def test_a_drag_draws_only_what_it_brings_into_view(desktop: Page) -> None:
    page = opened(desktop, "/?at=10/47.35/123.95")  # so near that not everything is drawn
    _, total = counts(page)
    pins = page.locator(".leaflet-marker-pane .leaflet-marker-icon")
    old = page.locator(".leaflet-marker-pane .leaflet-marker-icon[data-old]")
    pins.evaluate_all("found => found.forEach((one) => { one.dataset.old = '1'; })")
    before = pins.count()
    drag(page, (40, -30))
    assert pins.count() == old.count() == before > 10
    drag(page, (700, 0))
    within, same = counts(page)
    assert within < same == total
    assert 0 < old.count() < before


def test_the_keyboard_reaches_a_ring_and_enters_it(desktop: Page) -> None:
    page = opened(desktop)
    before, _ = counts(page)
    page.locator(".cell-marker").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600 + SETTLED_MS)
    assert counts(page)[0] < before


def test_what_is_near_comes_first_with_its_distance(phone: Page, shot: Shot) -> None:
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"longitude": 123.957, "latitude": 47.348})
    page = opened(phone)
    page.get_by_role("button", name="我附近").click()
    expect(page.locator("#near")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(600)
    open_sheet(page)
    texts = page.locator("#list small").all_inner_texts()
    found = [float(match[1]) for text in texts if (match := re.search(r"距离 ([\d.]+) 公里", text))]
    assert len(found) > 5
    assert found == sorted(found)
    shot(page, "near")


def test_without_a_position_it_says_so(phone: Page) -> None:
    phone.context.set_geolocation(None)
    page = opened(phone)
    page.get_by_role("button", name="我附近").click()
    expect(page.locator("#summary")).to_have_text("此设备未提供位置。")


def test_a_number_s_link_opens_on_its_own_sites(any_size: Page, shot: Shot) -> None:
    page = opened(any_size, "/?target=fitness&stage=mapped")
    expect(page.locator(".target-note")).to_contain_text("构成此数字的项目点")
    within, total = counts(page)
    assert within == total >= 20
    shot(page, "target")


def test_in_english_everything_is_english(open_at: OpenPage) -> None:
    page = opened(open_at("desktop"))
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#summary")).to_contain_text("sites in this view")
    words = page.locator(".bar").inner_text() + page.locator("#phases").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", words.replace("中文", ""))
    page.get_by_role("button", name="中文").click()
    page.wait_for_selector("html[lang=zh-Hans]")


def test_without_data_it_says_what_to_do(desktop: Page, watch: object) -> None:
    desktop.route("**/layers/sites/**", lambda route: route.abort())
    desktop.goto("/")
    expect(desktop.locator("#summary")).to_contain_text("加载失败")
    watch.troubles.clear()  # type: ignore[attr-defined]  # the browser reports the request that we cut
