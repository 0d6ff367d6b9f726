"""What an undo needs is kept for half a year, and then nobody is told that he may undo."""

import datetime as dt
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from layers.models import Batch, Feature
from projects.importing.folder import JobFolder
from projects.importing.pruning import ENDED_DAYS, UNDO_DAYS
from projects.models import ImportedRow, ImportJob, JobState, Programme, Site
from tests.projects.planner.imports.conftest import Planner

pytestmark = pytest.mark.usefixtures("city")


def age(job: ImportJob, days: int) -> None:
    then = timezone.now() - dt.timedelta(days=days)
    ImportJob.objects.filter(pk=job.pk).update(changed_at=then, stored_at=then)


def prune(*words: str) -> str:
    out = StringIO()
    call_command("prune_imports", *words, stdout=out)
    return out.getvalue()


def test_an_old_import_stays_and_can_no_longer_be_undone(
    planner: Planner, estates: Programme, archive: Path
) -> None:
    old, young = planner.stored(estates, archive), planner.stored(estates, archive)
    age(old, UNDO_DAYS + 1)
    age(young, UNDO_DAYS - 1)
    assert "1 " in prune()
    assert set(ImportedRow.objects.values_list("job", flat=True)) == {young.pk}
    page = planner.page(old)
    assert "no longer be undone" in page and "?import=" not in page
    assert "/undo/" not in page and "/undo/" in planner.page(young)
    assert planner.do(old, "undo").status_code == 409
    assert (old.state, Site.objects.count()) == (JobState.STORED, 3)
    listed = StringIO()
    call_command("undo_import", stdout=listed)
    assert str(young.pk) in listed.getvalue() and str(old.pk) not in listed.getvalue()
    with pytest.raises(CommandError):
        call_command("undo_import", str(old.pk))


def test_an_undo_that_was_asked_for_keeps_its_notes(
    planner: Planner, estates: Programme, archive: Path
) -> None:
    job = planner.stored(estates, archive)
    age(job, UNDO_DAYS + 1)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.UNDOING, run=uuid.uuid4())
    prune()
    assert ImportedRow.objects.filter(job=job).count() == 3


def test_notes_that_went_after_the_press_end_it_in_words(
    planner: Planner, estates: Programme, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projects.importing import work

    job, run = planner.stored(estates, archive), work.run
    monkeypatch.setattr(work, "run", lambda *_anything: None)
    planner.do(job, "undo")
    ImportJob.objects.filter(pk=job.pk).update(pruned_at=timezone.now())
    job.refresh_from_db()
    assert job.run is not None
    run(job.pk, job.run)
    job.refresh_from_db()
    assert (job.state, Site.objects.count()) == (JobState.STORED, 3)
    assert "can no longer be undone" in str(job.messages)


def test_what_a_layer_s_file_replaced_goes_with_it(planner: Planner, archive: Path) -> None:
    jobs = []
    for mode in ("new", "replace"):
        job = planner.send(archive)
        planner.do(job, "check-layer", mode=mode, new_key="a", layer_key="a", name="甲")
        planner.do(job, "store")
        jobs.append(job)
    assert Feature.objects.count() == 6
    age(jobs[1], UNDO_DAYS + 1)
    prune()
    assert (Feature.objects.count(), Batch.objects.count()) == (3, 1)
    assert planner.do(jobs[1], "undo").status_code == 409
    assert Feature.objects.shown().count() == 3


def test_what_came_to_nothing_is_gone_with_its_folder(planner: Planner, archive: Path) -> None:
    old, young = planner.send(archive), planner.send(archive)
    for job in (old, young):
        planner.do(job, "cancel")
        JobFolder(job.pk).make()
    age(old, ENDED_DAYS + 1)
    prune()
    assert list(ImportJob.objects.all()) == [young]
    assert not JobFolder(old.pk).path.exists()


def test_the_days_can_be_chosen(planner: Planner, estates: Programme, archive: Path) -> None:
    job = planner.stored(estates, archive)
    age(job, 10)
    prune("--undo-days", "30")
    assert ImportedRow.objects.filter(job=job).exists()
    prune("--undo-days", "5")
    assert not ImportedRow.objects.filter(job=job).exists()
