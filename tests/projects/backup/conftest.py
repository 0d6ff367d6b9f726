"""Installations of their own, each with a database and a folder, worked on by ``manage.py`` as an operator would."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]
SECRET = "a-secret-that-no-backup-may-hold-0123456789-abcdefghij"
SEED = """
import django; django.setup()
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from accounts.models import User
from layers.models import Layer, RasterScene
from projects.evidence import NewPhoto, add_inspection
from projects.models import Installation
from tests import factories
factories.make_city()
parks = factories.make_programme("parks")
sites = [factories.make_site(parks, f"A-{n}", geom=factories.square(123.6 + n / 50)) for n in range(6)]
sites[2].transitions.all().delete()
sites[2].delete()  # a gap in the numbers of the rows
User.objects.create_user("alice", password="alice-password")
for n, site in enumerate(sites[:2]):
    data = factories.picture(colour=["green", "red"][n])
    add_inspection(site, by=None, at=timezone.now(), note="看过", photos=[NewPhoto(data, "before")])
SessionStore().save()
Layer.objects.create(key="kept", name="kept")
Installation.current()
"""
CONTENT = """
import django; django.setup()
import hashlib, json, sys
from django.apps import apps
from projects.backup import media
rows = {}
for model in apps.get_models(include_auto_created=True):
    if model._meta.label in {"sessions.Session", "projects.Installation"} or not model._meta.managed:
        continue
    if model._meta.label.startswith("gis."):
        continue
    names = [f.attname for f in model._meta.concrete_fields if f.name != "publication_revision"]
    found = model._default_manager.all()
    if model._meta.label == "layers.Layer":
        names.remove("revision")
    if "task_path" in names:  # a restored layer's tiles are to be made again
        found = found.exclude(task_path__endswith="make_tiles")
    values = sorted(
        repr([getattr(value, "ewkt", value) for value in row]) for row in found.values_list(*names)
    )
    rows[model._meta.label] = [len(values), hashlib.sha256("".join(values).encode()).hexdigest()]
files = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in media.walk()}
from projects.models import Installation
from django.contrib.sessions.models import Session
from projects.publication import revision
from layers.models import Layer
layers = dict(Layer.objects.values_list("key", "revision"))
print(json.dumps({"layers": layers, "rows": rows,
    "files": files, "sessions": Session.objects.count(), "revision": revision(),
    "epoch": str(Installation.current().epoch), "restored": bool(Installation.current().restored_at)}))
"""


@dataclass(frozen=True)
class House:
    """One installation. run() gives the finished process; look() what it holds; media is its folder of pictures."""

    folder: Path
    url: str

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if k not in {"DEBUG", "SECRET_KEY_FILE"}},
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": SECRET,
            "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def manage(self, *words: str) -> str:
        """What was said; the command must succeed."""
        done = self.run("manage.py", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refusal(self, *words: str) -> str:
        """The one sentence; the command must refuse, without a traceback."""
        done = self.run("manage.py", *words)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def python(self, code: str) -> str:
        done = self.run("-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def busy(self, code: str) -> Iterator[subprocess.Popen[str]]:
        """The code runs beside what the test does, from its first line of output on."""
        command = [sys.executable, "-u", "-c", code]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield process
            process.kill()

    def look(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.python(CONTENT))
        return content


@pytest.fixture(scope="session")
def new_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], House]]:
    """Makes empty installations, on the kind of database that the whole suite runs on."""
    made: list[str] = []
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgis")

    def make() -> House:
        folder = tmp_path_factory.mktemp("house")
        if not on_postgres:
            return House(folder, f"spatialite://{folder}/db.sqlite3")
        name = f"gis_backup_{uuid.uuid4().hex[:12]}"
        _on_server(f"CREATE DATABASE {name}")
        made.append(name)
        return House(folder, _url(name))

    yield make
    for name in made:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@dataclass(frozen=True)
class Kept:
    """A backup, and what the installation held that it is of."""

    file: Path
    content: dict[str, Any]
    house: House


@pytest.fixture(scope="session")
def kept(new_house: Callable[[], House]) -> Kept:
    house = new_house()
    house.manage("migrate", "-v0")
    house.python(SEED)
    file = house.folder / "kept.tar"
    house.manage("backup", str(file))
    return Kept(file, house.look(), house)


def _server() -> dict[str, Any]:
    return settings.DATABASES["default"]


def _on_server(sql: str) -> None:
    server = _server()
    with psycopg.connect(
        host=server["HOST"],
        port=server["PORT"] or None,
        user=server["USER"] or None,
        password=server["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as link:
        link.execute(sql)  # type: ignore[call-overload]  # the words are this file's own


def _url(name: str) -> str:
    server = _server()
    who = quote(server["USER"]) + (f":{quote(server['PASSWORD'])}" if server["PASSWORD"] else "")
    if server["HOST"].startswith("/"):
        return f"postgis://{who}@/{name}?host={server['HOST']}&port={server['PORT']}"
    return f"postgis://{who}@{server['HOST']}:{server['PORT']}/{name}"
