"""A person with an authenticator app, and a clock that stands still."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.factors import codes, store
from accounts.models import User
from tests.conftest import Cast

LOGIN, STEP = "/accounts/login/", "/accounts/login/second-step/"
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Clock:
    """time.time() for the whole process, moved by hand."""

    def __init__(self) -> None:
        self.now = float(int(time.time()) // 30 * 30 + 10)

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(time, "time", found)
    return found


@dataclass
class Phone:
    """The app: knows the secret and computes codes."""

    secret: str

    def code(self, steps: int = 0) -> str:
        step = int(time.time()) // 30 + steps
        return str(auth.format_hotp_value(auth.hotp_value(self.secret, step)))


def give_app(user: User) -> Phone:
    kept = codes.new_secret()
    phone = Phone(decrypt(kept))
    assert codes.add(user, kept, phone.code(-1))
    return phone


@pytest.fixture
def phone(cast: Cast, clock: Clock) -> Phone:
    """alice's."""
    return give_app(cast.alice)


def password(client: Client, name: str = "alice", **fields: str) -> HttpResponse:
    sent = {"username": name, "password": f"{name}-password", **fields}
    return client.post(LOGIN, sent, **HTML)  # type: ignore[return-value]


def step(client: Client, code: str) -> HttpResponse:
    return client.post(STEP, {"code": code}, **HTML)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return client.get("/accounts/", **HTML).status_code == 200


def recovery_code(user: User) -> str:
    kept = store.recovery(user)
    assert kept is not None
    return str(kept.get_unused_codes()[0])
