"""Setting factors up and taking them away, by their owner, an administrator and a command."""

import io
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts.factors import store
from accounts.models import AuditEntry
from tests.accounts.factors.conftest import Clock, Phone, give_app, is_in, password, step
from tests.conftest import Cast

APP, PASSKEY = "/accounts/second-factor/app/", "/accounts/second-factor/passkey/"
CODES, CONFIRM = "/accounts/second-factor/recovery-codes/", "/accounts/confirm/"


def inside(cast: Cast, name: str = "alice", *, confirmed: bool = True) -> Client:
    client = Client()
    client.force_login(getattr(cast, name))
    if confirmed:
        assert client.post(CONFIRM, {"password": f"{name}-password"}).status_code == 302
    return client


def told() -> list[object]:
    entries = AuditEntry.objects.filter(kind="user", action="updated").order_by("sequence")
    found = [json.loads(entry.changes).get("second_factor") for entry in entries]
    return [pair for pair in found if pair]


def test_an_app_is_set_up_with_its_first_code(cast: Cast, clock: Clock) -> None:
    client, tablet = inside(cast), inside(cast)
    page = client.get(APP).content.decode()
    secret = re.sub(r"\s", "", re.findall(r'class="secret">([^<]+)', page)[0])
    assert "data:image/svg+xml;base64," in page
    assert decrypt(client.session["totp_secret"]) == secret
    assert client.post(APP, {"code": "000000x"}).status_code == 200
    assert not store.has(cast.alice)
    assert client.post(APP, {"code": Phone(secret).code()})["Location"] == CODES
    assert store.has(cast.alice) and told() == [[None, "totp"], [None, "recovery_codes"]]
    assert is_in(client) and not is_in(tablet), "the other sessions never gave the factor"
    assert len(re.findall(r"<code>\d{4} \d{4}</code>", client.get(CODES).content.decode())) == 10
    again = Client()
    password(again)
    assert step(again, Phone(secret).code()).status_code == 200, "its first code is used up"


def test_each_change_asks_for_the_password_again(cast: Cast, phone: Phone, clock: Clock) -> None:
    client = inside(cast, confirmed=False)
    row = store.rows(cast.alice).get()
    for path in (APP, PASSKEY, CODES, f"/accounts/second-factor/{row.pk}/remove/"):
        for answer in (client.get(path), client.post(path, {"code": "x"})):
            assert answer["Location"].startswith(f"{CONFIRM}?next=")
    assert client.post(CONFIRM, {"password": "wrong"}).status_code == 200
    assert client.get(CODES).status_code == 302
    sent = {"password": "alice-password", "next": CODES}
    assert client.post(CONFIRM, sent)["Location"] == CODES
    assert client.get(CODES).status_code == 200
    clock.wait(600)
    assert client.get(CODES).status_code == 302
    elsewhere = client.post(CONFIRM, sent | {"next": "https://example.org/"})
    assert elsewhere["Location"] == "/accounts/second-factor/"


def test_the_password_is_not_guessed_there(cast: Cast) -> None:
    client = inside(cast, confirmed=False)
    answers = [client.post(CONFIRM, {"password": f"no-{n}"}).status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_removing_the_last_takes_the_recovery_codes_and_the_other_sessions(
    cast: Cast, phone: Phone
) -> None:
    client, tablet = inside(cast), inside(cast)
    path = f"/accounts/second-factor/{store.rows(cast.alice).get().pk}/remove/"
    assert client.get(path).status_code == 200 and store.has(cast.alice)
    assert client.post(path).status_code == 302
    assert not Authenticator.objects.exists()
    assert told()[-2:] == [["totp", None], ["recovery_codes", None]]
    assert is_in(client) and not is_in(tablet)
    assert is_in_after_password()


def is_in_after_password() -> bool:
    client = Client()
    password(client)
    return is_in(client)


def test_nobody_removes_or_sees_somebody_elses(cast: Cast, phone: Phone) -> None:
    client = inside(cast, "bob")
    path = f"/accounts/second-factor/{store.rows(cast.alice).get().pk}/remove/"
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert client.get(CODES).status_code == 404
    assert store.has(cast.alice)


def test_new_recovery_codes_make_the_old_ones_worthless(cast: Cast, phone: Phone) -> None:
    kept = store.recovery(cast.alice)
    assert kept is not None
    old = kept.get_unused_codes()
    assert inside(cast).post(CODES).status_code == 302
    client = Client()
    password(client)
    assert step(client, old[0]).status_code == 200


def test_an_administrator_removes_them_and_sees_no_secret(cast: Cast, phone: Phone) -> None:
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    tablet, admin = inside(cast), inside(cast, "dora")
    for page in (
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{cast.alice.pk}/change/",
    ):
        text = admin.get(page).content.decode()
        assert "secret" not in text and "/admin/mfa/" not in text and "/admin/account/" not in text
    assert admin.get("/admin/mfa/authenticator/").status_code == 404
    chosen = {"action": "remove_factors", "_selected_action": [cast.alice.pk]}
    assert admin.post("/admin/accounts/user/", chosen).status_code == 302
    assert not Authenticator.objects.exists() and not is_in(tablet)
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert entry is not None and entry.actor == "dora"
    assert told()[-2:] == [["totp", None], ["recovery_codes", None]]


def test_the_command_does_it_when_nobody_can_sign_in(cast: Cast, phone: Phone) -> None:
    out = io.StringIO()
    call_command("remove_second_factor", "alice", stdout=out)
    assert "1" in out.getvalue() and not Authenticator.objects.exists()
    with pytest.raises(CommandError):
        call_command("remove_second_factor", "nobody")


def test_a_removed_account_leaves_its_factors_in_the_trail(cast: Cast, phone: Phone) -> None:
    cast.alice.delete()
    assert ["totp", None] in told()


def test_the_office_must_set_one_up_before_anything_else(
    cast: Cast, clock: Clock, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "office"
    client = Client()
    assert password(client, next="/planner/")["Location"] == "/accounts/second-factor/"
    for closed in ("/planner/", "/work/", "/accounts/", "/admin/", "/field/"):
        page = client.get(closed, HTTP_ACCEPT="text/html", follow=True)
        assert page.redirect_chain[-1][0] == "/accounts/second-factor/", closed
    assert client.get("/planner/").status_code == 401
    give_app(cast.alice)
    again = Client()
    assert password(again)["Location"] == "/accounts/login/second-step/"
    inspector = Client()
    password(inspector, "bob")
    assert is_in(inspector)


def test_the_office_sets_up_from_where_it_landed(
    cast: Cast, clock: Clock, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "office"
    client = inside(cast)
    page = client.get(APP).content.decode()
    secret = re.sub(r"\s", "", re.findall(r'class="secret">([^<]+)', page)[0])
    assert client.post(APP, {"code": Phone(secret).code()})["Location"] == CODES
    assert client.get("/planner/").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "127.0.0.1"])
def test_a_bare_address_says_why_it_has_no_passkeys(cast: Cast, host: str) -> None:
    client = Client(headers={"Host": host})
    assert "通行密钥绑定域名" in client.get("/accounts/login/").content.decode()
    assert (
        "通行密钥绑定域名"
        not in Client(headers={"Host": "localhost"}).get("/accounts/login/").content.decode()
    )


def test_a_name_without_https_says_so_too(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["works.example.cn"]
    page = Client(headers={"Host": "works.example.cn"}).get("/accounts/login/")
    assert "只能在 HTTPS 下使用" in page.content.decode()
    safe = Client(headers={"Host": "works.example.cn"}).get("/accounts/login/", secure=True)
    assert "只能在 HTTPS 下使用" not in safe.content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_signup", "mfa_index", "account_email"])
def test_none_of_allauths_pages_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_pages_hold_nothing_inline(cast: Cast, phone: Phone) -> None:
    client = inside(cast)
    for path in ("/accounts/", "/accounts/second-factor/", CONFIRM, CODES, "/accounts/login/"):
        page = client.get(path, HTTP_ACCEPT="text/html")
        assert page.status_code == 200
        assert not re.search(r"<style|<script>| style=| on[a-z]+=", page.content.decode())
        assert "no-store" in page.get("Cache-Control", "")
