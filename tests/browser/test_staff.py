"""The planner and the inspector do their work: through the pages, on a desktop and on a tablet."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe, login
from tests.factories import picture

Shot = Callable[[Page, str], Path]


@pytest.fixture
def planner(open_at: OpenPage) -> Page:
    page = open_at("desktop")
    login(page, "planner")
    return page


@pytest.fixture
def inspector(open_at: OpenPage) -> Page:
    page = open_at("tablet")
    login(page, "inspector")
    return page


def test_a_planner_finds_and_filters_sites(planner: Page, shot: Shot) -> None:
    planner.goto("/planner/")
    planner.select_option("select[name=programme]", "old_estate")
    planner.get_by_role("button", name="筛选").click()
    expect(planner.locator("h1 small")).to_have_text("94")
    assert axe(planner) == []
    shot(planner, "list")


def test_a_planner_draws_a_site_and_changes_it(planner: Page, shot: Shot) -> None:
    planner.goto("/planner/sites/new/fitness/")
    planner.wait_for_selector("body[data-ready]")
    planner.locator(".control-icon.leaflet-pm-icon-marker").click()
    frame = planner.locator("#draw-map")
    frame.scroll_into_view_if_needed()
    frame.click(position={"x": 260, "y": 220})
    planner.fill("input[name=code]", f"TEST-{uuid.uuid4().hex[:8]}")
    planner.fill("input[name=name]", "演示·测试健身点")
    shot(planner, "drawn")
    planner.get_by_role("button", name="保存", exact=True).click()
    expect(planner.locator(".message")).to_contain_text("项目点已创建")
    planner.fill("input[name=progress]", "35")
    planner.get_by_role("button", name="保存", exact=True).click()
    expect(planner.locator(".message")).to_contain_text("已保存")
    expect(planner.locator("input[name=progress]")).to_have_value("35")
    chip = planner.locator(".chip").last.inner_text()
    planner.get_by_role("button", name="执行这一步").click()
    expect(planner.locator(".message")).to_contain_text("项目点当前状态")
    assert planner.locator(".chip").last.inner_text() != chip
    shot(planner, "moved")


def test_an_inspector_records_a_visit(inspector: Page, shot: Shot) -> None:
    page = inspector
    page.goto("/field/plain/")
    shot(page, "mine")
    assert axe(page) == []
    page.locator(".cards a").first.click()
    page.fill("textarea[name=note]", "演示：到场查看，正在施工")
    page.set_input_files(
        "input[type=file]",
        {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture((640, 480), "orange")},
    )
    page.get_by_role("button", name="保存巡查记录").click()
    expect(page.locator(".message")).to_contain_text("巡查记录已保存")
    expect(page.get_by_text("演示：到场查看，正在施工").first).to_be_visible()
    shot(page, "recorded")


def test_a_bad_photograph_is_refused_and_the_words_are_kept(inspector: Page, watch: object) -> None:
    page = inspector
    page.goto("/field/plain/")
    page.locator(".cards a").first.click()
    page.fill("textarea[name=note]", "演示：文字要保留")
    bad = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": io.BytesIO(b"no").getvalue()}
    page.set_input_files("input[type=file]", bad)
    page.get_by_role("button", name="保存巡查记录").click()
    expect(page.get_by_role("alert").first).to_contain_text("这不是可读取的照片")
    expect(page.locator("textarea[name=note]")).to_have_value("演示：文字要保留")
    watch.troubles.clear()  # type: ignore[attr-defined]  # the browser reports the 422 that we caused


def test_an_administrator_sees_a_site_on_a_map(open_at: OpenPage, shot: Shot) -> None:
    page = open_at("desktop")
    login(page, "admin")
    page.goto("/admin/projects/site/")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector(".leaflet-container")
    page.wait_for_timeout(500)
    shot(page, "admin")
