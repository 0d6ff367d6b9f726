"""One server, several tablets, several tabs, several people: nothing doubled, nothing overwritten in silence."""

import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import login
from tests.browser.field.conftest import Ask, MakeTablet, Tablet, visits, write_visit
from tests.browser.field.pictures import photograph, sha256, upload
from tests.browser.field.wire import Wire

ALL_SENT = "全部已上传"
FILL = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('ballast');
    opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const db = opening.result;
        const more = (left) => {
            const tx = db.transaction('bytes', 'readwrite', { durability: 'strict' });
            tx.objectStore('bytes').add(new Blob([new Uint8Array(1_000_000)]));
            tx.oncomplete = () => (left ? more(left - 1) : reject(new Error('there is no end to it')));
            tx.onabort = () => { db.close(); resolve(tx.error.name); };
        };
        more(500);
    };
})"""
UNTIL_WAITING = """async () => {
    const registration = await navigator.serviceWorker.getRegistration('/field/');
    while (!registration.waiting) await new Promise((wake) => setTimeout(wake, 100));
}"""


def send(page: Page) -> None:
    page.goto("/field/#/sync")
    page.get_by_role("button", name=re.compile("立即上传|正在同步")).click()


def test_two_tablets_that_disagree_about_a_site(make_tablet: MakeTablet, wire: Wire) -> None:
    one, other = make_tablet(), make_tablet()
    one.start_work("inspector")
    other.start_work("planner")
    (site_id,) = one.ids(1)
    one.page.goto(f"/field/#/sites/{site_id}/inspect")
    now = int(one.page.locator(".stepper input").get_attribute("placeholder") or 0)
    mine, theirs = (now + 13) % 101, (now + 29) % 101
    wire.set("cut")
    write_visit(one.page, site_id, "演示：甲", progress=theirs)
    write_visit(other.page, site_id, "演示：乙", progress=mine)
    wire.set("through")
    send(one.page)
    expect(one.page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    send(other.page)
    expect(other.page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    expect(other.page.locator(".records").first).to_contain_text("两个值由办公室裁定")
    expect(other.page.locator(".records").first).to_contain_text(f"本机 {mine} · 他人 {theirs}")


def test_signing_out_keeps_what_is_unsent_and_apart(
    tablet: Tablet, wire: Wire, ask: Ask, mark: str
) -> None:
    page = tablet.start_work("inspector")
    (site_id,) = tablet.ids(1)
    wire.set("cut")
    write_visit(page, site_id, f"演示：交班前 {mark}")
    page.goto("/field/#/sync")
    expect(page.get_by_text("还有 1 项未上传")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("之前保存在本机的内容都还在")).to_be_visible()
    wire.set("through")
    login(page, "planner")
    tablet.go("sync")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    expect(page.get_by_text("planner", exact=False).first).to_be_visible()
    assert visits(ask, f"演示：交班前 {mark}") == 0
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    assert [row["state"] for row in tablet.stored(int(str(number)), "ops")] == ["unsent"]
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    login(page, "inspector")
    tablet.go()
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：交班前 {mark}") == 1


def test_without_a_session_saving_goes_on(tablet: Tablet, ask: Ask, mark: str) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    tablet.context.clear_cookies()
    write_visit(page, site_id, f"演示：登录失效 {mark}")
    page.goto("/field/#/sync")
    expect(page.get_by_text("登录已失效")).to_be_visible(timeout=60_000)
    login(page, "inspector")
    tablet.go()
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：登录失效 {mark}") == 1


def test_a_captive_portal_acknowledges_nothing(tablet: Tablet, wire: Wire) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    wire.set("portal")
    write_visit(page, site_id, "演示：门户")
    page.goto("/field/#/sync")
    expect(page.get_by_text("应答的不是本系统服务器")).to_be_visible(timeout=60_000)
    expect(page.locator(".pill")).to_contain_text("1 条未上传")
    wire.set("through")
    send(page)
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)


def test_of_five_tabs_one_speaks_to_the_server(tablet: Tablet, ask: Ask, mark: str) -> None:
    tablet.start_work()
    (site_id,) = tablet.ids(1)
    pages = [tablet.page, *(tablet.open() for _ in range(4))]
    for page in pages[1:]:
        page.goto("/field/")
        page.wait_for_selector("body[data-ready]")
    locks = pages[0].evaluate("navigator.locks.query()")
    held = [one for one in locks["held"] if one["name"].startswith("field-sync-")]
    waiting = [one for one in locks["pending"] if one["name"].startswith("field-sync-")]
    assert (len(held), len(waiting)) == (1, 4)
    write_visit(pages[4], site_id, f"演示：五个标签页 {mark}")
    for page in pages:
        expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：五个标签页 {mark}") == 1
    pages[0].close()
    tablet.page = pages[4]
    write_visit(pages[4], site_id, f"演示：接替 {mark}")
    expect(pages[4].locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：接替 {mark}") == 1


def test_a_full_tablet_keeps_the_form_and_refuses_the_picture(
    make_tablet: MakeTablet, small_disk: Path
) -> None:
    tablet = make_tablet(small_disk)
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").fill("演示：存储已满")
    assert page.evaluate(FILL) == "QuotaExceededError"
    page.locator("input[type=file]").set_input_files([upload("a.jpg", photograph())])  # type: ignore[list-item]
    expect(page.locator(".notice")).to_contain_text("这张照片没有保存", timeout=60_000)
    expect(page.locator("textarea")).to_have_value("演示：存储已满")
    expect(page.locator(".thumbs img")).to_have_count(0)
    assert page.evaluate(
        "new Promise((ok) => { indexedDB.deleteDatabase('ballast').onsuccess = () => ok(true); })"
    )
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("有网络后会自动上传")


def test_a_new_version_waits_for_the_form_and_touches_nothing(
    tablet: Tablet, wire: Wire, ask: Ask, mark: str
) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    page.reload()  # under the worker's control
    page.wait_for_selector("body[data-ready]")
    wire.set("cut")
    write_visit(page, site_id, f"演示：升级前 {mark}")
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").fill("演示：升级时正在填写")
    ask("update projects_city set attribution = attribution || '。'")
    wire.set("through")
    page.evaluate("navigator.serviceWorker.getRegistration('/field/').then((one) => one.update())")
    page.evaluate(UNTIL_WAITING)
    expect(page.get_by_text("新版本已就绪")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("演示：升级时正在填写")
    page.goto("/field/#/")
    with page.expect_navigation():
        page.get_by_role("button", name="立即启用").click()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    assert visits(ask, f"演示：升级前 {mark}") == 1
    page.goto(f"/field/#/sites/{site_id}/inspect")
    expect(page.locator("textarea")).to_have_value("演示：升级时正在填写")


def test_what_is_unsent_can_be_saved_to_a_file(tablet: Tablet, wire: Wire, tmp_path: Path) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    wire.set("cut")
    photo = photograph((800, 600))
    write_visit(page, site_id, "演示：存为文件", [upload("a.jpg", photo)])
    page.goto("/field/#/sync")
    with page.expect_download() as download:
        page.get_by_role("button", name="未上传内容存为文件").click()
    path = tmp_path / "unsent.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        lines = [json.loads(line) for line in archive.read("ops.jsonl").decode().splitlines()]
        bodies = [json.loads(line["body"]) for line in lines]
        assert [one["entity"] for one in bodies] == ["inspection", "photo"]
        assert all(sha256(line["body"].encode()) == line["sha256"] for line in lines)
        assert archive.read(f"photos/{bodies[1]['id']}") == photo
