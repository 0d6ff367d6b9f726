"""A way is recorded by the inspector's word only, in view, through a kill, and reaches the office as it was."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, login
from tests.browser.field.conftest import HERE, Ask, Tablet
from tests.browser.field.test_offline import ALL_SENT, TOO_SMALL
from tests.browser.field.wire import Wire

Shot = Callable[[Page, str], Path]
STEP = 0.0004  # degrees of longitude at 47.35 N: 30 m


def walk(tablet: Tablet, *steps: int) -> None:
    """Six seconds apart: nearer in time no point is taken."""
    for at in steps:
        place = {**HERE, "longitude": HERE["longitude"] + at * STEP}
        tablet.page.wait_for_timeout(6_000)
        tablet.context.set_geolocation(place)  # type: ignore[arg-type]
        expect(tablet.page.locator(".track-bar")).to_contain_text(f"{at + 1} 个点")


def begin(tablet: Tablet, site_id: str) -> Page:
    page = tablet.page
    page.goto(f"/field/#/sites/{site_id}/inspect")
    expect(page.locator(".position")).to_contain_text("±")
    assert tablet.page.locator(".track-bar").count() == 0  # nobody has said so yet
    page.get_by_text("记录我的轨迹").click()
    expect(page.get_by_text("随后上传到办公室")).to_be_visible()
    page.get_by_role("button", name="开始记录").click()
    expect(page.locator(".track-bar")).to_contain_text("1 个点")
    return page


def tracks(ask: Ask, site_id: str) -> list[tuple[object, ...]]:
    return ask(
        "select times, accuracies, stale_fixes, is_mock from projects_track where site = ?",
        site_id.replace("-", ""),
    )


@pytest.mark.slow
def test_a_way_survives_a_kill_and_ends_with_the_visit(
    tablet: Tablet, wire: Wire, ask: Ask, mark: str, shot: Shot
) -> None:
    tablet.start_work()
    (site_id,) = tablet.ids(1)
    before = len(tracks(ask, site_id))
    tablet.go()
    wire.set("cut")
    page = begin(tablet, site_id)
    walk(tablet, 1, 2)
    address = page.url
    tablet.kill()
    tablet.switch_on()
    page = tablet.page
    page.goto(address)
    expect(page.locator(".track-bar")).to_contain_text("个点")
    walk(tablet, 3)
    page.goto("/field/#/")
    expect(page.locator(".track-bar")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert (axe(page), page.evaluate(TOO_SMALL)) == ([], []), scheme
        shot(page, f"list-{scheme}")
    page.goto(address)
    page.locator("textarea").fill(f"演示：轨迹 {mark}")
    shot(page, "form")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".track-bar")).to_have_count(0)
    wire.set("through")
    login(page, "inspector")
    tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    found = tracks(ask, site_id)
    assert len(found) == before + 1
    times, accuracies, stale, is_mock = found[-1]
    assert len(json.loads(str(times))) >= 4
    assert set(json.loads(str(accuracies))) == {HERE["accuracy"]}
    assert (stale, is_mock) == (0, 0)


def test_what_was_recorded_can_be_deleted(tablet: Tablet, ask: Ask) -> None:
    tablet.start_work()
    (site_id,) = tablet.ids(1)
    before = tracks(ask, site_id)
    page = begin(tablet, site_id)
    walk(tablet, 1)
    page.get_by_role("button", name="删除轨迹").click()
    expect(page.locator(".track-bar")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("已删除")
    page = tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert tracks(ask, site_id) == before
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    assert tablet.stored(int(str(number)), "tracks") == []
