"""The real server, in processes of its own on the test's database, and a client that speaks to it over a socket."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User

ROOT = Path(__file__).resolve().parents[3]
STARTS_WITHIN_S = 60
SITE, DYING = "gis_projects.wsgi:application", "tests.projects.sync.dying:application"


@dataclass
class Server:
    """Granian, as ./run starts it. folder: pictures and the file that says when to die."""

    folder: Path
    application: str = SITE
    workers: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dies_at(0)

    def dies_at(self, boundary: int) -> None:
        (self.folder / "dies_at").write_text(str(boundary))

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers), "--no-ws"]
        command += ["--blocking-threads", "4", "--log-level", "warning", self.application]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._wait()

    def kill(self) -> None:
        """All of it at once, as a power cut would."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()

    def is_gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _wait(self) -> None:
        assert self.process is not None
        end = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < end and self.process.poll() is None:
            try:  # a port that is open is no worker yet that answers
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=STARTS_WITHIN_S)
                link.request("GET", "/api/sync/hello", headers={"Accept": "application/json"})
                link.getresponse().read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            else:
                return
            finally:
                link.close()
        raise AssertionError((self.folder / "server.log").read_text()[-2000:])

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "VAR_DIR": str(self.folder),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "DIES_AT": str(self.folder / "dies_at"),
            **self.environment,
        }


def database_url() -> str:
    """Of the database that the test is using at this moment."""
    values = connection.settings_dict
    if connection.vendor != "postgresql":
        return f"spatialite:///{values['NAME']}"
    user = quote(values["USER"]) + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    return f"postgis://{user}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


@dataclass
class Answer:
    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]


class WireClient:
    """What tests.projects.sync.tablet needs of a client, over HTTP. No answer: OSError or HTTPException."""

    def __init__(self, server: Server, user: User, *, timeout_s: float = 60) -> None:
        self.server, self.timeout_s = server, timeout_s
        session = Client()
        session.force_login(user)
        self.cookies = {settings.SESSION_COOKIE_NAME: session.cookies["sessionid"].value}
        self.token = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def head(self, path: str) -> Answer:
        return self._ask("HEAD", path)

    def post(self, path: str, content: bytes, content_type: str) -> Answer:
        return self._write("POST", path, content, {"Content-Type": content_type})

    def patch(
        self, path: str, data: bytes, content_type: str, headers: dict[str, str], **_rest: Any
    ) -> Answer:
        return self._write("PATCH", path, data, {"Content-Type": content_type, **headers})

    def _write(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if not self.token:
            self.token = orjson.loads(self.get("/api/sync/hello").content)["csrf"]
        return self._ask(method, path, body, {**headers, "X-CSRFToken": self.token})

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=self.timeout_s)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Cookie": cookies, "Accept": "application/json", **(headers or {})}
        try:
            link.request(method, path, body, told)
            response = link.getresponse()
            found = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        finally:
            link.close()
        self._keep_cookies(response)
        return found

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
