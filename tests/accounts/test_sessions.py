"""How sessions begin and end, and what a temporary password is good for."""

import re
import time

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import BEGAN, SEEN
from tests.conftest import Cast

HOUR, DAY = 3600, 86_400
NEW = "a-quite-new-one-7"


def sign_in(name: str, password: str | None = None) -> Client:
    client = Client()
    fields = {"username": name, "password": password or f"{name}-password"}
    response = client.post("/accounts/login/", fields)
    assert response.status_code == 302, response.content.decode()
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/", HTTP_ACCEPT="text/html").status_code == 200


def age(client: Client, *, began: int = 0, seen: int = 0) -> None:
    """Move the clocks of a session back by so many seconds."""
    session = client.session
    session[BEGAN] -= began
    session[SEEN] -= seen
    session.save()


def change_password(client: Client, old: str, new: str = NEW) -> int:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", fields).status_code


def test_the_key_is_another_one_after_signing_in(cast: Cast) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies["sessionid"] = session.session_key  # type: ignore[assignment]
    client.post("/accounts/login/", {"username": "alice", "password": "alice-password"})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted  # type: ignore[assignment]
    assert is_in(client) and not is_in(thief)


def test_an_inspector_may_be_away_for_weeks(cast: Cast) -> None:
    client = sign_in("bob")
    age(client, began=29 * DAY, seen=29 * DAY)
    assert is_in(client)
    age(client, began=29 * DAY, seen=29 * DAY)
    assert is_in(client), "the first visit began another thirty days"
    age(client, seen=30 * DAY)
    assert not is_in(client)


def test_an_inspectors_session_ends_after_half_a_year_of_use(cast: Cast) -> None:
    client = sign_in("bob")
    age(client, began=180 * DAY)
    assert not is_in(client)


@pytest.mark.parametrize("name", ["alice", "dora"])
def test_the_office_signs_in_every_day(cast: Cast, name: str) -> None:
    client = sign_in(name)
    age(client, began=11 * HOUR, seen=HOUR)
    assert is_in(client)
    age(client, began=HOUR)
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_the_cookie_lives_as_long_as_the_session(cast: Cast) -> None:
    for name, seconds in (("bob", 30 * DAY), ("alice", 12 * HOUR)):
        assert abs(int(sign_in(name).cookies["sessionid"]["max-age"]) - seconds) < 60


def test_reading_within_minutes_writes_no_session(cast: Cast) -> None:
    client = sign_in("alice")
    before = client.session[SEEN]
    assert "sessionid" not in client.get("/accounts/").cookies
    assert client.session[SEEN] == before <= int(time.time())


def test_an_inspector_who_becomes_a_planner_gets_a_planners_session(cast: Cast) -> None:
    client = sign_in("bob")
    age(client, began=2 * DAY)
    assert is_in(client)
    cast.bob.role = "planner"
    cast.bob.save()
    assert not is_in(client)


def test_signing_out_everywhere(cast: Cast) -> None:
    here, tablet, other = sign_in("bob"), sign_in("bob"), sign_in("alice")
    assert here.get("/accounts/sign-out-everywhere/").status_code == 405
    assert here.post("/accounts/sign-out-everywhere/").status_code == 302
    assert not is_in(here) and not is_in(tablet)
    assert is_in(other)


def test_changing_the_password_ends_the_other_sessions(cast: Cast) -> None:
    here, tablet = sign_in("bob"), sign_in("bob")
    assert change_password(here, "bob-password") == 302
    assert is_in(here) and not is_in(tablet)
    sign_in("bob", NEW)


@pytest.mark.parametrize("bad", ["short-7", "bob-password", "password123", "12345678"])
def test_weak_and_old_passwords_are_refused(cast: Cast, bad: str) -> None:
    client = sign_in("bob")
    assert change_password(client, "bob-password", bad) == 200
    sign_in("bob")


def test_a_disabled_account_is_out_at_once_and_for_good(cast: Cast, client: Client) -> None:
    worker = sign_in("bob")
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert not is_in(worker)
    User.objects.filter(pk=cast.bob.pk).update(is_active=True)
    assert not is_in(worker), "its session was ended, not hidden"


@pytest.fixture
def admin(cast: Cast) -> Client:
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    return sign_in("dora")


def test_disabling_in_the_administration_ends_sessions_that_nobody_uses(
    cast: Cast, admin: Client
) -> None:
    sleeping = sign_in("bob")
    page = admin.get(f"/admin/accounts/user/{cast.bob.pk}/change/")
    form = page.context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value not in (None, False, [])}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "08:00:00"}
    for active in ({}, {"is_active": "on"}):
        sent = {
            k: v for k, v in values.items() if k not in ("is_active", "date_joined", "last_login")
        }
        answer = admin.post(page.request["PATH_INFO"], sent | dates | active)
        assert answer.status_code == 302, answer.context["errors"]
    cast.bob.refresh_from_db()
    assert cast.bob.is_active and not is_in(sleeping)


def test_a_temporary_password_opens_only_the_page_that_changes_it(
    cast: Cast, admin: Client
) -> None:
    old_session = sign_in("bob")
    form = {"password1": "temporary-2026", "password2": "temporary-2026"}
    address = f"/admin/accounts/user/{cast.bob.pk}/password/"
    assert admin.post(address, form).status_code == 302
    assert not is_in(old_session)

    client = Client()
    fields = {"username": "bob", "password": "temporary-2026", "next": "/field/"}
    assert client.post("/accounts/login/", fields)["Location"] == "/accounts/password/"
    for closed in ("/field/", "/planner/", "/work/", "/accounts/", "/admin/"):
        page = client.get(closed, HTTP_ACCEPT="text/html", follow=True)
        assert page.redirect_chain[-1][0] == "/accounts/password/", closed
    assert client.get("/field/").status_code == 401
    assert change_password(client, "temporary-2026", "temporary-2026") == 200
    assert change_password(client, "temporary-2026") == 302
    assert client.get("/field/").status_code == 200


def test_an_account_that_an_administrator_makes_must_choose_its_password(admin: Client) -> None:
    form = {"username": "eva", "password1": NEW, "password2": NEW, "usable_password": "true"}
    assert admin.post("/admin/accounts/user/add/", form).status_code == 302
    assert User.objects.get(username="eva").must_change_password


def test_administrators_change_their_own_password_where_the_old_one_is_asked(
    cast: Cast, admin: Client
) -> None:
    for address in (f"/admin/accounts/user/{cast.dora.pk}/password/", "/admin/password_change/"):
        assert admin.get(address)["Location"] == "/accounts/password/"


def test_an_administrator_signs_others_out(cast: Cast, admin: Client) -> None:
    tablet = sign_in("bob")
    chosen = {"action": "sign_out", "_selected_action": [cast.bob.pk]}
    assert admin.post("/admin/accounts/user/", chosen).status_code == 302
    assert not is_in(tablet) and is_in(admin)


def test_the_public_has_no_account_page(db: None) -> None:
    for path in ("/accounts/", "/accounts/password/"):
        assert Client().get(path).status_code == 401
        page = Client().get(path, HTTP_ACCEPT="text/html")
        assert page["Location"] == f"/accounts/login/?next={path}"
    assert Client().post("/accounts/sign-out-everywhere/").status_code == 401


def test_the_pages_point_at_nothing_that_is_not_there_and_hold_nothing_inline(cast: Cast) -> None:
    client = sign_in("bob")
    for path in ("/accounts/", "/accounts/password/"):
        page = client.get(path, HTTP_ACCEPT="text/html").content.decode()
        described = set(re.findall(r'aria-describedby="([^"]+)"', page))
        assert described <= set(re.findall(r' id="([^"]+)"', page))
        assert not re.search(r"<style|<script>| style=| on[a-z]+=", page)
