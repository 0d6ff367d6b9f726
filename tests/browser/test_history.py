"""The changes of a site, as a planner meets them: in words, and both geometries on a map."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe, login

Shot = Callable[[Page, str], Path]
SAVE = "form#site-form button.btn-primary"


def test_a_planner_sees_what_was_changed_and_where_it_was(open_at: OpenPage, shot: Shot) -> None:
    page = open_at("desktop")
    login(page, "planner")
    page.goto("/planner/sites/new/fitness/")
    page.wait_for_selector("body[data-ready]")
    _put(page, 123.95, 47.34)
    page.fill("input[name=code]", f"TEST-{uuid.uuid4().hex[:8]}")
    page.fill("input[name=name]", "演示·旧名")
    page.locator(SAVE).click()
    page.wait_for_selector("details.change")
    page.fill("input[name=name]", "演示·新名")
    _put(page, 123.951, 47.341)
    page.locator(SAVE).click()
    latest = page.locator("details.change").first
    expect(latest).to_contain_text("演示·新名")
    expect(latest.locator("tbody td").first).to_have_text("演示·旧名")
    button = latest.locator("button[data-shape]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#history-map[data-ready]")).to_be_visible()
    expect(page.locator(".history-key")).to_be_visible()
    page.locator("#history-map").scroll_into_view_if_needed()
    shot(page, "shapes")
    # The drawing tools above have a library's own markup: this is about the changes.
    page.evaluate("document.getElementById('draw-map').remove()")
    assert axe(page) == []


def _put(page: Page, lon: float, lat: float) -> None:
    """As the drawing map does, into the form's hidden field."""
    shape = json.dumps({"type": "Point", "coordinates": [lon, lat]})
    page.evaluate("text => { document.querySelector('[name=geometry]').value = text }", shape)
