"""A published password opens nothing where others than this machine can knock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from accounts import demonstration
from accounts.models import User
from projects.demo.accounts import NotADemonstration, create_accounts
from projects.models import City
from tests.accounts.test_lockout import sign_in
from tests.factories import make_city

ROOT = Path(__file__).parents[2]
ERROR = "accounts.E001"


def found() -> list[str]:
    messages = run_checks(tags=[demonstration.TAG], include_deployment_checks=True)
    return [str(message.id) for message in messages]


@pytest.fixture
def accounts(db: None) -> None:
    make_city()
    create_accounts()


@pytest.mark.usefixtures("accounts")
def test_on_this_machine_they_work() -> None:
    assert found() == []
    assert sign_in("admin", demonstration.PASSWORD).status_code == 302


@pytest.mark.usefixtures("accounts")
def test_elsewhere_they_are_an_error_that_names_them(settings: Settings) -> None:
    settings.REACHABLE_FROM_ELSEWHERE = True
    assert found() == [ERROR]
    [error] = demonstration.check_accounts(None)
    assert "admin, inspector, planner" in error.msg
    assert "changepassword" in str(error.hint) and "ALLOWED_HOSTS" in str(error.hint)


@pytest.mark.usefixtures("accounts")
def test_disabled_or_with_another_password_they_are_none(settings: Settings) -> None:
    settings.REACHABLE_FROM_ELSEWHERE = True
    User.objects.exclude(username="admin").update(is_active=False)
    assert found() == [ERROR]
    admin = User.objects.get(username="admin")
    admin.set_password("a-quite-new-one-7")
    admin.save()
    assert found() == []


@pytest.mark.usefixtures("accounts")
def test_elsewhere_the_password_is_refused_whoever_has_it(settings: Settings) -> None:
    settings.REACHABLE_FROM_ELSEWHERE = True
    User.objects.create_user("eva", password=demonstration.PASSWORD)
    for name in ("admin", "eva"):
        assert sign_in(name, demonstration.PASSWORD).status_code == 200


def test_elsewhere_they_are_made_without_a_password(db: None, settings: Settings) -> None:
    settings.REACHABLE_FROM_ELSEWHERE = True
    make_city()
    create_accounts()
    assert found() == []
    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 3


def test_a_real_city_gets_none(db: None) -> None:
    for _ in (City.objects.count(), make_city(is_demonstration=False)):
        with pytest.raises(NotADemonstration):
            create_accounts()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("hosts", "debug", "reachable"),
    [
        ("127.0.0.1,localhost,[::1]", "0", False),
        ("works.example.gov.cn", "0", True),
        ("127.0.0.1,works.example.gov.cn", "0", True),
        ("*", "0", True),
        ("192.168.1.5", "1", False),
    ],
)
def test_who_can_knock(hosts: str, debug: str, reachable: bool) -> None:
    code = "from gis_projects import settings; print(settings.REACHABLE_FROM_ELSEWHERE)"
    done = run(code, ALLOWED_HOSTS=hosts, DEBUG=debug)
    assert done.stdout.strip() == str(reachable), done.stderr


@pytest.mark.slow
def test_the_server_refuses_to_start_and_says_what_to_do(tmp_path: Path) -> None:
    here = {"DATABASE_URL": f"spatialite:///{tmp_path / 'db.sqlite3'}"}
    start = "import gis_projects.wsgi; print('started')"
    elsewhere = here | {"ALLOWED_HOSTS": "works.example.gov.cn"}
    assert "started" in run(start, **elsewhere).stdout, "there are no tables yet, and no accounts"
    prepared = run(
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from accounts.models import User\n"
        "from accounts.demonstration import PASSWORD\n"
        "User.objects.create_user('planner', password=PASSWORD)",
        **here,
    )
    assert prepared.returncode == 0, prepared.stderr
    assert "started" in run(start, **here).stdout
    refused = run(start, **elsewhere)
    assert refused.returncode != 0 and "started" not in refused.stdout
    assert ERROR in refused.stderr and "停用这些账号或修改其密码" in refused.stderr


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Python with these variables, and without those of the tests' own database."""
    mine = {"SECRET_KEY": "x", "DJANGO_SETTINGS_MODULE": "gis_projects.settings"}
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | mine | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
