"""The states of an import job: who may lead it where, and what happens when two try, a worker dies or somebody stops.

Every step is one UPDATE that names the state it comes from, so of two that want the same only one finds the row.
``run`` names the attempt: what a worker that was given up for dead still says is not heard any more.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_projects.http.problems import ImportBusy, UndoExpired
from projects.importing.folder import SILENT_S, JobFolder
from projects.importing.telling import Words, in_every_language
from projects.models import ImportJob, JobState
from projects.models.importing import WORKING

_DIED = _("The worker stopped in the middle of it. Nothing was stored by halves; try again.")
_BROKE = _("Something went wrong on our side. Nothing was stored by halves; try again.")
_LEADS_TO: dict[JobState, frozenset[JobState]] = {
    JobState.INSPECTING: frozenset(
        {JobState.UPLOADING, JobState.READY, JobState.CHECKED, JobState.FAILED}
    ),
    JobState.CHECKING: frozenset({JobState.READY, JobState.CHECKED, JobState.FAILED}),
    JobState.STORING: frozenset({JobState.CHECKED, JobState.FAILED}),
    JobState.UNDOING: frozenset({JobState.STORED}),
}
# A picture is looked at and stored; what it became is removed as any scene is.
_SCENE_LEADS_TO: dict[JobState, frozenset[JobState]] = {
    JobState.INSPECTING: frozenset({JobState.UPLOADING, JobState.READY, JobState.FAILED}),
    JobState.STORING: frozenset({JobState.READY, JobState.FAILED}),
}
# Those in which a person may still choose, or let go.
OPEN = frozenset({JobState.UPLOADING, JobState.READY, JobState.CHECKED, JobState.FAILED})


class Stopped(Exception):
    """Somebody asked to stop; raised by a worker's own journal to leave the transaction."""


class Superseded(Exception):
    """The job was given to another attempt in the meantime; nothing of this one may be stored."""


def begin(job: ImportJob, state: JobState, **changes: Any) -> None:
    """Lead the job into a working state and queue the work. changes: columns that are written with it.

    Raises ImportBusy when the job is not in a state that leads there: of two calls, one wins. UndoExpired when what an
    undo needs was forgotten.
    """
    from projects.importing.tasks import run_job

    folder = JobFolder(job.pk)
    run = uuid.uuid4()
    with transaction.atomic():
        values = {"state": state, "run": run, "messages": [], "failed_at": "", **changes}
        leads_to = _SCENE_LEADS_TO if job.is_scene else _LEADS_TO
        if state == JobState.UNDOING:
            refuse_pruned(job)
        if not _update(job, leads_to.get(state, frozenset()), values):
            raise ImportBusy()
        folder.begin()
        run_job.enqueue(str(job.pk), str(run))
    job.refresh_from_db()


def refuse_pruned(job: ImportJob) -> None:
    """Raises UndoExpired when what an undo needs was forgotten."""
    if ImportJob.objects.filter(pk=job.pk, pruned_at__isnull=False).exists():
        raise UndoExpired()


def finish(job: ImportJob, state: JobState, **changes: Any) -> None:
    """A worker's last word on its attempt. Raises Superseded when the job is no longer its own."""
    values = {"state": state, "run": None, **changes}
    rows = ImportJob.objects.filter(pk=job.pk, run=job.run, state=job.state)
    if not rows.update(changed_at=timezone.now(), **values):
        raise Superseded
    for name, value in values.items():
        setattr(job, name, value)


def fail(job: ImportJob, messages: Sequence[Words] | None = None) -> None:
    """End an attempt in words. An import that could not be undone is still one that is stored."""
    words = list(messages or [in_every_language(lambda: _BROKE)])
    if job.state == JobState.UNDOING:
        finish(job, JobState.STORED, messages=words)
    else:
        finish(job, JobState.FAILED, messages=words, failed_at=job.state)


def step_back(job: ImportJob) -> None:
    """After a stop: where the attempt had come from."""
    back = {
        JobState.INSPECTING: JobState.READY if job.findings else JobState.CANCELLED,
        JobState.CHECKING: JobState.READY,
        JobState.STORING: JobState.READY if job.is_scene else JobState.CHECKED,
        JobState.UNDOING: JobState.STORED,
    }
    finish(job, back[JobState(job.state)])


def cancel(job: ImportJob) -> None:
    """Stop what is being done; of a job that waits for a person, let go altogether. Raises ImportBusy."""
    folder = JobFolder(job.pk)
    if job.state in WORKING:
        folder.ask_to_stop()
        if folder.silence_s is None:  # no worker has it yet, and none will take it
            try:
                step_back(job)
            except Superseded as error:
                raise ImportBusy() from error
    elif _update(job, OPEN, {"state": JobState.CANCELLED, "has_files": False, "run": None}):
        folder.remove()
    else:
        raise ImportBusy()
    job.refresh_from_db()


def retry(job: ImportJob, **changes: Any) -> None:
    """Begin again what failed, as ``begin`` does. Raises ImportBusy for a job that did not fail."""
    if job.state != JobState.FAILED or not job.failed_at:
        raise ImportBusy()
    begin(job, JobState(job.failed_at), **changes)


def notice_silence(job: ImportJob) -> ImportJob:
    """A job whose worker has not been heard of for a minute says so from now on."""
    silence = JobFolder(job.pk).silence_s
    if job.state in WORKING and silence is not None and silence > SILENT_S:
        try:
            fail(job, [in_every_language(lambda: _DIED)])
        except Superseded:
            job.refresh_from_db()
    return job


def _update(job: ImportJob, states: frozenset[JobState], values: dict[str, Any]) -> int:
    rows = ImportJob.objects.filter(pk=job.pk, state__in=states)
    return rows.update(changed_at=timezone.now(), **values)
