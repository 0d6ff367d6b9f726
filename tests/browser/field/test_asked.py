"""What the office asks for stands first on the tablet, is answered by a visit without network, and is gone then."""

import datetime as dt
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import SHOTS, OpenPage, axe, login
from tests.browser.field.conftest import Ask, Tablet, write_visit
from tests.browser.field.wire import Wire

UNTIL = dt.date.today() + dt.timedelta(days=2)


def test_asked_for_by_the_office_and_answered_offline(
    open_at: OpenPage, tablet: Tablet, wire: Wire, ask: Ask, mark: str
) -> None:
    page = tablet.start_work()
    site_id = page.locator(".site-row").nth(3).get_attribute("href").split("/")[-1]  # type: ignore[union-attr]
    office = open_at("desktop")
    login(office, "planner")
    office.goto(f"/planner/tasks/new/?site={site_id}")
    office.select_option("select[name=inspector]", label="演示·巡查员")
    office.fill("input[name=due_on]", str(UNTIL))
    office.fill("textarea[name=note]", f"演示：补拍 {mark}")
    office.get_by_role("button", name="指派这些项目点").click()
    expect(office.locator(".message")).to_contain_text("巡查任务")
    page = tablet.go("sync")
    page = tablet.go()
    row = page.locator(".site-row", has_text=mark)
    expect(row).to_contain_text(f"至 {UNTIL}", timeout=60_000)
    expect(row).to_contain_text("指派任务")
    assert axe(page) == []
    Path(SHOTS).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / "asked-820.png"))
    wire.set("cut")
    write_visit(page, site_id, f"演示：已补拍 {mark}")
    page = tablet.go()
    expect(page.locator(".site-row", has_text=f"补拍 {mark}")).to_have_count(0)
    wire.set("through")
    tablet.go("sync")
    expect(page.get_by_text("全部已上传").first).to_be_visible(timeout=60_000)
    note = f"演示：补拍 {mark}"
    ((answered,),) = ask(
        "select count(*) from projects_siteassignment where note = ? and done_at is not null", note
    )
    assert answered == 1
