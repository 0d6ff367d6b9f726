"""A worker's part of an import whose target is a reference layer: check, store and take back a batch of features."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts import audit
from layers.loading import LayerOptions, LayerReport, import_layer, undo
from projects import trail
from projects.access import require_whole_city
from projects.importing import jobs
from projects.importing.folder import JobFolder
from projects.importing.options import chosen_options
from projects.importing.reach import around_the_city
from projects.importing.row_report import RowReportWriter
from projects.importing.telling import problem_words
from projects.importing.uploads import parts_of
from projects.models import ImportJob, JobState

Progress = Callable[[int, int | None], None]


def check_layer(job: ImportJob, folder: JobFolder, progress: Progress) -> None:
    """Say what an import would do; nothing is stored. Raises NotAllowed, as the next two do."""
    require_whole_city(job.asker)
    report = import_layer(
        parts_of(job), layer_options(job), by=job.asker, dry_run=True, progress=progress
    )
    _end_checked(job, folder, report)


def store_layer(job: ImportJob, folder: JobFolder, progress: Progress) -> None:
    """Store the features and end the job, in one transaction."""
    require_whole_city(job.asker)  # asked again: he may have been given a district since
    with transaction.atomic(), audit.gathered():
        report = import_layer(
            parts_of(job), layer_options(job), by=job.asker, dry_run=False, progress=progress
        )
        if report.stored:
            jobs.finish(
                job,
                JobState.STORED,
                counts=_counts(report),
                stored_at=timezone.now(),
                layer_batch=report.batch,
            )
            trail.import_stored(job, by=job.asker)
    if not report.stored:
        _end_checked(job, folder, report)


def undo_layer(job: ImportJob) -> None:
    """Take the batch back; what it replaced is shown again. Raises RevisionConflict when another came after it."""
    require_whole_city(job.asker)
    with transaction.atomic(), audit.gathered():
        jobs.refuse_pruned(job)
        if job.layer_batch is not None:
            undo(job.layer_batch, by=job.asker)
        jobs.finish(job, JobState.UNDONE, layer_batch=None)
        trail.import_undone(job, by=job.asker)


def layer_options(job: ImportJob) -> LayerOptions:
    """What the person chose; a file's CRS is guessed around the city."""
    target, given = job.options["target_layer"], job.options
    return LayerOptions(
        key=target["key"],
        name=target["name"],
        mode=target["mode"],
        name_column=target["name_column"] or None,
        publish=target["publish"],
        bbox=around_the_city(),
        encoding=given.get("encoding"),
        crs=given.get("crs"),
        handling=chosen_options(job).handling,
        layer=given.get("layer"),
    )


def _counts(report: LayerReport) -> dict[str, int]:
    refused = {problem.feature for problem in report.refused if problem.feature is not None}
    return {"created": report.count, "updated": 0, "unchanged": 0, "refused": len(refused)}


def _end_checked(job: ImportJob, folder: JobFolder, report: LayerReport) -> None:
    writer = RowReportWriter(folder.rows)
    writer.add_problems(report.problems, {})
    writer.finish()
    whole = [problem for problem in report.problems if problem.feature is None]
    findings = {**job.findings, "report": problem_words(whole), "can_store": not report.refused}
    jobs.finish(job, JobState.CHECKED, counts=_counts(report), findings=findings)
