"""Wrong codes are counted as wrong passwords are, and what forgets them."""

import json

from django.test import Client

from accounts import lockout
from accounts.models import AuditEntry, LoginFailure
from tests.accounts.factors.conftest import (
    Phone,
    is_in,
    password,
    step,
)
from tests.conftest import Cast


def test_wrong_codes_lock_the_account(phone: Phone) -> None:
    client = Client()
    password(client)
    assert [step(client, "000000x").status_code for _ in range(12)] == [200] * 10 + [429] * 2
    assert step(client, phone.code()).status_code == 429
    assert password(Client()).status_code == 429
    assert not is_in(client)


def test_beginning_again_gives_no_new_guesses(phone: Phone) -> None:
    answers = []
    for _ in range(12):
        client = Client()
        answers.append(password(client).status_code)
        step(client, "000000x")
    assert answers == [302] * 10 + [429] * 2


def test_no_right_password_forgets_wrong_codes(phone: Phone, cast: Cast) -> None:
    client = Client()
    password(client)
    step(client, "000000x")
    inside = Client()
    inside.force_login(cast.alice)
    new = "a-quite-new-one-7"
    fields = {"old_password": "alice-password", "new_password1": new, "new_password2": new}
    inside.post("/accounts/confirm/", {"password": "alice-password"})
    assert inside.post("/accounts/password/", fields).status_code == 302
    assert LoginFailure.objects.count() == 1


def test_the_whole_sign_in_forgets_them(phone: Phone) -> None:
    client = Client()
    password(client)
    step(client, "000000x")
    step(client, phone.code())
    assert not LoginFailure.objects.exists()


def test_a_wrong_code_is_in_the_audit_trail(phone: Phone, cast: Cast) -> None:
    client = Client()
    password(client)
    step(client, "000000x")
    told = AuditEntry.objects.order_by("-sequence").first()
    assert told is not None and told.action == "login_failed"
    assert (told.subject, json.loads(told.changes)) == (
        str(cast.alice.pk),
        {"second_factor": [None, "wrong"]},
    )


def test_a_locked_account_is_locked_at_the_second_step(phone: Phone) -> None:
    client = Client()
    password(client)
    for _ in range(10):
        lockout.failed("alice")
    assert step(client, phone.code()).status_code == 429
