"""The position of a visit is averaged until it is good enough, or until the inspector says that it will do."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.field.conftest import HERE, Ask, Tablet
from tests.browser.field.test_offline import ALL_SENT

Shot = Callable[[Page, str], Path]


def stand(tablet: Tablet, north_m: float, accuracy: float, fixes: int) -> None:
    """Let the receiver tell another position, and wait until it is counted as that many fixes."""
    latitude = HERE["latitude"] + north_m / 111_195
    tablet.context.set_geolocation({**HERE, "latitude": latitude, "accuracy": accuracy})  # type: ignore[arg-type]
    expect(tablet.page.locator(".position")).to_contain_text(f"{fixes} 次定位平均")


def test_fixes_are_averaged_until_the_target_and_the_mean_is_recorded(
    tablet: Tablet, ask: Ask, mark: str, shot: Shot
) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    tablet.context.set_geolocation({**HERE, "accuracy": 40})  # type: ignore[arg-type]
    page.goto(f"/field/#/sites/{site_id}/inspect")
    card = page.locator(".position")
    expect(card).to_contain_text("± 40 m")
    expect(card.get_by_role("button", name="10 m")).to_have_attribute("aria-pressed", "true")
    stand(tablet, 8, 20, 2)
    stand(tablet, 4, 20, 3)
    expect(card.get_by_role("status").first).to_contain_text("正在求平均，直至 ± 10 m")
    shot(page, "averaging")
    stand(tablet, 2, 8, 4)
    expect(card.get_by_role("status").first).to_contain_text("已达到 10 m")
    stand(tablet, 3, 30, 4)  # what was reached stands
    shot(page, "reached")
    assert axe(page) == []
    page.locator("textarea").fill(f"演示：平均 {mark}")
    page.locator(".fence input").fill("演示")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("有网络后会自动上传")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    ((accuracy, details),) = ask(
        "select accuracy_m, details from projects_inspection where note = ?", f"演示：平均 {mark}"
    )
    assert 6 < float(str(accuracy)) <= 10
    assert json.loads(str(details))["fixes"] == 4


def test_the_inspectors_word_ends_it_and_outlives_leaving_the_form(tablet: Tablet) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    tablet.context.set_geolocation({**HERE, "accuracy": 18})  # type: ignore[arg-type]
    page.goto(f"/field/#/sites/{site_id}/inspect")
    card = page.locator(".position")
    card.get_by_role("button", name="5 m", exact=True).click()
    card.get_by_role("button", name="就用当前位置").click()
    expect(card.get_by_role("status").first).to_contain_text("已按您的确认采用")
    page.reload()
    expect(card.get_by_role("status").first).to_contain_text("已按您的确认采用")
    expect(card).to_contain_text("± 18 m")
    expect(card.get_by_role("button", name="5 m", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    card.get_by_role("button", name="重新测定").click()
    expect(card).to_contain_text("正在定位")
    stand(tablet, 1, 17, 1)
    expect(card.get_by_role("status").first).to_contain_text("正在求平均，直至 ± 5 m")
