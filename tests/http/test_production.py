"""The configuration of a server: no warning of Django's own, headers, and errors that tell nothing."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from gis_projects import env, urls
from gis_projects.http.logs import JsonFormatter

ROOT = Path(__file__).resolve().parents[2]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the password is swordfish")


urlpatterns = [*urls.urlpatterns, path("broken/", broken, name="broken")]
handler500 = urls.handler500


def manage(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # The suite allows what a server does not: Playwright runs a loop in the thread of the tests.
    dropped = {"DEBUG", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    clean = {k: v for k, v in os.environ.items() if k not in dropped}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **clean,
            "VAR_DIR": str(tmp_path),
            "SECRET_KEY": "k9-Vt_q7" * 10,
            "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


PRODUCTION = {
    "BEHIND_HTTPS": "1",
    "ALLOWED_HOSTS": "works.example.gov.cn",
    "CSRF_TRUSTED_ORIGINS": "https://works.example.gov.cn",
}


def test_django_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    """Silenced is one warning alone, which settings.py gives the reason for."""
    assert manage(tmp_path, "manage.py", "migrate", "-v0").returncode == 0
    done = manage(
        tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(1 silenced)" in done.stdout + done.stderr
    assert "WARNINGS" not in done.stdout + done.stderr


def test_cookies_are_bound_to_this_host_and_closed_to_scripts(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        "-c",
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from accounts.models import User; User.objects.create_user('a', password='a-long-word-7')\n"
        "from django.test import Client\n"
        "client = Client(headers={'Host': 'works.example.gov.cn', 'X-Forwarded-Proto': 'https'})\n"
        "client.get('/accounts/login/')\n"
        "client.post('/accounts/login/', {'username': 'a', 'password': 'a-long-word-7'})\n"
        "client.post('/i18n/setlang/', {'language': 'en'})\n"
        "print(client.cookies.output(header=''))",
        **PRODUCTION,
    )
    assert done.returncode == 0, done.stderr
    cookies = [line.strip() for line in done.stdout.splitlines() if "=" in line]
    assert sorted(line.split("=")[0] for line in cookies) == [
        "__Host-csrftoken",
        "__Host-language",
        "__Host-sessionid",
    ]
    for line in cookies:
        parts = {part.strip() for part in line.split(";")}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts, line
        assert not any(part.startswith("Domain") for part in parts)


def test_camera_position_and_passkeys_are_the_sites_own_and_the_rest_is_off(db: None) -> None:
    policy = Client().get("/healthz")["Permissions-Policy"]
    assert "camera=(self)" in policy
    assert "geolocation=(self)" in policy
    assert "publickey-credentials-get=(self)" in policy
    assert "screen-wake-lock=(self)" in policy
    assert "microphone=()" in policy
    others = set(policy.split(", ")) - {
        "camera=(self)",
        "geolocation=(self)",
        "publickey-credentials-get=(self)",
        "screen-wake-lock=(self)",
    }
    assert all(feature.endswith("=()") for feature in others)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@override_settings(ROOT_URLCONF="tests.http.test_production", DEBUG=False)
def test_a_failure_tells_its_number_and_nothing_else(
    db: None, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/broken/", headers={"Accept": accept})
    said = answer.content.decode()
    number = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert "swordfish" not in said
    assert "Traceback" not in said
    assert "test_production" not in said
    assert number in said
    logged = [record for record in caplog.records if number in record.getMessage()]
    assert "swordfish" in str(logged[0].exc_info)


def test_each_request_is_one_line_of_json(tmp_path: Path) -> None:
    assert manage(tmp_path, "manage.py", "migrate", "-v0").returncode == 0
    done = manage(
        tmp_path,
        "-c",
        "import django; django.setup()\n"
        "from django.conf import settings; settings.ROOT_URLCONF = 'tests.http.test_production'\n"
        "from django.test import Client\n"
        "client = Client(raise_request_exception=False, headers={'Host': '127.0.0.1'})\n"
        "import sys\n"
        "for address in ('/healthz', '/nowhere/?q=secret', '/broken/?q=secret'):\n"
        "    print('number', client.get(address)['X-Request-ID'], file=sys.stderr)\n",
        LOG_FORMAT="json",
    )
    assert done.returncode == 0, done.stderr
    numbers = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("number")]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    requests = [line for line in lines if line["logger"] == "gis_projects.request"]
    told = [
        (line["method"], line["route"], line["status"], line["request_id"]) for line in requests
    ]
    assert told == [
        ("GET", "healthz", 200, numbers[0]),
        ("GET", None, 404, numbers[1]),
        ("GET", "broken", 500, numbers[2]),
    ]
    assert all(0 <= line["ms"] < 60_000 for line in requests)
    assert all("secret" not in json.dumps(line.get("message")) for line in lines)
    failed = next(line for line in lines if "exception" in line)
    assert failed["request_id"] == numbers[2]
    assert "swordfish" in failed["exception"]


def test_plain_logs_are_the_default(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        "-c",
        "import django; django.setup()\nimport logging; logging.getLogger('x').warning('hello')",
    )
    assert done.stderr.endswith("WARNING x hello\n")
    assert done.stdout == ""


def test_another_format_of_logs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT='xml'"):
        env.choice("LOG_FORMAT", ("plain", "json"))


def test_a_line_stays_one_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "two\nlines %s", ("齐齐哈尔",), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines 齐齐哈尔"
