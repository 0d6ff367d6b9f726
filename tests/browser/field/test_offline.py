"""A day without network: the app starts, saves, is killed, and everything arrives as it was."""

import io
import uuid
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import axe, login
from tests.browser.field.conftest import Ask, Tablet, visits, write_visit
from tests.browser.field.pictures import MADE_BY, ORIENTATION, photograph, sha256, upload
from tests.browser.field.wire import Wire

ALL_SENT = "全部已上传"
VISITS, PHOTOS = 10, 4
SIZE, LEAST_BYTES = (2000, 1500), 3_000_000  # below 2048 pixels: sent byte for byte
TOO_SMALL = """() => {
    const targets = 'button, a.btn, a.site-row, a.pill, select, input:not([type=radio], [type=file])';
    const low = (one) => one.offsetParent && one.getBoundingClientRect().height < 47.5;
    return [...document.querySelectorAll(targets)].filter(low).map((one) => one.outerHTML.slice(0, 90));
}"""


def test_it_starts_without_network(tablet: Tablet, wire: Wire) -> None:
    tablet.start_work()
    wire.set("cut")
    tablet.context.close()
    tablet.switch_on()
    page = tablet.go()
    expect(page.locator(".pill")).to_contain_text("离线")
    expect(page.locator(".age")).to_contain_text("数据更新")
    expect(
        page.locator(".leaflet-overlay-pane canvas, .leaflet-marker-icon").first
    ).to_be_attached()
    page.locator(".site-row").first.click()
    expect(page.get_by_text("承诺内容")).to_be_visible()
    assert "csrf" not in page.content().lower()


@pytest.mark.slow
def test_nothing_is_lost_when_the_browser_is_killed(
    tablet: Tablet, wire: Wire, ask: Ask, site_environment: dict[str, str], mark: str
) -> None:
    page = tablet.start_work()
    ids = tablet.ids(VISITS)
    wire.set("cut")
    taken = [[photograph(SIZE, quality=95) for _ in range(PHOTOS)] for _ in ids]
    assert min(len(data) for photos in taken for data in photos) >= LEAST_BYTES
    for number, (site_id, photos) in enumerate(zip(ids, taken, strict=True)):
        files = [upload(f"{at}.jpg", data) for at, data in enumerate(photos)]
        write_visit(page, site_id, f"演示：断网记录 {number} {mark}", files)
    tablet.kill()
    tablet.switch_on()
    page = tablet.go()
    expect(page.locator(".pill")).to_contain_text(f"{VISITS + 2 * VISITS * PHOTOS} 条未上传")
    wire.set("through")
    login(page, "inspector")  # a browser that is killed within seconds may forget its session
    page = tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=300_000)
    sent = {sha256(data) for photos in taken for data in photos}
    marks = ",".join("?" * len(sent))
    here = ask(
        f"select sha256, original from projects_photo where sha256 in ({marks})",
        *sent,
    )
    assert {row[0] for row in here} == sent
    for digest, original in here:
        assert (
            sha256((Path(site_environment["VAR_DIR"]) / "media" / str(original)).read_bytes())
            == digest
        )
    for number in range(VISITS):
        assert visits(ask, f"演示：断网记录 {number} {mark}") == 1


def test_a_large_picture_is_made_smaller_upright_and_keeps_its_exif(
    tablet: Tablet, ask: Ask, site_environment: dict[str, str]
) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    note = f"演示：大照片 {uuid.uuid4()}"
    write_visit(page, site_id, note, [upload("big.jpg", photograph((3000, 2000), orientation=6))])
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=120_000)
    ((original,),) = ask(
        "select original from projects_photo where inspection_id ="
        " (select id from projects_inspection where note = ?)",
        note,
    )
    stored = (Path(site_environment["VAR_DIR"]) / "media" / str(original)).read_bytes()
    with Image.open(io.BytesIO(stored)) as picture:
        assert picture.size == (1365, 2048)
        assert picture.getexif()[MADE_BY] == "Demo camera"
        assert picture.getexif()[ORIENTATION] == 1


def test_a_draft_survives_leaving_and_a_kill(tablet: Tablet) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").press_sequentially("写到一半")
    page.locator("input[type=file]").set_input_files([upload("a.jpg", photograph((640, 480)))])  # type: ignore[list-item]
    expect(page.locator(".thumbs img")).to_have_count(1)
    tablet.kill()
    tablet.switch_on()
    page = tablet.go(f"sites/{site_id}/inspect")
    expect(page.locator("textarea")).to_have_value("写到一半")
    expect(page.locator(".thumbs img")).to_have_count(1)


def test_every_screen_can_be_used_by_everybody(tablet: Tablet) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for route in ("", f"sites/{site_id}", f"sites/{site_id}/inspect", "sync"):
            page = tablet.go(route)
            page.wait_for_timeout(500)
            assert axe(page) == [], f"{scheme} {route}"
            small = page.evaluate(TOO_SMALL)
            assert small == [], f"{scheme} {route}"
