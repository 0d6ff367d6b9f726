"""What every test stands on: plain settings, and a standing cast with known rights.

The database is the one that DATABASE_URL names (SpatiaLite when it is unset); ``./test pytest ARGS`` sets the rest.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache

# Machines are shared: how long an example takes says nothing. The same examples each time, so that a red run is one
# that everybody can repeat.
hypothesis.settings.register_profile(
    "shared",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("shared")

if TYPE_CHECKING:
    from accounts.models import User


def pytest_configure() -> None:
    """Static names without a manifest, quick password hashes, tasks done at once: none is what a test is about."""
    django_settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.LOGGING_CONFIG = None
    django_settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}
    }
    _place_test_database()


def _place_test_database() -> None:
    """A file of its own for each worker: pytest-django knows only Django's plain SQLite to be in memory."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("spatialite"):
        folder = tempfile.mkdtemp(prefix="gis-test-")
        database.setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    """What another test asked, or asked too often, is not held against this one."""
    from layers.tiles import known, places

    cache.clear()
    known.forget()
    places.forget()


@pytest.fixture(autouse=True)
def _media_of_its_own(settings: object, tmp_path: Path) -> None:
    """Files that a test stores are gone with it."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Cast:
    """alice plans everywhere, bob inspects what he is assigned, charlie inspects nothing, dora administers."""

    alice: "User"
    bob: "User"
    charlie: "User"
    dora: "User"


@pytest.fixture
def cast(db: None) -> Cast:
    """Four members of staff; an inspector sees what an Assignment gives, so bob's are the test's to make."""
    from accounts.models import Role, User
    from projects.models import Assignment

    def member(username: str, role: str) -> "User":
        return User.objects.create_user(username, password=f"{username}-password", role=role)

    everyone = Cast(
        alice=member("alice", Role.PLANNER),
        bob=member("bob", Role.INSPECTOR),
        charlie=member("charlie", Role.INSPECTOR),
        dora=member("dora", Role.ADMINISTRATOR),
    )
    Assignment.objects.create(user=everyone.alice)
    return everyone
