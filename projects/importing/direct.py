"""An import by the command: no upload and no worker, but the same job, so that it can be undone."""

from pathlib import Path

from layers.importing.archive import Part
from projects.importing.folder import JobFolder
from projects.importing.report import ImportOptions, ImportReport
from projects.importing.run import import_sites
from projects.importing.work import StoreJournal, counts_of
from projects.models import ImportJob, JobState, Programme


def import_files(
    programme: Programme, parts: list[Path | Part], options: ImportOptions
) -> tuple[ImportReport, ImportJob | None]:
    """Import as projects.importing.import_sites does, and keep a job of it; None when nothing was stored.

    Raises layers.importing.problems.ImportRefused, RevisionConflict.
    """
    job = ImportJob.objects.create(
        state=JobState.STORING,
        programme=programme,
        title=str(parts[0].name)[:200],
        address="command",
    )
    folder = JobFolder(job.pk)
    folder.make()
    journal = StoreJournal(job, folder)
    try:
        with folder.beating():
            report = import_sites(
                programme, parts, options, by=None, dry_run=False, journal=journal
            )
    except BaseException:
        _forget(job, folder, journal)
        raise
    if not report.stored:
        _forget(job, folder, journal)
        return report, None
    journal.report.add_problems(report.problems, report.codes)
    journal.report.finish()
    job.counts = counts_of(report)
    job.title = report.file[:200]
    job.save(update_fields=["title"])
    return report, job


def _forget(job: ImportJob, folder: JobFolder, journal: StoreJournal) -> None:
    journal.report.drop()
    folder.remove()
    ImportJob.objects.filter(pk=job.pk).delete()
