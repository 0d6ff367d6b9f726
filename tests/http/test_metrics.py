"""Metrics are for Prometheus on a private address, and nowhere on the site itself."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from gis_projects import env

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django
django.setup()
import urllib.request
from django.test import Client
Client().get("/problems/not-found/")
print(urllib.request.urlopen("http://127.0.0.1:{port}/metrics", timeout=20).read().decode())
"""


def test_they_are_served_beside_the_site(db: None) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(port=port)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
            "METRICS_ADDRESS": f"127.0.0.1:{port}",
            "DEBUG": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "django_http_requests_total_by_method_total" in done.stdout


def test_they_are_not_on_the_site(db: None, client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "word", ["0.0.0.0:9464", "8.8.8.8:9464", "metrics:9464", "127.0.0.1", "[::]:1"]
)
def test_an_address_that_others_reach_is_refused(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("METRICS_ADDRESS", word)
    with pytest.raises(ImproperlyConfigured, match="METRICS_ADDRESS"):
        env.private_address("METRICS_ADDRESS")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:9", ("::1", 9)),
        ("10.0.0.5:1", ("10.0.0.5", 1)),
        ("", None),
    ],
)
def test_a_private_address_is_taken(
    monkeypatch: pytest.MonkeyPatch, word: str, expected: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("METRICS_ADDRESS", word)
    assert env.private_address("METRICS_ADDRESS") == expected
