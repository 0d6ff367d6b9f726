"""States of a job: one of two wins, a dead worker is noticed, work can be stopped, failed work begun again."""

import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from accounts import audit_guards
from accounts.models import User
from gis_projects.http.problems import ImportBusy
from projects.importing import jobs, work
from projects.importing.folder import SILENT_S, JobFolder, Progress
from projects.importing.row_report import RowReport
from projects.models import ImportedRow, ImportJob, JobState, Programme, Site
from tests.conftest import Cast
from tests.projects.planner.imports.conftest import Planner, signed_in


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Tasks are noted and done when the test says so."""
    from projects.importing import tasks

    noted: list[tuple[str, str]] = []

    class Queue:
        @staticmethod
        def enqueue(*words: str) -> None:
            noted.append(words)  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "run_job", Queue)
    return noted


def do(queued: list[tuple[str, str]]) -> None:
    job, run = queued.pop(0)
    work.run(uuid.UUID(job), uuid.UUID(run))


@pytest.fixture
def checked(archive: Path, estates: Programme, planner: Planner) -> ImportJob:
    job = planner.send(archive)
    planner.check(job, estates)
    return job


def test_of_two_that_store_one_wins(checked: ImportJob, queued: list[tuple[str, str]]) -> None:
    other = ImportJob.objects.get(pk=checked.pk)
    jobs.begin(checked, JobState.STORING)
    with pytest.raises(ImportBusy):
        jobs.begin(other, JobState.STORING)
    do(queued)
    assert (Site.objects.count(), ImportedRow.objects.count(), queued) == (3, 3, [])


def test_a_second_press_is_told_so_and_a_stored_import_is_stored_once(
    checked: ImportJob, planner: Planner
) -> None:
    assert planner.do(checked, "store").status_code == 302
    assert planner.do(checked, "store").status_code == 409
    assert (Site.objects.count(), checked.state) == (3, JobState.STORED)


@pytest.fixture
def _guards_off_afterwards(transactional_db: None) -> Iterator[None]:
    """The test's database is emptied after the test, which the guards would refuse."""
    yield
    audit_guards.remove()


def test_two_at_the_very_same_time_store_once(
    _guards_off_afterwards: None, checked: ImportJob, queued: list[tuple[str, str]]
) -> None:
    start = threading.Barrier(2)
    won: list[bool] = []

    def press() -> None:
        try:
            job = ImportJob.objects.get(pk=checked.pk)
            start.wait(timeout=10)
            jobs.begin(job, JobState.STORING)
            won.append(True)
        except ImportBusy:
            won.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(won) == [False, True]
    assert len(queued) == 1


def test_a_stop_in_the_middle_stores_nothing_and_leads_back(
    checked: ImportJob, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = work.StoreJournal.created

    def created(journal: Any, ids: Any) -> None:
        told(journal, ids)
        JobFolder(checked.pk).ask_to_stop()

    monkeypatch.setattr(work.StoreJournal, "created", created)
    planner.do(checked, "store")
    assert checked.state == JobState.CHECKED
    assert not Site.objects.exists() and not ImportedRow.objects.exists()
    assert RowReport(JobFolder(checked.pk).rows).count() == 3
    monkeypatch.undo()
    planner.do(checked, "store")
    assert checked.state == JobState.STORED


def test_what_no_worker_has_begun_stops_at_once(
    checked: ImportJob, planner: Planner, queued: list[tuple[str, str]]
) -> None:
    planner.do(checked, "store")
    assert checked.state == JobState.STORING
    assert "waiting for a worker" in planner.page(checked)
    planner.do(checked, "cancel")
    assert checked.state == JobState.CHECKED
    do(queued)
    assert not Site.objects.exists()


def test_a_worker_that_died_is_noticed_and_its_work_begun_again(
    checked: ImportJob, planner: Planner, queued: list[tuple[str, str]]
) -> None:
    planner.do(checked, "store")
    folder = JobFolder(checked.pk)
    with folder.beating():
        folder.tell(Progress("writing", 1, 3), now=True)
        told = planner.client.get(f"/planner/import/{checked.pk}/progress/").json()
        assert (told["working"], told["percent"], told["phase"]) == (True, 33, "writing the sites")
    long_ago = time.time() - SILENT_S - 5
    os.utime(folder.path / "alive", (long_ago, long_ago))
    assert not planner.client.get(f"/planner/import/{checked.pk}/progress/").json()["working"]
    page = planner.page(checked)
    assert "The worker stopped in the middle of it" in page and 'role="alert"' in page
    planner.do(checked, "retry")
    assert checked.state == JobState.STORING
    do(queued)  # the attempt that was given up says no more
    checked.refresh_from_db()
    assert (checked.state, Site.objects.count()) == (JobState.STORING, 0)
    do(queued)
    checked.refresh_from_db()
    assert (checked.state, Site.objects.count()) == (JobState.STORED, 3)


def test_an_attempt_that_was_given_up_while_it_wrote_stores_nothing(
    checked: ImportJob, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = work.StoreJournal.created

    def created(journal: Any, ids: Any) -> None:
        told(journal, ids)
        ImportJob.objects.filter(pk=checked.pk).update(run=uuid.uuid4())

    monkeypatch.setattr(work.StoreJournal, "created", created)
    planner.do(checked, "store")
    assert not Site.objects.exists() and not ImportedRow.objects.exists()


def test_a_mistake_of_ours_ends_in_words(
    checked: ImportJob, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError("never to be seen")

    monkeypatch.setattr(work.StoreJournal, "created", broken)
    planner.do(checked, "store")
    assert (checked.state, checked.failed_at) == (JobState.FAILED, JobState.STORING)
    page = planner.page(checked)
    assert "Something went wrong on our side" in page and "never to be seen" not in page
    monkeypatch.undo()
    planner.do(checked, "retry")
    assert checked.state == JobState.STORED


def test_others_do_not_know_of_it_and_administrators_do(checked: ImportJob, cast: Cast) -> None:
    other = signed_in(User.objects.create_user("paul", password="p", role="planner"))
    for path in ("", "progress/", "preview/", "rows.csv"):
        address = f"/planner/import/{checked.pk}/{path}"
        assert other.client.get(address).status_code == 404
        assert signed_in(cast.dora).client.get(address).status_code == 200
        assert signed_in(cast.bob).client.get(address).status_code == 403
    for verb in ("read", "check", "store", "undo", "retry", "cancel"):
        assert other.do(checked, verb).status_code == 404
    assert str(checked.pk) not in other.client.get("/planner/import/").content.decode()
    assert str(checked.pk) in signed_in(cast.dora).client.get("/planner/import/").content.decode()
    signed_in(cast.dora).do(checked, "store")
    assert (checked.owner, checked.asker) == (cast.alice, cast.dora)


def test_stopping_work_that_has_ended_gives_up_nothing(
    planner: Planner, archive: Path, estates: Programme
) -> None:
    job = planner.send(archive)
    planner.check(job, estates)
    assert job.state == JobState.CHECKED
    planner.do(job, "cancel", work="1")
    assert job.state == JobState.CHECKED
    planner.do(job, "cancel")
    assert job.state == JobState.CANCELLED
