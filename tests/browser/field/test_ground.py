"""The map goes along: its size is told before, it is drawn when the server is dead, and it knows its age."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.field.conftest import Ask, MakeTablet, Tablet
from tests.browser.field.test_offline import TOO_SMALL
from tests.browser.field.test_sharing import FILL
from tests.browser.field.wire import Wire
from tests.browser.test_layer_style import PAINTED, many

__all__ = ["many"]
pytestmark = pytest.mark.usefixtures("many", "worker")
Shot = Callable[[Page, str], Path]
TOLD = re.compile(r"地块 · \d+月\d+日的底图 · [\d.]+ [kM]B")
EMPTY = "new Promise((ok) => { indexedDB.deleteDatabase('ballast').onsuccess = () => ok(true); })"
STORED = """async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('field-ground', { create: true });
    const found = [];
    for await (const one of folder.values()) found.push([one.name, (await one.getFile()).size]);
    return found;
}"""


def look(tablet: Tablet) -> Page:
    """At what is to be fetched, with the archive made."""
    page = tablet.go("sync")
    page.get_by_role("button", name="查看需要下载的内容").click()
    expect(page.locator(".area")).to_contain_text(TOLD, timeout=60_000)
    return page


def fetch(page: Page, says: str = "已完成") -> None:
    page.get_by_role("button", name=re.compile("^开始下载")).click()
    expect(page.locator(".area [role=status]").first).to_contain_text(says, timeout=120_000)


def painted(page: Page) -> float:
    """The share of the map that the large layer has painted."""
    page.wait_for_timeout(1_500)
    share: float = page.evaluate(f"({PAINTED})()[0] || 0")  # no canvas: not a number
    return share


def restart(tablet: Tablet) -> Page:
    tablet.context.close()
    tablet.switch_on()
    return tablet.go()


def test_the_map_is_drawn_from_the_tablet_when_the_server_is_dead(
    tablet: Tablet, wire: Wire, shot: Shot
) -> None:
    tablet.start_work()
    wire.set("cut")
    page = restart(tablet)
    assert painted(page) == 0
    wire.set("through")
    page = look(tablet)
    shot(page, "told")
    assert (axe(page), page.evaluate(TOO_SMALL)) == ([], [])
    fetch(page)
    shot(page, "fetched")
    ((name, size),) = page.evaluate(STORED)
    assert name.startswith("many~")
    assert size > 10_000
    wire.set("cut")
    page = restart(tablet)
    expect(page.locator(".pill")).to_contain_text("离线")
    expect(page.locator(".map-age")).to_contain_text(re.compile(r"\d+月\d+日的底图"))
    assert painted(page) > 0
    shot(page, "drawn")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert axe(page) == [], scheme
    shot(page, "drawn-dark")


def test_a_newer_map_is_told_of_and_takes_the_place_of_the_old_one(
    tablet: Tablet, ask: Ask
) -> None:
    tablet.start_work()
    fetch(look(tablet))
    ((before, _size),) = tablet.page.evaluate(STORED)
    ask("update layers_layer set revision = revision + 1 where key = 'many'")
    page = restart(tablet)
    expect(page.locator(".map-age")).to_contain_text("已有更新版", timeout=60_000)
    assert painted(page) > 0
    page = look(tablet)
    fetch(page)
    expect(page.locator(".area")).not_to_contain_text("已有更新版")
    ((after, _size),) = page.evaluate(STORED)
    assert after != before
    page.get_by_role("button", name="从平板删除底图").click()
    expect(page.locator(".area")).to_contain_text("还没有底图的大图层")
    assert page.evaluate(STORED) == []


def test_a_full_tablet_says_so_and_keeps_everything_else(
    make_tablet: MakeTablet, small_disk: Path
) -> None:
    tablet = make_tablet(small_disk)
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").press_sequentially("演示：底图放不下")
    page = look(tablet)
    for size in ("1_000_000", "20_000"):
        assert page.evaluate(FILL.replace("1_000_000", size)) == "QuotaExceededError"
    fetch(page, "本机存储已满")
    page.goto(f"/field/#/sites/{site_id}/inspect")
    expect(page.locator("textarea")).to_have_value("演示：底图放不下")
    assert page.evaluate(EMPTY)
    assert page.evaluate(STORED) == []
    fetch(look(tablet))
    assert len(page.evaluate(STORED)) == 1
