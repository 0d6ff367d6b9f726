"""Many tablets come back to the network at once: is all of it there, once, and how long does it take?

Each sends its operations in one batch and then its photographs in the pieces that the app sends, to the server as
./run starts it; what the server asks to be sent again is sent again, after the app's own waits. Beside it the same
bytes go to the same server program with nothing behind it but a file that is synchronised: that is the limit.

DATABASE_URL names a database of a PostgreSQL server, beside which one is made and dropped; unset is SpatiaLite. Ends
with 1 when a record or photograph is lost or doubled, or when somebody would have seen an error.
"""

import argparse
import hashlib
import http.client
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psycopg
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PIECE = 512 * 1024  # static/js/field/sync/uploads.js
AGAIN = {429, 503}
GIVES_UP_AFTER_S = 3600
SEED = """
import django; django.setup()
import json, sys
from django.test import Client
from accounts.models import Role, User
from projects.models import Assignment
from tests import factories
factories.make_city()
parks = factories.make_programme("parks")
told = []
for n in range(int(sys.argv[1])):
    site = factories.make_site(parks, f"B-{n}", geom=factories.square(123.0 + n / 200, side=0.002))
    user = User.objects.create_user(f"tablet-{n}", role=Role.INSPECTOR)
    Assignment.objects.create(user=user, programme=parks)
    client = Client(); client.force_login(user)
    told.append([user.pk, str(site.pk), client.cookies["sessionid"].value])
print(json.dumps(told))
"""
CHECK = """
import django; django.setup()
import hashlib, json
from pathlib import Path
from django.conf import settings
from projects.models import Inspection, Operation, Photo, PhotoUpload
root = Path(settings.MEDIA_ROOT)
print(json.dumps({
    "operations": [str(one) for one in Operation.objects.values_list("operation", flat=True)],
    "states": sorted(set(Operation.objects.values_list("state", flat=True))),
    "inspections": [str(one) for one in Inspection.objects.values_list("pk", flat=True)],
    "evidence": Photo.objects.count(),
    "photos": {str(row.pk): hashlib.sha256((root / row.original).read_bytes()).hexdigest()
               for row in PhotoUpload.objects.filter(state="verified")},
}))
"""
BARE = """
import os, tempfile
def application(environ, start_response):
    with tempfile.TemporaryFile(dir=os.environ["VAR_DIR"]) as out:
        stream = environ["wsgi.input"]
        while block := stream.read(262144):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    start_response("204 No Content", [])
    return [b""]
"""


@dataclass
class Tally:
    """push_s: seconds of each push that was taken. statuses: every answer, and what was no answer."""

    push_s: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    unfinished: list[str] = field(default_factory=list)


class Link:
    """One connection that stays open, as a browser's. Waits and asks again like the app."""

    def __init__(self, port: int, cookie: str, tally: Tally) -> None:
        self.port, self.cookie, self.tally = port, f"sessionid={cookie}", tally
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.token = ""

    def until_taken(self, ask: Callable[[], int]) -> None:
        end, failures = time.monotonic() + GIVES_UP_AFTER_S, 0
        while time.monotonic() < end:
            try:
                status = ask()
            except (OSError, http.client.HTTPException) as error:
                self.link.close()
                status = 0
                self.tally.statuses[type(error).__name__] += 1
            else:
                self.tally.statuses[str(status)] += 1
            if status in (200, 204):
                return
            failures += 1
            time.sleep(min(45, 2**failures) * (0.5 + random.random() / 2))
        raise TimeoutError

    def ask(
        self, method: str, path: str, body: bytes | None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        cookies = self.cookie + (f"; csrftoken={self.token}" if self.token else "")
        told = {
            "Cookie": cookies,
            "Accept": "application/json",
            "X-CSRFToken": self.token,
            **headers,
        }
        self.link.request(method, path, body, told)
        response = self.link.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            if line.startswith("csrftoken="):
                self.token = line.split(";")[0].partition("=")[2]
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, response.read(), found


class Load:
    """What one tablet has written: operations as they are pushed, and its photographs' numbers."""

    def __init__(self, n: int, told: list[str], asked: argparse.Namespace, base: bytes) -> None:
        self.user, self.site, self.cookie = told
        self.n, self.base = n, base
        self.device = str(uuid.uuid4())
        self.photos = {str(uuid.uuid4()): k for k in range(asked.photos)}
        self.hashes = {key: hashlib.sha256(self.bytes_of(key)).hexdigest() for key in self.photos}
        self.inspections = [str(uuid.uuid4()) for _ in range(asked.operations - asked.photos)]
        site = [None, self.site]
        self.ops = [
            self._op(k, "inspection", key, {"site": site, "note": [None, f"第 {k} 次到场"]})
            for k, key in enumerate(self.inspections)
        ]
        for key, digest in self.hashes.items():
            size = [None, len(self.bytes_of(key))]
            self.ops.append(
                self._op(
                    len(self.ops),
                    "photo",
                    key,
                    {"site": site, "sha256": [None, digest], "size": size},
                )
            )

    def bytes_of(self, key: str) -> bytes:
        """The same picture with a comment of its own, so that no two are the same file."""
        comment = f"{self.n}-{self.photos[key]}".encode()
        return (
            self.base[:2]
            + b"\xff\xfe"
            + (len(comment) + 2).to_bytes(2, "big")
            + comment
            + self.base[2:]
        )

    def _op(self, seq: int, entity: str, target: str, changes: dict[str, object]) -> dict[str, str]:
        values = {"op_id": str(uuid.uuid4()), "device_id": self.device, "device_seq": seq + 1, "author_id": self.user,
                  "schema_v": 1, "entity": entity, "id": target, "base_rev": None, "changes": changes, "depends_on": [],
                  "client_time": "2026-11-01T08:00:00+08:00"}  # fmt: skip
        body = json.dumps(values, ensure_ascii=False)
        return {"body": body, "sha256": hashlib.sha256(body.encode()).hexdigest()}

    def send(self, port: int, tally: Tally) -> None:
        link = Link(port, self.cookie, tally)
        try:
            link.until_taken(lambda: link.ask("GET", "/api/sync/hello", None)[0])
            link.until_taken(lambda: self._push(link, tally))
            for key in self.photos:
                link.until_taken(lambda key=key: self._upload(link, key))  # type: ignore[misc]
        except TimeoutError:
            tally.unfinished.append(self.device)

    def _push(self, link: Link, tally: Tally) -> int:
        content = json.dumps(
            {"device": {"id": self.device, "name": f"平板 {self.n}"}, "ops": self.ops}
        ).encode()
        began = time.perf_counter()
        status, _body, _headers = link.ask(
            "POST", "/api/sync/push", content, **{"Content-Type": "application/json"}
        )
        if status == 200:
            tally.push_s.append(time.perf_counter() - began)
        return status

    def _upload(self, link: Link, key: str) -> int:
        path, data = f"/api/sync/photos/{key}", self.bytes_of(key)
        status, _body, told = link.ask("HEAD", path, None)
        while status in (200, 204) and told["upload-state"] != "verified":
            at = int(told["upload-offset"])
            headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at)}
            status, _body, told = link.ask("PATCH", path, data[at : at + PIECE], **headers)
        return status


def picture(megabytes: float) -> bytes:
    """A JPEG of about that size: noise, so that it does not shrink."""
    side = 400
    while True:
        noise = np.random.default_rng(1).integers(0, 256, (side * 3 // 4, side, 3), np.uint8)
        out = io.BytesIO()
        Image.fromarray(noise).save(out, "JPEG", quality=90)
        if out.tell() >= megabytes * 1e6:
            return out.getvalue()
        side = int(side * 1.15)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("post"):
        yield f"spatialite:///{folder / 'db.sqlite3'}"
        return
    name, parts = f"sync_load_{os.getpid()}", urlsplit(given)
    plain = parts._replace(scheme="postgresql").geturl()
    with psycopg.connect(plain, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@contextmanager
def serving(application: str, environment: dict[str, str], workers: int) -> Iterator[int]:
    port = random.randint(20_000, 30_000)
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += [
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        application,
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        while True:
            try:
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                link.request("GET", "/api/sync/hello")
                link.getresponse().read()
                break
            except (OSError, http.client.HTTPException):
                if server.poll() is not None:
                    raise
                time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def together(jobs: list[Callable[[], None]]) -> float:
    threads = [threading.Thread(target=job) for job in jobs]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def bare(folder: Path, environment: dict[str, str], loads: list[Load], workers: int) -> float:
    """Seconds for the same photographs in the same pieces, to files that are synchronised."""
    (folder / "bare_upload.py").write_text(BARE)

    def send(load: Load, port: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        for key in load.photos:
            data = load.bytes_of(key)
            for at in range(0, len(data), PIECE):
                link.request("PATCH", "/", data[at : at + PIECE])
                link.getresponse().read()

    changed = {**environment, "PYTHONPATH": str(folder)}
    with serving("bare_upload:application", changed, workers) as port:
        return together([lambda load=load: send(load, port) for load in loads])  # type: ignore[misc]


def judge(loads: list[Load], found: dict[str, object], tally: Tally) -> bool:
    """Print what is lost, doubled or was seen; whether nothing was."""
    wanted = Counter(json.loads(op["body"])["op_id"] for load in loads for op in load.ops)
    visits = Counter(key for load in loads for key in load.inspections)
    hashes = {key: digest for load in loads for key, digest in load.hashes.items()}
    operations, inspections = Counter(found["operations"]), Counter(found["inspections"])  # type: ignore[arg-type]
    photos: dict[str, str] = found["photos"]  # type: ignore[assignment]
    lost = (wanted - operations).total() + (visits - inspections).total()
    lost += sum(photos.get(key) != digest for key, digest in hashes.items())
    doubled = (operations - wanted).total() + (inspections - visits).total()
    doubled += max(0, int(found["evidence"]) - len(hashes))  # type: ignore[call-overload]
    seen = {
        one: n for one, n in tally.statuses.items() if one not in {"200", "204", *map(str, AGAIN)}
    }
    print(
        f"lost {lost}, doubled {doubled}, states {found['states']}, answers {dict(tally.statuses)}"
    )
    print(
        f"errors that somebody would see: {seen or 'none'}; tablets that did not end: {len(tally.unfinished)}"
    )
    return not (lost or doubled or seen or tally.unfinished) and found["states"] == ["applied"]


def python(code: str, environment: dict[str, str], *arguments: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)


def measure(asked: argparse.Namespace, folder: Path, url: str) -> bool:
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder), "SECRET_KEY": "only-for-a-benchmark-" * 3,
                   "DJANGO_SETTINGS_MODULE": "gis_projects.settings"}  # fmt: skip
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--no-input", "-v0"], cwd=ROOT, env=environment, check=True)
    subprocess.run(
        [*manage, "collectstatic", "--no-input", "-v0"], cwd=ROOT, env=environment, check=True
    )
    told: list[list[str]] = python(SEED, environment, str(asked.tablets))  # type: ignore[assignment]
    base = picture(asked.megabytes)
    loads = [Load(n, one, asked, base) for n, one in enumerate(told)]
    size = sum(len(load.bytes_of(key)) for load in loads for key in load.photos) / 1e6
    print(
        f"{asked.tablets} tablets, {asked.operations} operations and {asked.photos} photographs each, {size:.0f} MB"
    )
    print(
        f"database {urlsplit(url).scheme}, {asked.workers} workers, load {os.getloadavg()[0]:.1f} before"
    )
    before = bare(folder, environment, loads, asked.workers)
    tally = Tally()
    with serving("gis_projects.wsgi:application", environment, asked.workers) as port:
        seconds = together([lambda load=load: load.send(port, tally) for load in loads])  # type: ignore[misc]
    after = bare(folder, environment, loads, asked.workers)
    pushes = sorted(tally.push_s)
    p95 = pushes[min(len(pushes) - 1, int(0.95 * len(pushes)))] if pushes else float("nan")
    limit = (before + after) / 2
    print(
        f"push p95 {p95:.2f} s; all verified after {seconds:.1f} s; bare upload {before:.1f} and {after:.1f} s"
    )
    print(
        f"throughput {size / seconds:.1f} MB/s, {limit / seconds:.3f} of a bare upload's {size / limit:.1f} MB/s"
    )
    return judge(loads, python(CHECK, environment), tally)  # type: ignore[arg-type]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("tablets", 200), ("operations", 50), ("photos", 4), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--megabytes", type=float, default=3.0)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sync-load-"))
    try:
        with database(folder) as url:
            return 0 if measure(asked, folder, url) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
