"""A passkey opens what the account may open, and nothing that is none does."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from pytest_django import Settings

from accounts import demonstration, lockout
from accounts.factors import passkeys, store
from accounts.models import User
from tests.accounts.factors.conftest import (
    Phone,
    is_in,
)
from tests.conftest import Cast


@pytest.mark.parametrize(
    "answer",
    [
        *("", "[]", "{}", "null", "[" * 9_000, '{"response": "x"}', '{"id": "a", "rawId": "a"}'),
        '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30"}}',
    ],
)
def test_what_is_no_passkey_is_refused(phone: Phone, answer: str) -> None:
    client = Client(headers={"Host": "localhost"})
    assert client.post("/accounts/login/challenge/").status_code == 200
    got = client.post("/accounts/login/passkey/", {"credential": answer, "next": "/planner/"})
    assert got["Location"] == "/accounts/login/?next=%2Fplanner%2F"
    assert (
        SESSION_KEY not in client.session and passkeys.auth.STATE_SESSION_KEY not in client.session
    )


@pytest.mark.parametrize(
    ("change", "status"), [("none", 302), ("locked", 429), ("disabled", 302), ("printed", 302)]
)
def test_a_right_passkey_opens_no_closed_account(
    phone: Phone,
    cast: Cast,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    status: int,
) -> None:
    """The signature itself is made by a real browser, in tests/browser/test_second_factor.py."""
    row = store.rows(cast.alice).get()
    monkeypatch.setattr(passkeys, "check", lambda user, answer: row)
    if change == "locked":
        for _ in range(10):
            lockout.failed("alice")
    elif change == "disabled":
        User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    elif change == "printed":
        settings.REACHABLE_FROM_ELSEWHERE = True
        cast.alice.username = "planner"
        cast.alice.set_password(demonstration.PASSWORD)
        cast.alice.save()
    client = Client()
    answer = client.post("/accounts/login/passkey/", {"credential": "{}"})
    assert answer.status_code == status
    assert is_in(client) == (change == "none")
