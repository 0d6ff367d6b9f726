"""What happens while a tablet is away, and to it when it comes back: locks, long writes, sessions, months, restores."""

import datetime as dt
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.utils import timezone

from projects import editing
from projects.bulk.removal import remove_sites
from projects.models import Inspection, Installation, Operation, Photo, PhotoUpload, Programme, Site
from tests.conftest import Cast
from tests.factories import make_site, square
from tests.projects.sync.faults import Fault
from tests.projects.sync.inspector import Inspector
from tests.projects.sync.tablet import Tablet, op_id, sha256, target


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Somebody else holds what a write of this site needs, for as long as the block lasts."""
    values = connection.settings_dict
    if connection.vendor == "postgresql":
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        found = {name: values[key] for name, key in names.items() if values[key]}
        with psycopg.connect(dbname=values["NAME"], **found) as other:
            other.execute("SELECT 1 FROM projects_site WHERE id = %s FOR UPDATE", [site.pk])
            yield
            other.rollback()
        return
    with sqlite3.connect(values["NAME"], isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    other.close()


@contextmanager
def impatient() -> Iterator[None]:
    """The limit of 30 s, made a twentieth of a second: what happens after it is the same."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'" if is_postgres else "PRAGMA busy_timeout = 50")
    try:
        yield
    finally:
        connection.close()


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_a_database_that_is_locked_for_too_long_is_asked_again_later(
    cast: Cast, site: Site
) -> None:
    person = Inspector(Tablet(cast.alice))
    person.pull(Fault.NONE)
    person.visit(site, "锁")
    person.change(site, "progress", 30)
    body = {"device": {"id": str(person.tablet.device)}, "ops": person.outbox}
    with locked(site), impatient():
        response = person.tablet.post("push", body)
    assert response.status_code == 503
    assert response["Retry-After"] == "15"
    assert orjson.loads(response.content)["type"] == "/problems/store-unavailable"
    assert not Operation.objects.exists()
    person.heal()
    assert {one["status"] for one in person.results.values()} == {"applied"}
    assert Inspection.objects.count() == 1


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_a_long_write_keeps_no_tablet_waiting_and_is_not_missed(
    cast: Cast, parks: Programme
) -> None:
    sites = [make_site(parks, f"L-{n}", geom=square(123.5 + n / 20)) for n in range(3)]
    tablet = Tablet(cast.alice)
    tablet.pull()
    has_written, may_end = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                for site in sites:
                    editing.update_site(site, {"progress": 44})
                has_written.set()
                may_end.wait(60)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert has_written.wait(60)
    pages = [page for _turn in range(3) for page in tablet.pull()]
    assert writer.is_alive()
    assert not any(page["sites"] for page in pages)
    may_end.set()
    writer.join()
    tablet.pull()
    assert {one["progress"] for one in tablet.sites.values()} == {44}


def test_a_session_that_ends_between_two_batches_costs_nothing(bob: Tablet, site: Site) -> None:
    person = Inspector(bob)
    person.pull(Fault.NONE)
    person.visit(site, "第一")
    person.push(Fault.NONE, 0, backwards=False)
    person.visit(site, "第二")
    person.photograph(site, 30)
    Session.objects.all().delete()
    assert bob.client.get("/api/sync/hello").status_code == 401
    body = {"device": {"id": str(bob.device)}, "ops": person.outbox}
    assert bob.post("push", body).status_code == 401
    assert Operation.objects.count() == 1
    bob.client.force_login(bob.user)
    person.heal()
    assert Inspection.objects.count() == 2
    assert PhotoUpload.objects.get().state == "verified"


def test_an_account_that_is_closed_and_opened_again_sends_what_waited(
    bob: Tablet, site: Site
) -> None:
    person = Inspector(bob)
    person.pull(Fault.NONE)
    person.visit(site, "停用以前")
    bob.user.is_active = False
    bob.user.save()
    body = {"device": {"id": str(bob.device)}, "ops": person.outbox}
    assert bob.post("push", body).status_code == 401
    assert bob.client.get("/api/sync/changes").status_code == 401
    bob.user.is_active = True
    bob.user.save()
    bob.client.force_login(bob.user)
    person.heal()
    assert Inspection.objects.get().note == "停用以前"


def test_after_200_days_the_cursor_still_leads_on_and_the_outbox_is_taken(
    cast: Cast, parks: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = make_site(parks, "S-1"), make_site(parks, "S-2", geom=square(124.0))
    person = Inspector(Tablet(cast.alice))
    person.pull(Fault.NONE)
    person.visit(stays, "去年写的")
    person.visit(goes, "后来没有了的")
    editing.update_site(stays, {"progress": 60})
    removed = goes.pk
    remove_sites(parks, [removed], by=cast.alice, progress=lambda _count: None)
    later = timezone.now() + dt.timedelta(days=200)
    monkeypatch.setattr(timezone, "now", lambda: later)
    person.tablet.client.force_login(cast.alice)
    person.heal()
    assert set(person.tablet.sites) == {str(stays.pk)}
    assert person.tablet.sites[str(stays.pk)]["progress"] == 60
    fates = sorted(one["status"] for one in person.results.values())
    assert fates == ["applied", "conflict"]
    assert Operation.objects.get(state="conflict").site == removed


def test_a_restored_backup_is_made_whole_by_the_tablets(bob: Tablet, site: Site) -> None:
    """A savepoint is the backup: what came after it is gone, pictures as well, and another epoch begins."""
    person = Inspector(bob)
    person.pull(Fault.NONE)
    person.visit(site, "备份以前")
    person.photograph(site, 20)
    person.heal()
    media = Path(settings.MEDIA_ROOT)
    shutil.copytree(media, media.with_name("backup"))
    backup = transaction.savepoint()
    person.visit(site, "备份以后")
    person.change(site, "progress", 70)
    person.photograph(site, 40)
    person.heal()
    before = {row.operation: row.body for row in Operation.objects.all()}
    assert len(before) == 5
    transaction.savepoint_rollback(backup)
    shutil.rmtree(media)
    shutil.move(media.with_name("backup"), media)
    Installation.begin_epoch()
    assert Operation.objects.count() == 2

    answer = bob.client.get(f"/api/sync/changes?cursor={bob.cursor}")
    assert answer.status_code == 410
    assert orjson.loads(answer.content)["reason"] == "epoch"
    bob.cursor = None
    person.outbox, person.blobs = person.written[:], dict(person.taken)  # kept for 14 days
    person.results.clear()
    person.heal()
    assert {row.operation: row.body for row in Operation.objects.all()} == before
    assert [person.results[op_id(op)]["status"] for op in person.written] == [
        *["duplicate"] * 2,
        *["applied"] * 3,
    ]
    site.refresh_from_db()
    assert (site.progress, Inspection.objects.count(), Photo.objects.count()) == (70, 2, 2)
    assert {sha256(data) for data in person.taken.values()} == {
        row.sha256 for row in PhotoUpload.objects.filter(state="verified")
    }
    assert {target(op) for op in person.visits} == {str(row.pk) for row in Inspection.objects.all()}
