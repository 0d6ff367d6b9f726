"""The code on a site's board opens the site: with any camera, without network, and from within the app."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, login
from tests.browser.field.conftest import Tablet

Shot = Callable[[Page, str], Path]
# A detector that sees what the test says: Debian's Chromium has none of its own.
DETECTOR = """
    window.seen = '';
    window.BarcodeDetector = class { async detect() { return window.seen ? [{ rawValue: window.seen }] : []; } };
"""


def test_the_address_of_a_board_opens_its_site_without_network(tablet: Tablet) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    name = page.locator(".site-row strong").first.inner_text()
    tablet.wire.set("cut")
    page.goto("about:blank")
    page.goto(f"/field/sites/{site_id}/")
    expect(page.locator("h1")).to_contain_text(name)
    assert page.url.endswith(f"/field/#/sites/{site_id}")


def test_scanning_follows_our_boards_only(tablet: Tablet, shot: Shot) -> None:
    tablet.context.add_init_script(DETECTOR)
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    name = page.locator(".site-row strong").first.inner_text()
    page.get_by_role("button", name="扫码").click()
    dialog = page.get_by_role("dialog", name="扫码")
    expect(dialog).to_be_visible()
    page.evaluate("site => { window.seen = `https://evil.example/field/sites/${site}/`; }", site_id)
    expect(dialog.get_by_role("status")).to_contain_text("不是本系统的公示牌")
    shot(page, "foreign")
    page.evaluate(
        "site => { window.seen = `${location.origin}/field/sites/${site}/`; }",
        site_id,
    )
    expect(page.locator("h1")).to_contain_text(name)
    expect(dialog).to_have_count(0)


def test_no_scanning_is_offered_where_the_browser_cannot(tablet: Tablet) -> None:
    page = tablet.start_work()
    assert page.evaluate("'BarcodeDetector' in window") is False
    expect(page.get_by_role("button", name="扫码")).to_have_count(0)


def test_a_board_can_be_printed(any_size: Page, shot: Shot) -> None:
    page = any_size
    login(page, "planner")
    page.goto("/planner/")
    page.locator("a[href^='/planner/sites/']:not([href*='/new/'])").first.click()
    page.get_by_role("link", name="公示牌").click()
    expect(page.locator(".board svg.qr")).to_be_visible()
    shot(page, "screen")
    assert axe(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".board svg.qr")).to_be_visible()
    shot(page, "print")
