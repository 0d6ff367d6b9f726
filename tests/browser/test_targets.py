"""The targets board: every number opens the sites that it is made of."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe

Shot = Callable[[Page, str], Path]


def test_the_board_reads_well(any_size: Page, shot: Shot) -> None:
    page = any_size
    page.goto("/targets/")
    expect(page.locator("h1")).to_have_text("承诺了什么，进展如何")
    expect(page.get_by_text("推进修复历史遗留矿山44处")).to_be_visible()
    expect(page.get_by_text("未上图").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    shot(page, "board")


@pytest.mark.parametrize("target", ["mine_restore", "old_estate", "culture"])
def test_a_counted_number_opens_as_many_sites(desktop: Page, target: str) -> None:
    page = desktop
    page.goto("/targets/")
    numbers = {}
    for stage in ("mapped", "started", "completed", "accepted"):
        link = page.locator(f"a[href='/?target={target}&stage={stage}']")
        numbers[stage] = int(re.sub(r"\D", "", link.locator("b").inner_text()))
    assert (
        numbers["mapped"] >= numbers["started"] >= numbers["completed"] >= numbers["accepted"] > 0
    )
    for stage, number in numbers.items():
        page.goto(f"/?target={target}&stage={stage}")
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#summary")).to_contain_text(f"共 {number} 个项目点")


def test_a_number_is_pressed_on_a_phone(phone: Page, shot: Shot) -> None:
    phone.goto("/targets/#greening")
    phone.locator("#greening .stages a").first.click()
    phone.wait_for_selector("body[data-ready]")
    expect(phone.locator("#summary")).to_contain_text("共 200 个项目点")
    shot(phone, "opened")
