"""A real server over the demonstration city, and a real Chromium at three sizes.

The server is the one that ./run starts (granian, hashed static files, DEBUG off) on a database and a var/ folder of
its own, so a browser test meets what a person meets. A page fails its test on any console error, uncaught error,
or request to another host.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from tests.browser.tile_server import tile_server

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "screenshots"
START_LIMIT_S = 60
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, object] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
TABLET: dict[str, object] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
DESKTOP: dict[str, object] = {"viewport": {"width": 1440, "height": 900}}
SIZES = {"phone": PHONE, "tablet": TABLET, "desktop": DESKTOP}

# Playwright's sync API runs an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def base_maps() -> Iterator[str]:
    """The address of a tile server that the site's settings name; no page asks it unless its reader chooses so."""
    with tile_server() as address:
        yield address


def _named(address: str) -> str:
    """BASE_MAPS with a good one, one that lies where GCJ-02 has it, and one that is out of order."""
    good, broken = (f"{address}/{part}/{{z}}/{{x}}/{{y}}.png" for part in ("tiles", "broken"))
    approval = "GS(2026)0001号"
    return json.dumps(
        [
            {"key": "plain", "name": "测试底图", "url": good, "attribution": "测试图源", "approval": approval},
            {"key": "shifted", "name": "偏移底图", "url": good, "gcj02": True},
            {"key": "broken", "name": "失效底图", "url": broken},
        ]
    )  # fmt: skip


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory: pytest.TempPathFactory, base_maps: str) -> dict[str, str]:
    """The environment of a prepared site; BROWSER_VAR_DIR names one to use again while writing tests."""
    kept = os.environ.get("BROWSER_VAR_DIR")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("site")
    dropped = {"DEBUG", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PROJ_DATA", "PROJ_LIB"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"spatialite://{folder / 'db.sqlite3'}",
        "SECRET_KEY": "only-for-the-browser-tests",
        "LOG_LEVEL": "WARNING",
        "BASE_MAPS": _named(base_maps),
    }
    if not (folder / "prepared").exists():
        _prepare(environment)
        (folder / "prepared").touch()
    return environment


def _prepare(environment: dict[str, str]) -> None:
    for command in (
        ["migrate", "--no-input", "-v0"],
        ["load_city", "cities/qiqihar"],
        ["load_demo"],
        ["collectstatic", "--no-input", "-v0"],
    ):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(
                f"manage.py {command[0]} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
            )


@pytest.fixture(scope="session")
def site(
    site_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the running site, without a slash at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("log") / "granian.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("granian"),
                *("--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4"),
                *("--host", "127.0.0.1", "--port", str(port)),
                "gis_projects.wsgi:application",
            ],
            cwd=ROOT,
            env=site_environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def worker(
    site: str, site_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A worker beside the server, as ./run starts one."""
    log = tmp_path_factory.mktemp("log") / "worker.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.1"],
            cwd=ROOT,
            env=site_environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            assert process.poll() is None, log.read_text()[-3000:]
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except urllib.error.HTTPError as error:
            pytest.fail(f"{url} answers {error.code}:\n{log.read_text()[-3000:]}")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
    yield browser
    browser.close()


class Watch:
    """What went wrong on a page, as sentences. A test that expects a refusal takes it out of ``troubles``."""

    def __init__(self, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.troubles: list[str] = []

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on("request", self._request)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.troubles.append(f"console: {text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.troubles.append(f"request off the host: {request.url}")


OpenPage = Callable[[str], Page]


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """Follows every page of a test and fails it at the end when something went wrong."""
    watching = Watch(site)
    yield watching
    assert not watching.troubles, "\n".join(watching.troubles)


@pytest.fixture
def open_at(chromium: Browser, site: str, watch: Watch) -> Iterator[OpenPage]:
    """``open_at("phone")``: a page of that size, in Chinese, on which ``goto("/planner/")`` is enough."""
    contexts: list[BrowserContext] = []

    def opened(size: str) -> Page:
        context = chromium.new_context(
            **SIZES[size],  # type: ignore[arg-type]
            base_url=site,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch.follow(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_at: OpenPage) -> Page:
    return open_at("phone")


@pytest.fixture
def tablet(open_at: OpenPage) -> Page:
    return open_at("tablet")


@pytest.fixture
def desktop(open_at: OpenPage) -> Page:
    return open_at("desktop")


@pytest.fixture(params=list(SIZES))
def any_size(request: pytest.FixtureRequest, open_at: OpenPage) -> Page:
    """The same test at each of the three sizes."""
    return open_at(request.param)


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """``shot(page, "start")`` keeps a picture in var/screenshots/ and gives its path."""

    def take(page: Page, name: str) -> Path:
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = (page.viewport_size or {"width": 0})["width"]
        path = SHOTS / f"{request.node.originalname}-{name}-{width}.png"
        page.screenshot(path=str(path))
        return path

    return take


def login(page: Page, username: str, password: str | None = None) -> None:
    """Sign in through the form, as one of the demonstration accounts unless a password is given."""
    from projects.demo.accounts import PASSWORD

    page.goto("/accounts/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password or PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def axe(page: Page) -> list[str]:
    """What axe-core finds (WCAG 2.1 A and AA), one sentence each; evaluated outside the page's CSP."""
    source = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    found = page.evaluate(
        "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})).violations"
    )
    return [f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes']][:5]}" for v in found]
