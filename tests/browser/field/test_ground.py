"""The map goes along: its size is told before, it is drawn when the server is dead, and it knows its age."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, login
from tests.browser.field.conftest import Ask, MakeTablet, Tablet
from tests.browser.field.test_offline import TOO_SMALL
from tests.browser.field.test_sharing import FILL
from tests.browser.field.wire import Wire
from tests.browser.test_layer_style import PAINTED, many

__all__ = ["many"]
pytestmark = pytest.mark.usefixtures("many", "worker")
Shot = Callable[[Page, str], Path]
TOLD = re.compile(r"地块 · \d+月\d+日的底图 · [\d.]+ [kM]B")
PIECE = 4 * 1024 * 1024
DIGEST = """async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('field-ground');
    const found = [];
    for await (const one of folder.values()) found.push(await one.getFile());
    const parts = found.filter((one) => one.size).sort((a, b) => a.name.localeCompare(b.name));
    const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}"""
EMPTY = "new Promise((ok) => { indexedDB.deleteDatabase('ballast').onsuccess = () => ok(true); })"
STORED = """async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('field-ground', { create: true });
    const found = [];
    for await (const one of folder.values()) found.push([one.name, (await one.getFile()).size]);
    return found;
}"""


def look(tablet: Tablet, told: re.Pattern[str] = TOLD) -> Page:
    """At what is to be fetched, with the archive made."""
    page = tablet.go("sync")
    page.get_by_role("button", name="查看需要下载的内容").click()
    expect(page.locator(".area")).to_contain_text(told, timeout=60_000)
    return page


def fetch(page: Page, says: str = "已完成") -> None:
    page.get_by_role("button", name=re.compile("^开始下载")).click()
    expect(page.locator(".area [role=status]").first).to_contain_text(says, timeout=120_000)


def painted(page: Page) -> float:
    """The share of the map that the large layer has painted."""
    page.wait_for_timeout(1_500)
    share: float = page.evaluate(f"({PAINTED})()[0] || 0")  # no canvas: not a number
    return share


def with_pictures(tablet: Tablet, ask: Ask) -> str:
    """A site that is not finished and has been photographed before."""
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    docs: list[dict[str, Any]] = [row["doc"] for row in tablet.stored(int(str(number)), "sites")]  # type: ignore[misc]
    is_meant = (
        doc
        for doc in docs
        if doc["phase"] != "accepted" and any(one["role"] == "before" for one in doc["photos"])
    )
    found: str = next(is_meant)["id"]
    return found


def restart(tablet: Tablet) -> Page:
    tablet.context.close()
    tablet.switch_on()
    return tablet.go()


def test_the_map_is_drawn_from_the_tablet_when_the_server_is_dead(
    tablet: Tablet, wire: Wire, ask: Ask, shot: Shot
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
    site_id = with_pictures(tablet, ask)
    page.goto(f"/field/#/sites/{site_id}")
    picture = page.locator("figure img").first
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 320
    expect(page.locator("figure").first.locator(".enlarge")).to_have_count(0)
    page.goto("/field/#/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert axe(page) == [], scheme
    shot(page, "drawn-dark")


def padded(site_environment: dict[str, str]) -> Path:
    """The archive, made larger than two pieces: what stands behind a PMTiles archive's own bytes is nobody's."""
    (path,) = (Path(site_environment["VAR_DIR"]) / "archives" / "many").glob("*.pmtiles")
    with path.open("ab") as out:
        out.write(os.urandom(2 * PIECE))
    return path


def slow(tablet: Tablet) -> None:
    session = tablet.context.new_cdp_session(tablet.page)
    session.send("Network.enable")
    speed = {
        "offline": False,
        "latency": 0,
        "uploadThroughput": -1,
        "downloadThroughput": 1_200_000,
    }
    session.send("Network.emulateNetworkConditions", speed)


def test_a_kill_in_the_middle_costs_one_piece(
    tablet: Tablet, site_environment: dict[str, str]
) -> None:
    tablet.start_work()
    look(tablet)
    path = padded(site_environment)
    try:
        page = look(tablet, re.compile(r"底图 · [89]\.\d MB"))
        slow(tablet)
        page.get_by_role("button", name=re.compile("^开始下载")).click()
        progress = page.get_by_role("progressbar", name="地图")
        expect(progress).to_have_attribute("value", re.compile(r"^[4-9]\d{6}$"), timeout=60_000)
        while PIECE not in [size for _name, size in page.evaluate(STORED)]:
            page.wait_for_timeout(100)
        tablet.kill()
        tablet.switch_on()
        login(tablet.page, "inspector")
        page = look(tablet)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.headers.get("range", "")))
        fetch(page)
        ranges = [one for one in asked if one]
        assert ranges
        assert int(ranges[0].split("=")[1].split("-")[0]) in (PIECE, 2 * PIECE)
        assert page.evaluate(DIGEST) == hashlib.sha256(path.read_bytes()).hexdigest()
        assert painted(tablet.go()) > 0
    finally:
        path.unlink()


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
