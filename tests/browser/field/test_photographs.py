"""Photographs tell where and when they are from; before and after are taken from one place."""

import io
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.field.conftest import HERE, Ask, Tablet
from tests.browser.field.pictures import upload
from tests.browser.field.test_offline import ALL_SENT, TOO_SMALL
from tests.browser.field.wire import Wire

Shot = Callable[[Page, str], Path]
TAKEN, OFFSET, EXIF_IFD, GPS_IFD = 0x9003, 0x9011, 0x8769, 0x8825
PLAYING = """(one) => new Promise((done) => {
    if (one.videoWidth) done(one.videoWidth);
    else one.addEventListener('playing', () => done(one.videoWidth));
})"""
HAS_THUMBS = """(name) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const keys = opening.result.transaction('evidence').objectStore('evidence').getAllKeys();
        keys.onsuccess = () => {
            opening.result.close();
            resolve(keys.result.filter((one) => one.endsWith(':thumb')).length > 20);
        };
    };
})"""
BRIGHTNESS = """() => {
    const canvas = document.createElement('canvas');
    const picture = document.querySelector('.thumbs img');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    return [canvas.width, Math.max(...data.filter((_value, at) => at % 4 !== 3 && at % 97 === 0))];
}"""


def from_an_album() -> bytes:
    """Taken in May, 1 km north of where the tablet is, looking west."""
    exif = Image.Exif()
    taken = exif.get_ifd(EXIF_IFD)
    taken[TAKEN], taken[OFFSET] = "2026:05:01 09:30:00", "+08:00"
    gps = exif.get_ifd(GPS_IFD)
    gps[1], gps[2] = "N", (47.0, 21.0, 32.4)  # 47.359
    gps[3], gps[4] = "E", (123.0, 57.0, 0.0)  # 123.95
    gps[16], gps[17] = "T", 270.0
    out = io.BytesIO()
    Image.frombytes("L", (900, 700), os.urandom(630_000)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_picture_from_an_album_keeps_its_own_time_and_place(
    tablet: Tablet, ask: Ask, mark: str, shot: Shot
) -> None:
    page = tablet.start_work()
    (site_id,) = tablet.ids(1)
    page.goto(f"/field/#/sites/{site_id}/inspect")
    expect(page.locator(".position")).to_contain_text("±")
    page.locator("textarea").fill(f"演示：相册 {mark}")
    page.locator("input[type=file]").set_input_files([upload("old.jpg", from_an_album())])  # type: ignore[list-item]
    expect(page.locator(".thumbs .tag").nth(0)).to_contain_text("2026年5月1日")
    expect(page.locator(".thumbs .tag").nth(1)).to_contain_text("1.0 km")
    shot(page, "album")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("有网络后会自动上传")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    ((taken_at, bearing),) = ask(
        "select taken_at, bearing_deg from projects_photo where inspection_id ="
        " (select id from projects_inspection where note = ?)",
        f"演示：相册 {mark}",
    )
    assert str(taken_at).startswith("2026-05-01 01:30:00")
    assert bearing == 270


def test_the_camera_shows_the_picture_from_before_and_the_way_to_its_place(
    tablet: Tablet, ask: Ask, shot: Shot
) -> None:
    page = tablet.start_work()
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    docs: list[dict[str, Any]] = [row["doc"] for row in tablet.stored(int(str(number)), "sites")]  # type: ignore[misc]
    site, photo = next(
        (doc, photo)
        for doc in docs
        for photo in doc["photos"]
        if photo["role"] == "before" and photo["lon"] is not None
    )
    south = {**HERE, "latitude": photo["lat"] - 0.0009, "longitude": photo["lon"]}  # 100 m
    tablet.context.set_geolocation(south)  # type: ignore[arg-type]
    page.goto(f"/field/#/sites/{site['id']}/inspect")
    expect(page.locator(".position")).to_contain_text("±")
    page.get_by_role("button", name="拍照").click()
    expect(page.locator("dialog.camera .guide")).to_contain_text("以北 100 m")
    ghost = page.locator("dialog.camera .ghost")
    expect(ghost).to_be_visible()
    assert ghost.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    assert page.locator("dialog.camera video").evaluate(PLAYING) > 0
    slider = page.get_by_role("slider")
    slider.fill("70")
    assert math.isclose(
        float(ghost.evaluate("(one) => getComputedStyle(one).opacity")), 0.7, abs_tol=0.01
    )
    shot(page, "camera")
    assert (axe(page), page.evaluate(TOO_SMALL)) == ([], [])
    page.locator(".shutter").click()
    expect(page.locator(".thumbs img")).to_have_count(1)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("dialog.camera")).to_have_count(0)
    width, brightest = page.evaluate(BRIGHTNESS)
    assert width > 0
    assert brightest > 100  # a picture, not a black frame
    assert page.evaluate("document.querySelectorAll('video').length") == 0


def taken_last(doc: dict[str, Any]) -> str:
    return max((photo["taken_at"] or "" for photo in doc["photos"]), default="")


def test_others_pictures_come_small_and_the_large_one_when_it_is_asked_for(
    tablet: Tablet, ask: Ask, wire: Wire, shot: Shot
) -> None:
    page = tablet.start_work()
    ((number,),) = ask("select id from accounts_user where username = 'inspector'")
    docs: list[dict[str, Any]] = [row["doc"] for row in tablet.stored(int(str(number)), "sites")]  # type: ignore[misc]
    site = next(doc for doc in docs if doc["photos"] and doc["phase"] != "accepted")
    open_docs = [doc for doc in docs if doc["phase"] != "accepted"]
    newest = max(open_docs, key=taken_last)
    page.goto(f"/field/#/sites/{site['id']}")
    picture = page.locator("figure img").first
    small = picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)")
    assert 0 < small <= 320
    shot(page, "small")
    page.locator(".enlarge").first.click()
    expect(page.locator("figure").first.locator(".enlarge")).to_have_count(0)
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > small
    # Without anybody having looked at it, a small one is there when the network is gone.
    page.wait_for_function(HAS_THUMBS, arg=f"field-{number}")
    wire.set("cut")
    page.goto(f"/field/#/sites/{newest['id']}")
    assert page.locator("figure img").first.evaluate("(one) => one.decode().then(() => 1)") == 1
    page.locator(".enlarge").first.click()
    expect(page.locator(".notice")).to_contain_text("未能下载大图")
