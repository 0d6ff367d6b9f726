"""Drawing without network: a new site, a corrected outline, a walk; and the planner's word on them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe, login
from tests.browser.field.conftest import HERE, Ask, Tablet
from tests.browser.field.test_offline import ALL_SENT, TOO_SMALL
from tests.browser.field.wire import Wire

Shot = Callable[[Page, str], Path]


def tap(page: Page, *places: tuple[float, float]) -> None:
    """Shares of the map's width and height."""
    box = page.locator("#outline-map").bounding_box()
    assert box
    for x, y in places:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(350)  # two taps at once are a double tap, which zooms


def begin(tablet: Tablet, kind: str) -> Page:
    page = tablet.page
    page.goto("/field/#/propose")
    page.get_by_role("button", name=kind, exact=True).first.click()
    expect(page.get_by_text("± ")).to_be_visible()  # the map has gone to where the tablet is
    page.wait_for_timeout(500)
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


def decide(page: Page, kind: str) -> None:
    """To the newest such record in the tray, as a planner."""
    page.context.clear_cookies()
    login(page, "planner")
    page.goto("/planner/tray/?state=proposed")
    page.get_by_role("link", name=kind).first.click()


def test_a_site_drawn_offline_is_registered_by_the_office(
    tablet: Tablet, wire: Wire, ask: Ask, mark: str, shot: Shot
) -> None:
    tablet.start_work()
    tablet.go()
    wire.set("cut")
    page = begin(tablet, "面")
    tap(page, (0.4, 0.3), (0.6, 0.3), (0.6, 0.6))
    expect(page.locator(".figures")).to_contain_text("3 个点")
    expect(page.locator(".figures")).to_contain_text(re.compile(r"[1-9][\d,]*\.\d\d 亩"))
    tap(page, (0.4, 0.6), (0.5, 0.2))  # the last makes it cross itself
    page.get_by_label("点位名称").fill(f"演示：新点 {mark}")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("自相交")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".figures")).to_contain_text("4 个点")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("图斑编号")
    page.get_by_label("图斑编号").fill(f"TB-{mark}")
    shot(page, "drawn")
    address = page.url
    tablet.kill()
    tablet.switch_on()
    page = tablet.page
    page.goto(address)
    expect(page.locator(".figures")).to_contain_text("4 个点")
    shown = page.locator(".figures").inner_text()
    expect(page.get_by_label("点位名称")).to_have_value(f"演示：新点 {mark}")
    save(page)
    expect(page.locator(".notice")).to_contain_text("由办公室裁定")
    wire.set("through")
    login(page, "inspector")
    tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    decide(page, "新点位建议")
    expect(page.locator("input[name=name]")).to_have_value(f"演示：新点 {mark}")
    page.fill("input[name=code]", f"DRAWN-{mark}")
    page.locator("button[value=accept]").click()
    expect(page.locator(".message").first).to_contain_text("已处理")
    ((area,),) = ask("select area_m2 from projects_site where code = ?", f"DRAWN-{mark}")
    assert f"{float(str(area)):,.0f} m²" in shown


def test_a_corrected_point_waits_for_the_office(tablet: Tablet, ask: Ask, mark: str) -> None:
    page = tablet.start_work()
    lon = HERE["longitude"] + int(mark, 16) % 10_000 / 1e6  # elsewhere in each run
    tablet.context.set_geolocation({**HERE, "longitude": lon})  # type: ignore[arg-type]
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    rows = tablet.stored(int(str(number)), "sites")
    docs: list[dict[str, Any]] = [row["doc"] for row in rows]  # type: ignore[misc]
    point = next(doc for doc in docs if doc["geometry"]["type"] == "Point")
    key = point["id"].replace("-", "")
    page.goto(f"/field/#/sites/{point['id']}")
    page.get_by_role("link", name="修正位置").click()
    expect(page.locator(".figures")).to_contain_text(f"{point['geometry']['coordinates'][0]:.6f}")
    expect(page.locator(".vertex")).to_have_count(1)
    expect(page.get_by_text("± ")).to_be_visible()
    page.get_by_role("button", name="在我的位置").click()
    expect(page.locator(".figures")).to_contain_text(f"{lon:.6f}")
    save(page)
    expect(page.get_by_text("修正后的位置等待办公室裁定")).to_be_visible()
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    ((before,),) = ask("select revision from projects_site where id = ?", key)
    assert before == point["revision"]  # nothing has changed yet
    decide(page, "点位修改")
    page.locator("button[value=accept]").click()
    expect(page.locator(".message").first).to_contain_text("已处理")
    ((after,),) = ask("select revision from projects_site where id = ?", key)
    assert int(str(after)) > int(str(before))
    page.context.clear_cookies()
    login(page, "inspector")
    tablet.go(f"sites/{point['id']}")
    expect(page.get_by_text("修正后的位置等待办公室裁定")).to_have_count(0, timeout=60_000)


def test_an_edge_is_walked_with_pauses_and_without_vague_fixes(tablet: Tablet) -> None:
    tablet.start_work()
    page = begin(tablet, "线")
    points = page.locator(".figures")

    def stand(east: float, accuracy: float = 5) -> None:
        place = {**HERE, "longitude": HERE["longitude"] + east, "accuracy": accuracy}
        tablet.context.set_geolocation(place)  # type: ignore[arg-type]

    page.get_by_role("button", name="沿边行走").click()
    for at in (1, 2, 3):
        stand(at * 0.0005)
        expect(points).to_contain_text(f"{at} 个点")
    stand(0.002, accuracy=60)
    expect(page.locator(".outline-panel .tag")).to_contain_text("±60 米")
    expect(points).to_contain_text("3 个点")
    page.get_by_role("button", name="暂停行走").click()
    stand(0.003)
    page.wait_for_timeout(1_000)
    expect(points).to_contain_text("3 个点")
    page.get_by_role("button", name="撤销").click()
    expect(points).to_contain_text("2 个点")
    # 0.0005 degrees of longitude at 47.35 N on GRS80: 37.7 m
    expect(points).to_contain_text("37.8 米")


def test_drawing_can_be_done_by_everybody(tablet: Tablet, shot: Shot) -> None:
    tablet.start_work()
    for scheme in ("light", "dark"):
        tablet.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page = tablet.go("propose")
        assert (axe(page), page.evaluate(TOO_SMALL)) == ([], []), scheme
        shot(page, f"choose-{scheme}")
        page = begin(tablet, "面")
        for _ in range(3):
            page.locator("#outline-map").focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(400)
            page.get_by_role("button", name="在十字处").click()
        expect(page.locator(".figures")).to_contain_text("3 个点")
        page.locator(".vertex").first.click()
        assert (axe(page), page.evaluate(TOO_SMALL)) == ([], []), scheme
        shot(page, f"draw-{scheme}")
        page.get_by_role("button", name="放弃").click()
        expect(page.locator(".site-row").first).to_be_visible()


def corner_of(page: Page) -> tuple[float, float]:
    """Where a vertex of the drawing stands on the screen."""
    box = page.locator(".vertex").first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=10)
    page.mouse.up()
    page.wait_for_timeout(500)


def test_a_dragged_vertex_moves_alone_and_snaps_to_a_neighbour(tablet: Tablet, ask: Ask) -> None:
    tablet.start_work()
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    user = int(str(number))
    docs: list[dict[str, Any]] = [row["doc"] for row in tablet.stored(user, "sites")]  # type: ignore[misc]
    lon, lat = next(
        doc["geometry"]["coordinates"] for doc in docs if doc["geometry"]["type"] == "Point"
    )
    tablet.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 6})
    page = begin(tablet, "线")
    box = page.locator("#outline-map").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tap(page, (0.3, 0.3), (0.7, 0.3))

    def vertices() -> list[list[float]]:
        (draft,) = [row for row in tablet.stored(user, "outlines") if row["kind"] == "LineString"]
        return draft["vertices"]  # type: ignore[return-value]

    first, second = vertices()
    drag(page, corner_of(page), (middle[0] + 15, middle[1] + 12))  # 19 px from the neighbour
    moved, untouched = vertices()
    assert untouched == second
    assert moved == [round(lon, 7), round(lat, 7)]
    drag(page, corner_of(page), (middle[0] + 60, middle[1] + 60))  # far enough to be its own
    away, _second = vertices()
    assert away not in (moved, first)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".figures")).to_contain_text("2 个点")
    assert vertices() == [moved, second]
