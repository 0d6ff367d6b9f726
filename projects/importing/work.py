"""A worker's part of an import job: inspect, check, store or undo, as the job's state says, and end it in any case."""

import gc
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_projects.http.actor import Origin, on_behalf_of
from gis_projects.http.problems import Problem as HttpProblem
from layers.importing.problems import ImportRefused
from projects import trail
from projects.importing import jobs
from projects.importing.folder import JobFolder, Progress
from projects.importing.inspecting import inspect
from projects.importing.jobs import Stopped, Superseded
from projects.importing.journal import Journal
from projects.importing.layer_work import check_layer, store_layer, undo_layer
from projects.importing.options import chosen_options
from projects.importing.record import SiteRecord
from projects.importing.report import ImportReport, RowOutcome
from projects.importing.row_report import RowReportWriter
from projects.importing.run import import_sites
from projects.importing.scene_work import look_at_scene, store_scene
from projects.importing.telling import Words, in_every_language, problem_words
from projects.importing.undo import UndoRefused, undo_import
from projects.importing.uploads import parts_of
from projects.models import ImportJob, JobState, Site

logger = logging.getLogger(__name__)
_TOUCHED = _(
    "%(count)s sites were changed after the import, so it cannot be undone as a whole: %(codes)s"
)


def run(job_id: uuid.UUID, attempt: uuid.UUID) -> None:
    """Do the work of one attempt. One that is over, or was given to another, is left alone."""
    job = ImportJob.objects.select_related("programme", "asker").filter(pk=job_id).first()
    if job is None or job.run != attempt or not job.is_working:
        return
    folder = JobFolder(job.pk)
    asked = Origin(job.asker, job.address, "")
    with folder.beating(), rare_collections(), on_behalf_of(asked):
        try:
            if folder.is_to_stop:
                raise Stopped
            _WORK[JobState(job.state)](job, folder)
        except Superseded:
            logger.warning("import %s: another attempt has it", job.pk)
        except Stopped:
            _end(job, attempt, jobs.step_back)
        except (ImportRefused, UndoRefused, HttpProblem) as error:
            words = _words(error)
            _end(job, attempt, lambda job: jobs.fail(job, words))
        except BaseException:
            _end(job, attempt, jobs.fail)
            raise


def _words(error: ImportRefused | UndoRefused | HttpProblem) -> list[Words]:
    if isinstance(error, ImportRefused):
        return [in_every_language(problem.sentence) for problem in error.problems]
    if isinstance(error, UndoRefused):
        return [in_every_language(lambda: undo_refusal(error))]
    return [in_every_language(lambda: error.detail or error.title)]


def _end(job: ImportJob, attempt: uuid.UUID, end: Callable[[ImportJob], None]) -> None:
    """The row as it is after the rollback: what a failed attempt had made of it in memory never was."""
    job.refresh_from_db()
    if job.run == attempt and job.is_working:
        end(job)


class JobJournal(Journal):
    """Tells progress and rows of a job; asked to stop, it leaves the transaction."""

    def __init__(self, folder: JobFolder, phase: str) -> None:
        self._tell = _told(folder, phase)
        self.report = RowReportWriter(folder.rows)

    def progress(self, done: int, total: int | None) -> None:
        self._tell(done, total)

    def rows(self, rows: Sequence[RowOutcome]) -> None:
        self.report.add(rows)


class StoreJournal(JobJournal):
    """Also notes what an undo will need, and ends the job in the import's own transaction."""

    def __init__(self, job: ImportJob, folder: JobFolder) -> None:
        super().__init__(folder, "writing")
        self._job = job
        self._record = SiteRecord(job)
        self._counts = dict.fromkeys(("created", "updated", "unchanged"), 0)

    def progress(self, done: int, total: int | None) -> None:
        super().progress(done, total)
        self._record.write()

    def rows(self, rows: Sequence[RowOutcome]) -> None:
        super().rows(rows)
        for row in rows:
            self._counts[row.outcome] += 1

    def created(self, ids: Sequence[uuid.UUID]) -> None:
        self._record.created(ids)

    def updated(self, site: Site, former: Mapping[str, Any]) -> None:
        self._record.updated(site, former)

    def unchanged(self, site: Site) -> None:
        self._record.unchanged(site)

    def stored(self) -> None:
        self._record.write()
        counts = {**self._counts, "refused": 0}
        jobs.finish(self._job, JobState.STORED, counts=counts, stored_at=timezone.now())
        trail.import_stored(self._job, by=self._job.owner)


def counts_of(report: ImportReport) -> dict[str, int]:
    """Refused are rows, not sentences: one row may have several things wrong."""
    refused = {problem.feature for problem in report.refused if problem.feature is not None}
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused": len(refused),
    }


def _inspect(job: ImportJob, folder: JobFolder) -> None:
    folder.tell(Progress("reading"), now=True)
    if job.is_scene:
        look_at_scene(job, folder)
        return
    findings = inspect(job, folder, parts_of(job))
    title = str(findings.get("file") or job.title)[:200]
    jobs.finish(job, JobState.READY, findings=findings, title=title)


def _told(folder: JobFolder, phase: str) -> Callable[[int, int | None], None]:
    """Tells progress; asked to stop, it leaves the transaction."""

    def progress(done: int, total: int | None) -> None:
        if folder.is_to_stop:
            raise Stopped
        folder.tell(Progress(phase, done, total))

    return progress


def _check(job: ImportJob, folder: JobFolder) -> None:
    if job.is_for_layer:
        check_layer(job, folder, _told(folder, "checking"))
        return
    report = _import(job, JobJournal(folder, "checking"), dry_run=True)
    _end_checked(job, report)


def _store(job: ImportJob, folder: JobFolder) -> None:
    if job.is_scene:
        store_scene(job, folder, _told(folder, "converting"))
    elif job.is_for_layer:
        store_layer(job, folder, _told(folder, "writing"))
    else:
        _store_sites(job, folder)
    if job.state != JobState.STORED:  # refused, or the city has changed since the check
        return
    folder.remove_parts()
    ImportJob.objects.filter(pk=job.pk).update(has_files=False)


def _import(job: ImportJob, journal: JobJournal, *, dry_run: bool) -> ImportReport:
    if job.programme is None:
        raise HttpProblem(_("The programme is no longer there."))
    options = chosen_options(job)
    try:
        report = import_sites(
            job.programme, parts_of(job), options, by=job.asker, dry_run=dry_run, journal=journal
        )
    except BaseException:
        journal.report.drop()
        raise
    journal.report.add_problems(report.problems, report.codes)
    journal.report.finish()
    return report


def _end_checked(job: ImportJob, report: ImportReport) -> None:
    whole = [problem for problem in report.problems if problem.feature is None]
    findings = {**job.findings, "report": problem_words(whole), "can_store": not report.refused}
    jobs.finish(job, JobState.CHECKED, counts=counts_of(report), findings=findings)


def _store_sites(job: ImportJob, folder: JobFolder) -> None:
    report = _import(job, StoreJournal(job, folder), dry_run=False)
    if not report.stored:
        _end_checked(job, report)


def _undo(job: ImportJob, folder: JobFolder) -> None:
    if job.is_for_layer:
        undo_layer(job)
    else:
        undo_import(job, by=job.asker, progress=_told(folder, "undoing"))


def undo_refusal(refused: UndoRefused) -> str:
    """Which sites stand in the way."""
    codes = "、".join(refused.codes) or "—"
    return str(_TOUCHED) % {"count": refused.count, "codes": codes}


_WORK: dict[JobState, Callable[[ImportJob, JobFolder], None]] = {
    JobState.INSPECTING: _inspect,
    JobState.CHECKING: _check,
    JobState.STORING: _store,
    JobState.UNDOING: _undo,
}


@contextmanager
def rare_collections() -> Iterator[None]:
    """Rows come and go by the hundred thousand without cycles; looking for some takes a sixth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
