"""A second factor through the pages, with the authenticator that Chromium plays (CDP, domain WebAuthn)."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, Watch, axe, login

Shot = Callable[[Page, str], Path]
PASSWORD = "second-factor-2026"


@pytest.fixture
def person(site_environment: dict[str, str]) -> str:
    """An inspector of this test alone, in the running site's database."""
    name = f"person-{uuid.uuid4().hex[:8]}"
    words = f"from accounts.models import User; User.objects.create_user({name!r}, password={PASSWORD!r})"
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", words]
    subprocess.run(command, cwd=root, env=site_environment, check=True)
    return name


@pytest.fixture(params=["phone", "tablet", "desktop"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """At localhost, where passkeys work without HTTPS, with a virtual authenticator."""
    home = site.replace("127.0.0.1", "localhost")
    watch = Watch(home)
    context = chromium.new_context(**SIZES[request.param], base_url=home, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    watch.follow(page)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()
    assert not watch.troubles, "\n".join(watch.troubles)


def confirm(page: Page) -> None:
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="继续").click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/")  # the field app has a way out of its own
    page.get_by_role("button", name="退出").first.click()
    page.goto("/accounts/login/")


def code(secret: str, step: int) -> str:
    from allauth.mfa.totp.internal import auth  # models: only once Django is set up

    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + step)))


def test_a_passkey_is_made_and_signs_in(page: Page, person: str, shot: Shot) -> None:
    login(page, person, PASSWORD)
    page.goto("/accounts/")
    shot(page, "none")
    page.get_by_role("link", name="添加通行密钥").click()
    shot(page, "confirm")
    confirm(page)
    page.fill("input[name=name]", "办公室电脑")
    shot(page, "add")
    page.get_by_role("button", name="创建通行密钥").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert axe(page) == []
    shot(page, "codes")
    page.goto("/accounts/")
    expect(page.locator(".factors li")).to_contain_text("办公室电脑")
    assert axe(page) == []
    shot(page, "listed")
    sign_out(page)
    shot(page, "login")
    page.get_by_role("button", name="使用通行密钥登录").click()
    page.wait_for_url("**/field/**")
    sign_out(page)
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/second-step/")
    shot(page, "second")
    page.get_by_role("button", name="使用通行密钥", exact=True).click()
    page.wait_for_url("**/field/**")


def test_an_app_is_set_up_and_asked_for(page: Page, person: str, shot: Shot) -> None:
    login(page, person, PASSWORD)
    page.goto("/accounts/second-factor/app/")
    confirm(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert page.locator(".qr").evaluate("image => image.complete && image.naturalWidth > 0")
    assert axe(page) == []
    shot(page, "app")
    page.fill("input[name=code]", code(secret, -1))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".codes li")).to_have_count(10)
    sign_out(page)
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/second-step/")
    page.fill("input[name=code]", "000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("验证码不正确")
    assert axe(page) == []
    shot(page, "wrong")
    page.fill("input[name=code]", code(secret, 0))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/field/**")
