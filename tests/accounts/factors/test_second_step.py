"""The password alone opens nothing for whoever has a second factor, by no door and in no order."""

import json

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from pytest_django import Settings

from accounts.factors import pending, store
from accounts.models import AuditEntry, LoginFailure, User
from tests.accounts.factors.conftest import (
    LOGIN,
    STEP,
    Clock,
    Phone,
    is_in,
    password,
    recovery_code,
    step,
)
from tests.conftest import Cast


def test_the_password_alone_signs_nobody_in(phone: Phone) -> None:
    told: list[object] = []
    user_logged_in.connect(told.append, weak=False, dispatch_uid="test")
    client = Client()
    answer = password(client)
    user_logged_in.disconnect(dispatch_uid="test")
    assert answer["Location"] == STEP and not told
    assert SESSION_KEY not in client.session and not is_in(client)
    assert client.get(STEP).status_code == 200


def test_the_right_code_does_and_leads_where_one_wanted_to_go(phone: Phone) -> None:
    client = Client()
    password(client, next="/planner/import/")
    assert step(client, phone.code())["Location"] == "/planner/import/"
    assert is_in(client) and pending.KEY not in client.session
    told = AuditEntry.objects.order_by("-sequence").first()
    assert told is not None and told.action == "logged_in"
    assert json.loads(told.changes) == {"second_factor": [None, "totp"]}


def test_another_host_is_no_place_to_go(phone: Phone) -> None:
    client = Client()
    password(client, next="https://example.org/")
    assert step(client, phone.code())["Location"] == "/work/"


def test_a_half_finished_sign_in_opens_no_page(phone: Phone, cast: Cast) -> None:
    cast.alice.is_staff = cast.alice.is_superuser = True
    cast.alice.save()
    client = Client()
    password(client)
    for path in ("/admin/", "/admin/login/", "/planner/", "/field/", "/work/", "/accounts/"):
        page = client.get(path, HTTP_ACCEPT="text/html", follow=True)
        assert page.redirect_chain[-1][0].startswith(LOGIN), path
    for path in ("/accounts/confirm/", "/accounts/second-factor/app/", "/accounts/password/"):
        assert client.post(path, {"password": "alice-password"}).status_code == 401
    sent = {"username": "alice", "password": "alice-password"}
    assert client.post("/admin/login/", sent).status_code == 302
    assert SESSION_KEY not in client.session


def test_the_second_step_needs_the_first(phone: Phone) -> None:
    client = Client()
    assert step(client, phone.code())["Location"] == LOGIN
    assert not is_in(client)


def test_both_steps_begin_a_session_of_their_own(phone: Phone) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    keys = [session.session_key]
    client.cookies["sessionid"] = session.session_key  # type: ignore[assignment]
    password(client)
    keys.append(client.cookies["sessionid"].value)
    assert "planted" not in client.session
    step(client, phone.code())
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3 and is_in(client)
    for key in keys[:2]:
        thief = Client()
        thief.cookies["sessionid"] = key  # type: ignore[assignment]
        assert not is_in(thief) and thief.get(STEP).status_code == 302


def test_somebody_elses_session_ends_where_a_sign_in_begins(phone: Phone, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bob)
    password(client)
    assert not is_in(client)


def test_a_code_is_good_for_once(phone: Phone, clock: Clock) -> None:
    used = phone.code()
    first, second = Client(), Client()
    password(first)
    step(first, used)
    password(second)
    assert step(second, used).status_code == 200 and not is_in(second)
    assert step(second, phone.code(-1)).status_code == 200, "an older one is no better"
    clock.wait(30)
    assert step(second, used).status_code == 200
    assert step(second, phone.code()).status_code == 302


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (0, 302), (1, 302), (2, 200)])
def test_the_clock_may_be_wrong_by_one_step(
    phone: Phone, clock: Clock, steps: int, status: int
) -> None:
    clock.wait(120)
    client = Client()
    password(client)
    assert step(client, phone.code(steps)).status_code == status


def test_a_recovery_code_is_good_for_once(phone: Phone, cast: Cast) -> None:
    code = recovery_code(cast.alice)
    client = Client()
    password(client)
    assert step(client, f"{code[:4]} {code[4:]}").status_code == 302
    assert "还剩 9 个" in client.get("/accounts/").content.decode()
    again = Client()
    password(again)
    assert step(again, code).status_code == 200 and not is_in(again)


def test_the_second_step_ends_after_five_minutes(phone: Phone, clock: Clock) -> None:
    client = Client()
    password(client)
    clock.wait(pending.LIMIT_S)
    assert step(client, phone.code())["Location"] == LOGIN
    assert not is_in(client)


@pytest.mark.parametrize("change", ["disabled", "password", "signed out", "factor removed"])
def test_what_happens_in_between_ends_it(phone: Phone, cast: Cast, change: str) -> None:
    client = Client()
    password(client)
    if change == "disabled":
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    elif change == "password":
        cast.alice.set_password("another-one-2026")
        cast.alice.save()
    elif change == "signed out":
        cast.alice.end_sessions()
    else:
        store.rows(cast.alice).delete()
    assert step(client, phone.code())["Location"] == LOGIN
    assert not is_in(client) and pending.KEY not in client.session


def test_a_temporary_password_still_opens_only_its_page(phone: Phone, cast: Cast) -> None:
    cast.alice.must_change_password = True
    cast.alice.save()
    client = Client()
    password(client, next="/planner/")
    assert step(client, phone.code())["Location"] == "/accounts/password/"
    assert client.get("/planner/").status_code == 401


def test_codes_kept_under_another_key_are_refused_with_a_reason(
    phone: Phone, settings: Settings
) -> None:
    settings.SECRET_KEY = "another-one"
    client = Client()
    password(client)
    page = step(client, "123456")
    assert page.status_code == 200 and "站点密钥已更换" in page.content.decode()
    assert not LoginFailure.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        LOGIN,
        STEP,
        "/accounts/login/challenge/",
        "/accounts/login/passkey/",
        "/accounts/confirm/",
        "/accounts/second-factor/app/",
        "/accounts/second-factor/passkey/",
        "/accounts/second-factor/recovery-codes/",
        "/accounts/second-factor/1/remove/",
    ],
)
def test_every_post_needs_the_token(cast: Cast, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert client.post(path, {"code": "1"}).status_code == 403


def test_no_secret_is_stored_in_clear(phone: Phone, cast: Cast) -> None:
    kept = json.dumps([row.data for row in store.rows(cast.alice)])
    assert phone.secret not in kept
