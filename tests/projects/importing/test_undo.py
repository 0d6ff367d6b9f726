"""A whole import is taken back, or nothing of it: while nobody touched its sites afterwards."""

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from projects import editing, evidence, publication
from projects.importing import ImportOptions
from projects.importing.direct import import_files
from projects.importing.undo import UndoRefused, undo_import
from projects.models import ImportedRow, ImportJob, JobState, Programme, Site
from tests.conftest import Cast
from tests.factories import bring_to, make_site, square
from tests.projects.importing.conftest import record, ring, write

DAY = dt.date(2022, 1, 26)


def stored(programme: Programme, path: Path, **options: Any) -> ImportJob:
    report, job = import_files(programme, [path], ImportOptions(on=DAY, **options))
    assert job is not None, [problem.sentence() for problem in report.problems]
    return job


def values() -> list[dict[str, Any]]:
    rows = Site.objects.order_by("code").values()
    return [{k: v for k, v in row.items() if k not in {"revision", "updated_at"}} for row in rows]


def test_new_sites_go_and_the_job_stays_as_undone(tmp_path: Path, estates: Programme) -> None:
    job = stored(estates, write(tmp_path))
    assert (job.counts["created"], ImportedRow.objects.count()) == (3, 3)
    undo_import(job, by=None)
    assert not Site.objects.exists()
    job.refresh_from_db()
    assert job.state == JobState.UNDONE
    assert AuditEntry.objects.filter(kind="site", action="removed").count() == 3
    told = AuditEntry.objects.filter(kind="import").order_by("sequence")
    assert [entry.changed["state"][1] for entry in told] == ["stored", "undone"]


def test_changed_sites_get_everything_back(tmp_path: Path, estates: Programme) -> None:
    first = record("E-1", 县区="西区", 计划开工="20220501", 总投资="12.50", 等级="甲")
    stored(estates, write(tmp_path / "a", [first, record("E-2")]))
    before = values()
    changed = record(
        "E-1", 名称="演示·新名", 县区="东区", 计划开工="20220601", 总投资="99", 户数="40"
    )
    path = write(tmp_path / "b", [changed, record("E-2"), record("E-3")], [ring(124.1)] * 3)
    job = stored(estates, path)
    assert values() != before
    assert {row.outcome for row in job.rows.all()} == {"updated", "created"}
    undo_import(job, by=None)
    assert values() == before


def test_an_unchanged_site_is_left_alone_even_when_touched_later(
    tmp_path: Path, estates: Programme
) -> None:
    stored(estates, write(tmp_path / "a", [record("E-1")]))
    job = stored(estates, write(tmp_path / "b", [record("E-1"), record("E-2")]))
    editing.update_site(Site.objects.get(code="E-1"), {"name": "演示·后改"})
    undo_import(job, by=None)
    assert Site.objects.get().name == "演示·后改"


def test_later_work_on_a_site_refuses_the_whole_undo(
    tmp_path: Path, estates: Programme, cast: Cast
) -> None:
    job = stored(estates, write(tmp_path, [record(f"E-{n}") for n in range(5)]))
    one, two, three, four, _five = Site.objects.order_by("code")
    editing.update_site(one, {"name": "演示·后改"})
    bring_to(two, "started")
    evidence.add_inspection(three, by=cast.bob, at=timezone.now(), note="到场")
    four.transitions.all().delete()
    four.delete()
    with pytest.raises(UndoRefused) as refused:
        undo_import(job, by=None)
    assert (refused.value.count, refused.value.codes) == (4, ["E-0", "E-1", "E-2"])
    assert Site.objects.count() == 4
    job.refresh_from_db()
    assert job.state == JobState.STORED


def test_imports_are_taken_back_last_first(tmp_path: Path, estates: Programme) -> None:
    first = stored(estates, write(tmp_path / "a", [record("E-1")]))
    second = stored(estates, write(tmp_path / "b", [record("E-1", 户数="13")]))
    with pytest.raises(UndoRefused):
        undo_import(first, by=None)
    undo_import(second, by=None)
    assert Site.objects.get().attributes["households"] == 12


def test_overlaps_and_publication_follow(tmp_path: Path, estates: Programme) -> None:
    neighbour = make_site(estates, "N-1", geom=square(123.605), attributes={"households": 1})
    job = stored(estates, write(tmp_path, [record("E-1")], [ring(123.6)]), publish=True)
    neighbour.refresh_from_db()
    assert neighbour.has_overlap
    revision = publication.revision()
    undo_import(job, by=None)
    neighbour.refresh_from_db()
    assert not neighbour.has_overlap
    assert publication.revision() > revision


def test_the_command_undoes_by_number(tmp_path: Path, estates: Programme) -> None:
    said = StringIO()
    call_command("import_sites", "estates", str(write(tmp_path)), stdout=said)
    job = ImportJob.objects.get()
    assert f"undo_import {job.pk}" in said.getvalue()
    listed = StringIO()
    call_command("undo_import", stdout=listed)
    assert str(job.pk) in listed.getvalue()
    call_command("undo_import", str(job.pk), stdout=StringIO())
    assert not Site.objects.exists()
    with pytest.raises(CommandError, match="no import"):
        call_command("undo_import", str(job.pk), stdout=StringIO())


def test_a_refused_import_leaves_no_job(tmp_path: Path, estates: Programme) -> None:
    path = write(tmp_path, [record("E-1", 户数="-1")])
    with pytest.raises(CommandError):
        call_command("import_sites", "estates", str(path), stdout=StringIO())
    assert not ImportJob.objects.exists()
