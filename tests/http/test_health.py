"""The two addresses of the watch: alive, and able to work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


@pytest.fixture
def client() -> Client:
    """As a probe asks: no Accept, no cookie."""
    return Client()


@contextmanager
def broken_database() -> Iterator[None]:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("could not connect to server at 10.0.0.7")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", refuse)
        yield


def test_alive_without_asking_the_database(client: Client) -> None:
    """No db fixture: pytest-django refuses every query."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_ready(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready")
    assert not answer.cookies


def test_neither_takes_anything(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_database_that_does_not_answer_is_named_and_no_more(
    client: Client, db: None, accept: str
) -> None:
    with broken_database():
        answer = client.get("/readyz", headers={"Accept": accept})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "/problems/not-ready"
    assert body["failing"] == ["database", "migrations"]
    assert b"10.0.0.7" not in answer.content


def test_without_a_database_people_still_get_words_and_a_number(client: Client, db: None) -> None:
    client.raise_request_exception = False
    with broken_database():
        answer = client.get("/targets/", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    said = answer.content.decode()
    assert said.splitlines()[1] == answer["X-Request-ID"]
    assert "10.0.0.7" not in said
    assert "Traceback" not in said


def test_a_pending_migration_is_not_ready(client: Client, db: None) -> None:
    MigrationRecorder(connection).record_unapplied("projects", "0002_installation")
    assert client.get("/readyz").json()["failing"] == ["migrations"]
    with pytest.raises(CommandError, match="migrations"):
        call_command("check_ready")


def test_a_media_folder_that_cannot_be_written_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis_projects.http.readiness.os.access", lambda *_: False)
    assert client.get("/readyz").json()["failing"] == ["media"]


def test_a_full_disk_is_not_ready(client: Client, db: None, settings: Any) -> None:
    settings.MEDIA_MIN_FREE_BYTES = 2**62
    assert client.get("/readyz").json()["failing"] == ["disk"]


def test_operators_are_told_the_reasons(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_ready")
    assert capsys.readouterr().out.count("ok ") == 4
    with broken_database(), pytest.raises(CommandError, match="database, migrations"):
        call_command("check_ready")
    assert "10.0.0.7" in capsys.readouterr().out


def test_asking_makes_no_media_folder(client: Client, db: None, settings: Any) -> None:
    client.get("/readyz")
    assert not Path(settings.MEDIA_ROOT).exists()


def test_behind_https_the_probe_is_not_sent_elsewhere(
    client: Client, db: None, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 200
    assert Client().get("/targets/").status_code == 301
