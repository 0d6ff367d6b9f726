"""Forgetting what imports keep so that they can be undone, and those that came to nothing."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from layers.loading import prune_before
from projects.importing.folder import JobFolder
from projects.importing.uploads import sweep
from projects.models import ImportedRow, ImportJob, JobState

UNDO_DAYS = 180
ENDED_DAYS = 90
_ENDED = (JobState.FAILED, JobState.CANCELLED, JobState.UNDONE)


@dataclass(frozen=True)
class Pruned:
    """How many imports can no longer be undone, with how many notes; and how many ended ones are gone."""

    imports: int
    rows: int
    ended: int


def prune_imports(undo_days: int = UNDO_DAYS, ended_days: int = ENDED_DAYS) -> Pruned:
    """Forget the notes of imports stored more than ``undo_days`` ago, and what ended ``ended_days`` ago otherwise.

    The stored import itself stays, with its counts and who sent it; what it did to each site is in the audit trail.
    What a layer's file replaced goes with the possibility to show it again. Files that wait for nobody go as well.
    """
    sweep()
    now = timezone.now()
    old = ImportJob.objects.filter(
        state=JobState.STORED, pruned_at=None, stored_at__lt=now - dt.timedelta(days=undo_days)
    )
    imports = rows = 0
    for job in old.select_related("layer_batch"):
        with transaction.atomic():
            # The state again, in one statement: an undo that began meanwhile keeps its notes.
            if not old.filter(pk=job.pk).update(pruned_at=now):
                continue
            rows += ImportedRow.objects.filter(job=job).delete()[0]
            if job.layer_batch is not None:
                prune_before(job.layer_batch)
            imports += 1
    return Pruned(imports, rows, _forget_ended(now - dt.timedelta(days=ended_days)))


def _forget_ended(before: dt.datetime) -> int:
    ended = ImportJob.objects.filter(state__in=_ENDED, changed_at__lt=before)
    found = list(ended.values_list("pk", flat=True))
    for pk in found:
        JobFolder(pk).remove()
    ended.filter(pk__in=found).delete()
    return len(found)
