"""Marks on a copy of a photograph: the photograph stays as it is, both are sent, the copy names it."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.field.conftest import Ask, Tablet
from tests.browser.field.pictures import MADE_BY, sha256, upload
from tests.browser.field.test_offline import ALL_SENT, TOO_SMALL

Shot = Callable[[Page, str], Path]
GREY = (120, 120, 120)
MAKER = f"Demo camera {uuid.uuid4()}"  # the same bytes twice at one site are one photograph
YELLOW, RED = (255, 214, 0), (255, 23, 68)


def photograph() -> bytes:
    exif = Image.Exif()
    exif[MADE_BY] = MAKER
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), GREY).save(out, "JPEG", quality=95, exif=exif.tobytes())
    return out.getvalue()


def begin(tablet: Tablet, note: str) -> Page:
    page = tablet.page
    (site_id,) = tablet.ids(1)
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").fill(note)
    page.locator("input[type=file]").set_input_files([upload("a.jpg", photograph())])  # type: ignore[list-item]
    page.get_by_role("button", name="在副本上标注").click()
    expect(page.locator("dialog.sketch canvas")).to_be_visible()
    return page


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Shares of the picture, which stands whole in the middle of the canvas."""
    box = page.locator("dialog.sketch canvas").bounding_box()
    assert box
    scale = min(box["width"] / 1200, box["height"] / 900)
    left = box["x"] + (box["width"] - 1200 * scale) / 2
    top = box["y"] + (box["height"] - 900 * scale) / 2

    def at(place: tuple[float, float]) -> tuple[float, float]:
        return left + place[0] * 1200 * scale, top + place[1] * 900 * scale

    page.mouse.move(*at(start))
    page.mouse.down()
    page.mouse.move(*at(end), steps=8)
    page.mouse.up()


def is_near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(colour, wanted, strict=True))


def test_a_marked_copy_is_sent_beside_its_photograph(
    tablet: Tablet, ask: Ask, site_environment: dict[str, str], mark: str, shot: Shot
) -> None:
    tablet.start_work()
    page = begin(tablet, f"演示：标注 {mark}")
    drag(page, (0.2, 0.5), (0.8, 0.5))
    page.get_by_role("button", name="圈").click()
    page.get_by_role("button", name="红色").click()
    drag(page, (0.4, 0.1), (0.6, 0.3))
    drag(page, (0.1, 0.8), (0.3, 0.9))
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("dialog.sketch [role=status]")).to_have_text("2 处标注")
    shot(page, "drawn")
    assert (axe(page), page.evaluate(TOO_SMALL)) == ([], [])
    page.keyboard.press("Escape")  # throws nothing away
    page.get_by_role("button", name="保存副本").click()
    expect(page.locator(".thumbs figure")).to_have_count(2)
    expect(page.locator(".thumbs")).to_contain_text("标注副本")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("有网络后会自动上传")
    expect(page.locator(".pill")).to_contain_text(ALL_SENT, timeout=60_000)
    rows = ask(
        "select id, sha256, original, role, sketch_of, published from projects_photo where"
        " inspection_id = (select id from projects_inspection where note = ?) order by sketch_of",
        f"演示：标注 {mark}",
    )
    first, copy = rows
    assert (first[3], first[4]) == ("during", None) or first[3] == "before"
    assert (copy[3], copy[4], copy[5]) == ("other", first[0], 0)
    media = Path(site_environment["VAR_DIR"]) / "media"
    assert sha256((media / str(first[2])).read_bytes()) == first[1] == sha256(photograph())
    with Image.open(media / str(copy[2])) as picture:
        assert picture.size == (1200, 900)
        assert picture.getexif()[MADE_BY] == MAKER
        assert is_near(picture.getpixel((600, 450)), YELLOW)  # type: ignore[arg-type]
        assert is_near(picture.getpixel((480, 180)), RED)  # type: ignore[arg-type]
        assert is_near(picture.getpixel((600, 180)), GREY)  # type: ignore[arg-type]
        assert is_near(picture.getpixel((240, 765)), GREY)  # type: ignore[arg-type]


def test_it_can_be_done_by_the_keyboard_and_thrown_away(tablet: Tablet, shot: Shot) -> None:
    tablet.start_work()
    page = begin(tablet, "演示：键盘标注")
    page.locator("dialog.sketch canvas").focus()
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.sketch [role=status]")).to_have_text("1 处标注")
    shot(page, "keyboard")
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("dialog.sketch")).to_have_count(0)
    expect(page.locator(".thumbs figure")).to_have_count(1)
