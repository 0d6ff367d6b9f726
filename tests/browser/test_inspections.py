"""The office asks for visits and sees what came of it: by mouse, by keyboard, at each size."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe, login

Shot = Callable[[Page, str], Path]
IN_THREE_DAYS = dt.date.today() + dt.timedelta(days=3)


@pytest.fixture
def planner(open_at: OpenPage) -> Page:
    page = open_at("desktop")
    login(page, "planner")
    return page


def test_many_are_asked_for_from_a_filtered_list(planner: Page, shot: Shot) -> None:
    planner.goto("/planner/?programme=fitness")
    planner.get_by_role("link", name="指派巡查").click()
    assert axe(planner) == []
    planner.select_option("select[name=inspector]", index=1)
    planner.fill("input[name=due_on]", str(IN_THREE_DAYS))
    planner.fill("textarea[name=note]", "演示：补拍施工后照片")
    shot(planner, "form")
    boxes = planner.locator("input[name=sites]")
    total = boxes.count()
    boxes.first.uncheck()
    planner.get_by_role("button", name="指派这些项目点").click()
    expect(planner.locator(".message")).to_contain_text("巡查任务")
    assert int(planner.locator("h1 small").inner_text()) >= total - 1
    assert axe(planner) == []
    shot(planner, "list")
    planner.locator("input[name=task]").first.check()
    planner.get_by_role("button", name="撤回所选任务").click()
    expect(planner.locator(".message")).to_contain_text("已撤回 1 项")


def test_one_is_asked_for_from_its_page(planner: Page, shot: Shot) -> None:
    planner.goto("/planner/?programme=fitness")
    planner.locator("tbody a").first.click()
    planner.get_by_role("link", name="指派巡查员").click()
    planner.select_option("select[name=inspector]", index=1)
    planner.fill("input[name=due_on]", str(IN_THREE_DAYS))
    planner.get_by_role("button", name="指派这些项目点").click()
    section = planner.get_by_role("region", name="巡查任务")
    expect(section).to_contain_text(str(IN_THREE_DAYS))
    section.scroll_into_view_if_needed()
    shot(planner, "asked")


def test_the_calendar_at_each_size(any_size: Page, shot: Shot) -> None:
    page = any_size
    login(page, "planner")
    page.goto("/planner/inspections/")
    assert axe(page) == []
    shot(page, "month")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, overflow
    page.goto(f"/planner/inspections/?day={IN_THREE_DAYS}")
    number = page.locator(".calendar td.chosen .count.due")
    if number.count():
        wanted = number.locator("[aria-hidden]").inner_text().split()[-1]
        number.focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1 small")).to_have_text(wanted)


def test_what_lacks_evidence_at_each_size(any_size: Page, shot: Shot) -> None:
    page = any_size
    login(page, "planner")
    page.goto("/planner/inspections/evidence/")
    assert axe(page) == []
    shot(page, "evidence")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    figure = page.locator(".figures li").first
    wanted = figure.locator("b").inner_text()
    figure.get_by_role("link", name="在地图上查看").click()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".target-note")).to_contain_text("没有任何照片")
    shot(page, "map")
    page.go_back()
    page.locator(".figures a:not(.btn)").first.click()
    expect(page.locator("h1 small")).to_have_text(wanted)


def test_an_inspector_is_given_a_district_at_each_size(any_size: Page, shot: Shot) -> None:
    page = any_size
    login(page, "planner")
    page.goto("/planner/tasks/inspectors/")
    page.select_option("select[name=inspector]", index=1)
    page.select_option("select[name=district]", label="龙沙区")
    page.fill("input[name=begins_on]", str(IN_THREE_DAYS))
    page.get_by_role("button", name="指派", exact=True).click()
    expect(page.locator(".message")).to_contain_text("已指派给")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shot(page, "areas")
    page.locator(".areas li", has_text="龙沙区").get_by_role("button").click()
    expect(page.locator(".areas li", has_text="龙沙区")).to_have_count(0)
