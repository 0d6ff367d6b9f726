"""The layers of the planner's own maps: by finger and keyboard, kept in the browser and for the account."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, axe, login
from tests.browser.touch import centre, drag

Shot = Callable[[Page, str], Path]
READY = "body[data-ready]"
KEYS = "rows => rows.map((row) => row.dataset.key)"
GROUPS = "heads => heads.map((head) => head.dataset.group)"


@pytest.fixture
def editor(open_at: OpenPage) -> Callable[[str], Page]:
    """A planner's page of a site, at a size."""

    def opened(size: str) -> Page:
        page = open_at(size)
        login(page, "planner")
        page.goto("/planner/")
        page.locator("td a").first.click()
        page.wait_for_selector(READY)
        return page

    return opened


def open_layers(page: Page) -> Locator:
    control = page.locator(".layers-control").first
    control.locator("summary").first.click()
    expect(control.locator("[data-key=nen]")).to_be_visible()
    return control


def order(control: Locator) -> list[str]:
    keys: list[str] = control.locator("[data-key]").evaluate_all(KEYS)
    return [key for key in keys if key in {"nen", "nen_chainage", "places"}]


def z_index(page: Page, key: str) -> int:
    pane = page.locator(f".leaflet-layer-{key}-pane").first
    return int(pane.evaluate("pane => pane.style.zIndex"))


def test_groups_move_by_the_keyboard_and_are_kept_in_the_browser(
    editor: Callable[[str], Page], shot: Shot
) -> None:
    page = editor("desktop")
    control = open_layers(page)
    assert order(control) == ["nen_chainage", "nen", "places"]
    assert control.locator("[data-group]").evaluate_all(GROUPS)[:2] == ["河道", "图层"]
    assert z_index(page, "nen") > z_index(page, "places")
    control.get_by_role("button", name="下移: 河道").focus()
    page.keyboard.press("Enter")
    assert order(control) == ["places", "nen_chainage", "nen"]
    assert z_index(page, "nen") < z_index(page, "places")
    control.get_by_role("slider", name="不透明度: 嫩江干流（示意）").fill("40")
    control.get_by_role("checkbox", name="嫩江干流桩号（演示）").uncheck()
    shot(page, "control")
    page.get_by_role("link", name="公众所见").click()
    page.wait_for_selector(READY)
    control = open_layers(page)
    assert order(control) == ["places", "nen_chainage", "nen"]
    expect(control.get_by_role("checkbox", name="嫩江干流桩号（演示）")).not_to_be_checked()
    opacity = page.locator(".leaflet-layer-nen-pane").evaluate("pane => pane.style.opacity")
    assert opacity == "0.4"


def test_a_standard_follows_the_account_to_another_browser(
    editor: Callable[[str], Page], shot: Shot
) -> None:
    first = editor("tablet")
    control = open_layers(first)
    grip = control.locator("[data-key=nen] .grip")
    drag(first, centre(grip), centre(control.locator("[data-key=nen_chainage] .layer-head")))
    assert order(control) == ["nen", "nen_chainage", "places"]
    with first.expect_response("**/chosen-layers/") as answer:
        control.get_by_role("button", name="存为我的默认").click()
    assert answer.value.status == 204
    expect(control.get_by_role("status").last).to_have_text("已存入本账号。")
    shot(first, "kept")
    second = editor("phone")
    control = open_layers(second)
    assert order(control) == ["nen", "nen_chainage", "places"]
    shot(second, "elsewhere")
    control.get_by_role("button", name="上移: 嫩江干流桩号（演示）").click()
    control.get_by_role("button", name="恢复我的默认").click()
    assert order(control) == ["nen", "nen_chainage", "places"]
    assert second.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    second.request.post(
        "/planner/chosen-layers/",
        form={"layers": ""},
        headers={
            "X-CSRFToken": second.locator("input[name=csrfmiddlewaretoken]").first.input_value(),
            "Referer": second.url,
        },
    )


def test_it_has_no_barriers_that_a_checker_can_find(editor: Callable[[str], Page]) -> None:
    page = editor("tablet")
    open_layers(page)
    assert [one for one in axe(page) if "layer" in one] == []
