"""Too many log-ins, searches or exports in a minute: 429 with Retry-After, and nobody else notices."""

from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from gis_projects.http import ratelimit
from gis_projects.http.problems import TooManyRequests
from tests.accounts.test_lockout import sign_in
from tests.conftest import Cast
from tests.factories import make_city, make_programme

SITES = "/layers/sites/items.geojson"


@pytest.fixture(autouse=True)
def _in_the_middle_of_a_window(settings: Settings) -> Any:
    settings.RATE_LIMITS = {"login": (3, 60), "search": (3, 60), "export": (2, 60)}
    with mock.patch.object(ratelimit.time, "time", return_value=1_200_000_010.0):
        yield


@pytest.fixture
def city(db: None) -> None:
    make_city()
    make_programme()


@pytest.mark.usefixtures("city")
def test_searching_too_often_is_answered_with_429(client: Client) -> None:
    answers = [client.get(SITES, {"q": "矿山"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Retry-After"] == "50"
    assert refused["Cache-Control"] == "no-store"
    body = refused.json()
    assert (body["type"], body["status"], body["retry_after"]) == (
        "/problems/too-many-requests",
        429,
        50,
    )
    assert "50" in body["detail"]


@pytest.mark.usefixtures("city")
def test_what_is_no_search_is_not_counted(client: Client) -> None:
    for path in (SITES, f"{SITES}?q=", f"{SITES}?q=%20", "/"):
        assert {client.get(path).status_code for _ in range(5)} == {200}


@pytest.mark.usefixtures("city")
def test_a_list_says_it_as_a_page_under_the_same_policy(client: Client) -> None:
    path = "/targets/?q=x"
    page = [client.get(path, HTTP_ACCEPT="text/html") for _ in range(4)][-1]
    assert page.status_code == 429 and page["Retry-After"] == "50"
    assert "<h1>" in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]


@pytest.mark.usefixtures("city")
def test_addresses_are_counted_apart() -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        answers = [Client(REMOTE_ADDR=address).get(SITES, {"q": "x"}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]


@pytest.mark.usefixtures("city")
def test_the_next_window_begins_anew(client: Client) -> None:
    assert [client.get(SITES, {"q": "x"}).status_code for _ in range(4)][-1] == 429
    with mock.patch.object(ratelimit.time, "time", return_value=1_200_000_060.0):
        assert client.get(SITES, {"q": "x"}).status_code == 200


def test_log_ins_are_limited_for_each_address(cast: Cast) -> None:
    answers = [sign_in("alice", "alice-password").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    elsewhere = Client(REMOTE_ADDR="10.0.0.3")
    assert sign_in("alice", "alice-password", elsewhere).status_code == 302


class TestDecorator:
    """What an export is decorated with."""

    @staticmethod
    def ask(user: Any, address: str = "10.0.0.9", **extra: str) -> int:
        @ratelimit.limited("export")
        def export(request: HttpRequest, name: str) -> HttpResponse:
            return HttpResponse(name)

        request = RequestFactory().get("/", REMOTE_ADDR=address, **extra)
        request.user = user
        try:
            return export(request, "sites.zip").status_code
        except TooManyRequests as problem:
            return problem.status

    def test_accounts_behind_one_address_are_counted_apart(self, cast: Cast) -> None:
        for user in (cast.alice, cast.bob):
            assert [self.ask(user) for _ in range(3)] == [200, 200, 429]
        assert self.ask(cast.alice, "10.0.0.10") == 429, "an account is the same everywhere"

    def test_an_ipv6_network_is_one_visitor(self) -> None:
        public = AnonymousUser()
        answers = [self.ask(public, f"2001:db8::{n}") for n in range(1, 4)]
        assert answers == [200, 200, 429]
        assert self.ask(public, "2001:db8:0:1::1") == 200

    def test_a_forged_header_is_another_address_only_behind_our_proxy(
        self, settings: Settings
    ) -> None:
        public = AnonymousUser()
        answers = [self.ask(public, HTTP_X_FORWARDED_FOR=f"1.1.1.{n}") for n in range(3)]
        assert answers == [200, 200, 429]
        settings.BEHIND_HTTPS = True
        assert self.ask(public, HTTP_X_FORWARDED_FOR="9.9.9.9, 1.1.1.7") == 200
        seen = [self.ask(public, HTTP_X_FORWARDED_FOR=f"9.9.9.{n}, 1.1.1.7") for n in range(2)]
        assert seen == [200, 429]


def test_a_counter_that_the_cache_dropped_begins_anew(db: None) -> None:
    with mock.patch.object(ratelimit.cache, "add"):
        assert ratelimit._count("gone", 60) == 1
