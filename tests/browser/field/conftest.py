"""Tablets on a wire: a browser with a profile on the disk, that can be killed and started again."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import CHROMIUM, login
from tests.browser.field.wire import Wire

HERE = {"latitude": 47.35, "longitude": 123.95, "accuracy": 6}
NOISE = (
    "Failed to load resource",
    "net::ERR",
    "FetchEvent",
    "preload",
)  # what a cut wire sounds like


class Tablet:
    """One browser profile. ``page`` is its open page."""

    def __init__(self, playwright: Playwright, wire: Wire, profile: Path) -> None:
        self.playwright, self.wire, self.profile = playwright, wire, profile
        self.troubles: list[str] = []
        self.switch_on()

    def switch_on(self) -> None:
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                *CHROMIUM,
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
            viewport={"width": 820, "height": 1180},
            has_touch=True,
            base_url=self.wire.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            geolocation=HERE,  # type: ignore[arg-type]
            permissions=["geolocation"],
        )
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not any(word in text for word in NOISE):
            self.troubles.append(text)

    def kill(self) -> None:
        """As when the battery is pulled: every process of this profile, at once."""
        mark = str(self.profile).encode()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and mark in _command(folder):
                os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(
            PlaywrightError
        ):  # it may know already that nothing is left to close
            self.context.close()

    def start_work(self, user: str = "inspector") -> Page:
        """Signed in, with the list on the screen and the app on the disk."""
        login(self.page, user)
        self.go()
        expect(self.page.locator(".pill")).to_contain_text("全部已上传", timeout=60_000)
        return self.page

    def go(self, route: str = "") -> Page:
        self.page.goto(f"/field/#/{route}")
        self.page.wait_for_selector("body[data-ready]")
        expect(self.page.locator(".site-row, .page").first).to_be_visible(timeout=60_000)
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return self.page

    def ids(self, count: int) -> list[str]:
        """Of the first sites in the list."""
        links = self.page.locator(".site-row")
        expect(links.nth(count - 1)).to_be_visible(timeout=60_000)
        found = [links.nth(at).get_attribute("href") or "" for at in range(count)]
        return [one.split("/")[-1] for one in found]

    def stored(self, user: int, store: str) -> list[dict[str, object]]:
        """The rows of one store of a user's database."""
        rows: list[dict[str, object]] = self.page.evaluate(
            """([name, store]) => new Promise((resolve, reject) => {
                const opening = indexedDB.open(name);
                opening.onerror = () => reject(opening.error);
                opening.onsuccess = () => {
                    const all = opening.result.transaction(store).objectStore(store).getAll();
                    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
                };
            })""",
            [f"field-{user}", store],
        )
        return rows


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def wire(site: str) -> Iterator[Wire]:
    made = Wire(urlsplit(site).port or 80)
    yield made
    made.close()


MakeTablet = Callable[..., Tablet]


@pytest.fixture
def make_tablet(playwright: Playwright, wire: Wire, tmp_path: Path) -> Iterator[MakeTablet]:
    """Each call is another tablet, on the same wire; its profile may lie in a folder of its own."""
    made: list[Tablet] = []

    def make(folder: Path = tmp_path) -> Tablet:
        made.append(Tablet(playwright, wire, folder / f"tablet-{len(made)}"))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [trouble for one in made for trouble in one.troubles] == []


@pytest.fixture
def tablet(make_tablet: MakeTablet) -> Tablet:
    return make_tablet()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """200 MB, of which a browser leaves a part free: what it says when the rest is used is no pretence."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


@pytest.fixture
def mark() -> str:
    """Stands in a test's notes: a database that is used again holds those of the last time."""
    return uuid.uuid4().hex[:8]


Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def ask(site_environment: dict[str, str]) -> Ask:
    """The server's database, as it stands on the disk."""
    path = site_environment["DATABASE_URL"].removeprefix("spatialite://")

    def query(sql: str, *values: object) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(path, timeout=30)
        try:
            with connection:
                return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    return query


def write_visit(
    page: Page,
    site_id: str,
    note: str,
    photos: list[dict[str, object]] | None = None,
    progress: int | None = None,
) -> None:
    """Through the form, up to the word "saved"."""
    page.goto(f"/field/#/sites/{site_id}/inspect")
    page.locator("textarea").fill(note)
    if progress is not None:
        page.locator(".stepper input").fill(str(progress))
    if photos:
        page.locator("input[type=file]").set_input_files(photos)  # type: ignore[arg-type]
        expect(page.locator(".thumbs img")).to_have_count(len(photos), timeout=60_000)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("有网络后会自动上传", timeout=60_000)


def visits(ask: Ask, note: str) -> int:
    """Inspections of that note on the server."""
    ((count,),) = ask("select count(*) from projects_inspection where note = ?", note)
    return int(str(count))
