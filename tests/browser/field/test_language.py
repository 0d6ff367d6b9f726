"""The app's language changes on the tablet itself, without network too."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.field.conftest import Tablet

Shot = Callable[[Page, str], Path]


def test_the_language_changes_without_network_and_stays_changed(tablet: Tablet, shot: Shot) -> None:
    page = tablet.start_work()
    tablet.wire.set("cut")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Today")
    shot(page, "english")
    assert axe(page) == []
    tablet.kill()
    tablet.switch_on()
    page = tablet.go()
    expect(page.locator("h1")).to_contain_text("Today")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_contain_text("今日")


def test_with_network_the_server_is_told_and_the_app_is_no_other_version(
    tablet: Tablet, shot: Shot
) -> None:
    page = tablet.start_work()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "phone")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("Today")
    expect(page.locator(".pill")).to_contain_text("Everything sent", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    expect(page.locator(".update")).to_have_count(0)
    office = tablet.open()
    office.goto("/targets/")
    expect(office.locator("html")).to_have_attribute("lang", "en")
