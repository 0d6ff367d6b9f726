"""A planner brings a bureau's file in, through the pages, with a real worker: and takes it back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, axe, login
from tests.layers.importing.samples import Column, shapefile, siblings, zipped

Shot = Callable[[Page, str], Path]
pytestmark = pytest.mark.usefixtures("worker")

COLUMNS = (
    Column("XMBH"), Column("XMMC", width=40), Column("小班"), Column("上报面积", "N", 10, 1), Column("备注", width=40),
)  # fmt: skip


def plots(folder: Path, count: int = 12, crs: int | None = None, note: str = "演示") -> Path:
    """GBK and no .prj: eastings around 500 km, which lie in the city under two central meridians."""
    shapes = []
    for number in range(count):
        x, y = 500_000 + 600 * (number % 150), 5_230_000 + 600 * (number // 150)
        shapes.append([(x, y), (x, y + 500), (x + 500, y + 500), (x + 500, y), (x, y)])
    rows = [
        [f"{folder.name}-{number}", f"演示·地块{number}", f"{number}", "37.5", note]
        for number in range(count)
    ]
    return shapefile(folder, shapes, rows, COLUMNS, crs=crs, name="造林地块")


@pytest.fixture
def planner(open_at: OpenPage) -> Page:
    page = open_at("desktop")
    login(page, "planner")
    return page


def send(page: Page, *paths: Path) -> None:
    page.goto("/planner/import/new/")
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("input[type=file]", [str(path) for path in paths])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("heading", name="读取方式")).to_be_visible(timeout=15_000)


def check(page: Page, mapping: dict[str, str]) -> None:
    page.get_by_role("link", name="下一步：对应字段").click()
    page.select_option("select[name=programme]", "greening")
    page.get_by_role("button", name="选择", exact=True).click()
    for column, target in mapping.items():
        page.get_by_label(column, exact=True).select_option(target)
    page.get_by_role("button", name="仅检查（不保存）").click()


def test_a_file_without_a_crs_is_placed_by_the_map_mapped_stored_and_undone(
    planner: Page, tmp_path: Path, shot: Shot, open_at: OpenPage
) -> None:
    page = planner
    archive = zipped(tmp_path / "造林地块.zip", siblings(plots(tmp_path / "G1")))
    page.goto("/planner/import/new/")
    expect(page.get_by_role("button", name="暂停")).to_be_hidden()
    assert axe(page) == []
    shot(page, "1-send")
    send(page, archive)
    expect(page.get_by_role("alert")).to_contain_text("坐标")
    choices = page.locator("input[name=crs]")
    assert choices.count() >= 2
    frame = page.locator("#map")
    seen = set()
    for number in range(choices.count()):
        choices.nth(number).check()
        expect(frame).to_have_attribute("data-shown", re.compile("."))
        seen.add(frame.get_attribute("data-shown"))
    assert len(seen) == choices.count()
    assert axe(page) == []
    shot(page, "2-choose")
    choices.nth(0).check()
    page.get_by_role("button", name="重新读取").click()
    expect(page.get_by_text("按您的选择").first).to_be_visible()
    shot(page, "3-file")
    check(page, {"XMBH": "code", "XMMC": "name"})
    expect(page.get_by_role("heading", name="检查完毕：导入将产生如下结果")).to_be_visible()
    expect(page.locator(".counted")).to_contain_text("12")
    assert axe(page) == []
    shot(page, "4-checked")
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator(".tiles")).to_contain_text("12")
    expect(frame).to_have_attribute("data-shown", re.compile("."))
    assert axe(page) == []
    shot(page, "5-stored")
    address = page.url
    page.get_by_role("link", name="查看这些项目点").first.click()
    expect(page.locator("h1 small")).to_have_text("12")
    page.get_by_role("link", name="演示·地块0", exact=True).click()
    expect(page.get_by_role("heading", name="演示·地块0 G1-0")).to_be_visible()
    page.goto(address)
    page.get_by_text("撤销这次导入").click()
    page.get_by_role("button", name="撤销整次导入").click()
    expect(page.get_by_role("heading", name="这次导入已撤销")).to_be_visible()
    page.goto("/planner/import/")
    expect(page.locator("tbody tr").first).to_contain_text("已撤销")
    assert axe(page) == []
    shot(page, "6-list")


def test_an_upload_is_broken_off_and_goes_on_after_a_reload(
    planner: Page, tmp_path: Path, watch: object, shot: Shot
) -> None:
    page = planner
    path = plots(tmp_path / "G2", 12_000, crs=4550, note="演示" * 10)
    parts = siblings(path)
    patched: list[str] = []
    sent = sum(part.stat().st_size for part in parts)
    cut = [False]

    def handle(route: Route) -> None:
        request = route.request
        if request.method != "PATCH":
            route.continue_()
            return
        if cut[0]:
            route.abort("connectionreset")
            return
        patched.append(request.url)
        cut[0] = len(patched) == 2
        route.continue_()

    page.goto("/planner/import/new/")
    page.route("**/parts/**", handle)
    page.set_input_files("input[type=file]", [str(part) for part in parts])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("#upload-words")).to_contain_text("已上传")
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="继续", exact=True)).to_be_visible()
    shot(page, "paused")
    page.unroute("**/parts/**")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.get_by_role("heading", name="未完成的上传")).to_be_visible()
    again: list[int] = []
    page.on(
        "request",
        lambda request: (
            again.append(len(request.post_data_buffer or b""))
            if request.method == "PATCH"
            else None
        ),
    )
    page.set_input_files("input[type=file]", [str(part) for part in parts])
    page.get_by_role("button", name="继续上传").click()
    expect(page.get_by_role("heading", name="读取方式")).to_be_visible(timeout=20_000)
    assert 0 < len(patched) and len(again) >= 1
    assert sum(again) < sent
    expect(page.get_by_role("alert")).to_have_count(0)
    watch.troubles.clear()  # type: ignore[attr-defined]  # the requests that we broke


def test_progress_survives_a_reload_and_work_can_be_stopped(
    planner: Page, tmp_path: Path, shot: Shot
) -> None:
    page = planner
    send(page, *siblings(plots(tmp_path / "G3", 36_000, crs=4550)))
    check(page, {"XMBH": "code", "XMMC": "name"})
    expect(page.locator("#working-words")).to_contain_text("行", timeout=20_000)
    page.reload()
    expect(page.locator("#working-words")).to_be_visible()
    shot(page, "working")
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("link", name="下一步：对应字段")).to_be_visible(timeout=20_000)


def test_the_pages_fit_a_tablet(open_at: OpenPage, tmp_path: Path, shot: Shot) -> None:
    page = open_at("tablet")
    login(page, "planner")
    page.goto("/planner/import/new/")
    shot(page, "send")
    send(page, *siblings(plots(tmp_path / "G4")))
    shot(page, "choose")
    page.locator("input[name=crs]").first.check()
    page.get_by_role("button", name="重新读取").click()
    page.get_by_role("link", name="下一步：对应字段").click()
    page.select_option("select[name=programme]", "greening")
    page.get_by_role("button", name="选择", exact=True).click()
    shot(page, "fields")
    page.get_by_role("button", name="仅检查（不保存）").click()
    expect(page.locator(".message.error, .counted").first).to_be_visible()
    shot(page, "checked")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
