"""What is kept by caches, and what the log says of refusals."""

import logging

import pytest
from django.test import Client

from tests.conftest import Cast


def test_what_was_made_for_staff_is_stored_nowhere(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    for path in ("/planner/", "/field/plain/", "/accounts/", "/", "/layers/sites/items.geojson"):
        assert client.get(path)["Cache-Control"] in {
            "private, no-store",
            "max-age=0, no-cache, no-store, must-revalidate, private",
        }, path


def test_the_public_may_keep_what_is_public(cast: Cast, client: Client) -> None:
    assert "no-store" not in client.get("/layers/sites/items.geojson")["Cache-Control"]
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


def test_a_refusal_is_in_the_log_without_a_name(
    cast: Cast, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(cast.bob)
    with caplog.at_level(logging.INFO, "gis_projects.refusals"):
        answer = client.get("/planner/import/")
    assert answer.status_code == 403
    (record,) = [one for one in caplog.records if one.name == "gis_projects.refusals"]
    assert record.levelno == logging.WARNING
    assert record.__dict__["fields"] == {
        "refusal": "not-allowed",
        "route": "planner-import",
        "account": cast.bob.pk,
        "request_id": answer["X-Request-ID"],
    }
    assert "bob" not in record.getMessage() + str(record.__dict__["fields"])


def test_a_form_without_its_token_is_a_refusal_in_our_words(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.INFO, "gis_projects.refusals"):
        page = strict.post("/accounts/login/", {"username": "bob"}, HTTP_ACCEPT="text/html")
    assert page.status_code == 403
    assert "表单已过期" in page.content.decode()
    told = [one for one in caplog.records if one.name == "gis_projects.refusals"]
    assert [one.__dict__["fields"]["refusal"] for one in told] == ["not-allowed"]
