"""Guessing is stopped for one account at a time, at every door."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts import audit_guards, lockout
from accounts.models import AuditEntry, LoginFailure, User
from gis_projects.http.problems import AccountLocked
from tests.conftest import Cast

LOGIN = "/accounts/login/"
BROWSER = {"HTTP_ACCEPT": "text/html"}


def sign_in(username: str, password: str, client: Client | None = None) -> HttpResponse:
    fields = {"username": username, "password": password}
    return (client or Client()).post(LOGIN, fields, **BROWSER)  # type: ignore[return-value]


def guess(username: str, times: int) -> list[int]:
    return [sign_in(username, f"wrong-{number}").status_code for number in range(times)]


def test_twenty_wrong_passwords_lock_that_account_alone(cast: Cast) -> None:
    assert guess("alice", 20) == [200] * 10 + [429] * 10
    assert sign_in("alice", "alice-password").status_code == 429
    for other in ("bob", "charlie", "dora"):
        assert sign_in(other, f"{other}-password").status_code == 302


def test_two_hundred_log_ins_from_one_address_succeed(cast: Cast) -> None:
    answers = {sign_in(name, f"{name}-password").status_code for name in ("alice", "bob") * 100}
    assert answers == {302}


def test_the_locked_answer_says_so_in_chinese_with_retry_after(cast: Cast) -> None:
    guess("alice", 10)
    page = sign_in("alice", "alice-password")
    assert 14 * 60 < int(page["Retry-After"]) <= 15 * 60
    assert "密码错误次数过多，账号已锁定。请在 15 分钟后重试" in page.content.decode()
    problem = Client().post(LOGIN, {"username": "alice", "password": "x"})
    assert problem["Content-Type"] == "application/problem+json"
    body = problem.json()
    assert (body["type"], body["status"]) == ("/problems/account-locked", 429)
    assert body["retry_after"] == int(problem["Retry-After"])


def test_an_unknown_name_is_answered_and_locked_like_a_real_one(cast: Cast) -> None:
    def without_name(response: HttpResponse, name: str) -> str:
        import re

        text = response.content.decode().replace(name, "NAME")
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)

    real, unknown = sign_in("alice", "wrong"), sign_in("nobody", "wrong")
    assert without_name(real, "alice") == without_name(unknown, "nobody")
    assert guess("alice", 11) == guess("nobody", 11) == [200] * 9 + [429] * 2


@pytest.mark.parametrize("name", ["alice", "nobody", "gone"])
def test_the_hasher_runs_once_for_every_name(cast: Cast, name: str) -> None:
    User.objects.create_user("gone", password="gone-password", is_active=False)
    from django.contrib.auth.hashers import get_hasher

    kind = type(get_hasher())
    with mock.patch.object(kind, "encode", autospec=True, side_effect=kind.encode) as encode:
        assert authenticate(username=name, password="wrong") is None
    assert encode.call_count == 1


def test_success_forgets_the_wrong_ones(cast: Cast) -> None:
    assert guess("alice", 9) == [200] * 9
    assert sign_in("alice", "alice-password").status_code == 302
    assert guess("alice", 9) == [200] * 9


def test_the_lock_ends_by_itself_and_old_guesses_do_not_count(cast: Cast) -> None:
    guess("alice", 10)
    LoginFailure.objects.update(at=timezone.now() - dt.timedelta(minutes=15, seconds=1))
    assert sign_in("alice", "alice-password").status_code == 302
    now = timezone.now()
    for number in range(10):
        lockout.failed("bob")
        LoginFailure.objects.filter(at__gte=now).update(
            at=now - dt.timedelta(minutes=2 * (number + 1))
        )
        now -= dt.timedelta(minutes=2)
    assert lockout.locked_until("bob") is None


def test_old_failures_are_swept_by_the_next_one(cast: Cast) -> None:
    lockout.failed("somebody")
    LoginFailure.objects.update(at=timezone.now() - dt.timedelta(minutes=31))
    lockout.failed("else")
    assert LoginFailure.objects.count() == 1


def test_what_was_typed_as_a_name_is_not_kept(cast: Cast) -> None:
    sign_in("my-password-in-the-wrong-field", "x")
    row = LoginFailure.objects.get()
    assert "password" not in row.key and len(row.key) == 64


def test_every_door_is_behind_the_lock(cast: Cast) -> None:
    guess("alice", 10)
    with pytest.raises(AccountLocked):
        authenticate(username="alice", password="alice-password")
    door = Client().get("/admin/login/?next=/admin/accounts/user/", **BROWSER)
    assert door["Location"] == "/accounts/login/?next=/admin/accounts/user/"
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGIN)
    elsewhere = Client().get("/admin/login/?next=https://example.org/")
    assert elsewhere["Location"] == "/accounts/login/?next=/admin/"
    posted = Client().post("/admin/login/", {"username": "dora", "password": "dora-password"})
    assert posted.status_code == 302 and "sessionid" not in posted.cookies


async def _locked_for_async_code() -> None:
    with pytest.raises(AccountLocked):
        await aauthenticate(username="alice", password="alice-password")


def test_asynchronous_code_meets_the_same_lock(cast: Cast) -> None:
    from asgiref.sync import async_to_sync

    guess("alice", 10)
    async_to_sync(_locked_for_async_code)()


def test_the_old_password_cannot_be_guessed_in_a_stolen_session(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    fields = {"new_password1": "a-quite-new-one-7", "new_password2": "a-quite-new-one-7"}
    answers = [
        client.post("/accounts/password/", {"old_password": f"no-{n}", **fields}).status_code
        for n in range(12)
    ]
    assert answers == [200] * 10 + [429] * 2


def test_an_administrator_unlocks(cast: Cast, client: Client) -> None:
    guess("alice", 10)
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    client.force_login(cast.dora)
    listing = client.get("/admin/accounts/user/").content.decode()
    assert listing.count("icon-yes") > client.get(
        "/admin/accounts/user/?q=bob"
    ).content.decode().count("icon-yes")
    chosen = {"action": "unlock", "_selected_action": [cast.alice.pk]}
    assert client.post("/admin/accounts/user/", chosen).status_code == 302
    told = AuditEntry.objects.order_by("-sequence").first()
    assert told is not None
    assert (told.actor, told.subject) == ("dora", str(cast.alice.pk)) and "locked" in told.changes
    assert sign_in("alice", "alice-password").status_code == 302


def test_a_name_with_nul_is_just_wrong(cast: Cast) -> None:
    assert authenticate(username="ali\x00ce", password="x") is None


@pytest.fixture
def _guards_off_afterwards(transactional_db: None) -> Iterator[None]:
    """The test's database is emptied after the test, which the audit trail's guards would refuse."""
    yield
    audit_guards.remove()


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_guesses_at_the_same_time_are_counted_together() -> None:
    """Each thread has a connection of its own, as each worker has; none of them counts for itself."""
    threads, each = 4, 8
    User.objects.create_user("alice", password="alice-password")
    begin = threading.Barrier(threads)

    def many(number: int) -> list[int]:
        begin.wait()
        try:
            return guess("alice", each)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        answers = [status for found in pool.map(many, range(threads)) for status in found]
    assert set(answers) == {200, 429}
    # Those that were being checked while the tenth was written are answered too, one for each other thread.
    assert 10 <= answers.count(200) <= 10 + threads - 1
    assert sign_in("alice", "alice-password").status_code == 429
