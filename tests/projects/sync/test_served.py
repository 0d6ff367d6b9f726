"""The real server on a real database, killed with SIGKILL: nothing is lost, nothing is there twice."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from projects.models import Correction, Inspection, Operation, Photo, PhotoUpload, Programme, Site
from projects.sync.documents import site_documents
from tests.conftest import Cast
from tests.factories import make_site, square
from tests.projects.sync.faults import Fault
from tests.projects.sync.inspector import Inspector
from tests.projects.sync.served import DYING, Server, WireClient
from tests.projects.sync.tablet import Tablet, op_id, sha256

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_guards_off_afterwards")]
NO_ANSWER = (OSError, http.client.HTTPException)
MOST_BOUNDARIES = 200


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "media").mkdir(exist_ok=True)
    made = Server(tmp_path)
    yield made
    made.kill()


def tablet_of(server: Server, user: User) -> Tablet:
    made = Tablet(user)
    made.client = WireClient(server, user)  # type: ignore[assignment]
    return made


def a_days_work(person: Inspector, site: Site, number: int) -> None:
    person.visit(site, f"看过 {number}")
    person.correct(number, "更正")
    person.photograph(site, 16 + number % 60)


def sync(person: Inspector) -> None:
    """As far as it goes. Raises what says that no answer came."""
    person.push(Fault.NONE, 0, backwards=False)
    while person.blobs:
        person.send(Fault.NONE, 0, whole=False)


def assert_all_is_there_once(person: Inspector) -> None:
    assert not person.outbox
    assert not person.blobs
    written = {op_id(op): op["body"] for op in person.written}
    rows = Operation.objects.filter(author=person.tablet.user)
    assert {str(row.operation): row.body for row in rows} == written
    assert {row.state for row in rows} <= {"applied", "merged"}
    entities = [row.entity for row in rows]
    assert Inspection.objects.count() == entities.count("inspection")
    assert Correction.objects.count() == entities.count("correction")
    uploads = PhotoUpload.objects.in_bulk(person.taken)
    for number, data in person.taken.items():
        row = uploads[next(key for key in uploads if str(key) == number)]
        assert (row.state, row.sha256) == ("verified", sha256(data))
        assert (Path(settings.MEDIA_ROOT) / row.original).read_bytes() == data
    assert Photo.objects.count() == len({sha256(data) for data in person.taken.values()})


def test_killed_at_every_commit_fsync_and_rename_nothing_is_lost_or_doubled(
    server: Server, cast: Cast, parks: Programme
) -> None:
    """A round of work for each boundary, until one comes through alive: then there is no further boundary."""
    server.application = DYING
    site = make_site(parks)
    server.start()
    person = Inspector(tablet_of(server, cast.alice))
    deaths = 0
    for number in range(1, MOST_BOUNDARIES):
        person.tablet.pull()
        person.change(site, "progress", number % 100)
        a_days_work(person, site, number)
        server.dies_at(number)
        try:
            sync(person)
            break
        except NO_ANSWER:
            deaths += 1
        server.dies_at(0)
        server.kill()
        assert server.is_gone()
        server.start()
        sync(person)
        assert_all_is_there_once(person)
    assert MOST_BOUNDARIES > deaths > 20
    assert_all_is_there_once(person)


def test_killed_at_any_moment_under_load_nothing_is_lost_or_doubled(
    server: Server, cast: Cast, parks: Programme
) -> None:
    chance = random.Random(20220501)
    site = make_site(parks)
    server.start()
    person = Inspector(tablet_of(server, cast.alice))
    for number in range(8):
        person.tablet.pull()
        person.change(site, "progress", number + 1)
        for step in range(4):
            a_days_work(person, site, number * 4 + step)
        death = threading.Timer(chance.uniform(0.0, 0.8), server.kill)
        death.start()
        while death.is_alive():
            try:
                sync(person)
                break
            except NO_ANSWER:
                time.sleep(0.01)
        death.join()
        server.start()
        sync(person)
        assert_all_is_there_once(person)


def test_a_server_that_restarts_in_the_middle_of_a_pull_is_asked_on_from_there(
    server: Server, cast: Cast, parks: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(205):  # more than one page
        make_site(parks, f"P-{number}", geom=square(123.0 + number / 300, side=0.001))
    server.start()
    tablet = tablet_of(server, cast.alice)
    kept, asked = tablet.client.get, []

    def restarts_after_one(path: str) -> object:
        asked.append(path)
        if len(asked) == 2:
            server.kill()
            server.start()
        return kept(path)

    monkeypatch.setattr(tablet.client, "get", restarts_after_one)
    tablet.pull()
    assert len(asked) == 2
    fresh = site_documents(cast.alice, Site.objects.values_list("pk", flat=True))
    assert {one["id"]: one["revision"] for one in fresh} == {
        key: one["revision"] for key, one in tablet.sites.items()
    }
    assert len(fresh) == 205
