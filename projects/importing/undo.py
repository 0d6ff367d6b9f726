"""Taking back a whole import: its new sites go, its changed ones get their old values, unless touched since."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.query import QuerySet

from accounts import audit
from accounts.models import User
from projects import editing, trail
from projects.bulk.removal import remove_sites
from projects.importing import jobs
from projects.importing.record import CREATED, UNCHANGED, UPDATED, unpacked
from projects.models import (
    ImportedRow,
    ImportJob,
    Inspection,
    JobState,
    Photo,
    ScenePair,
    Site,
    Transition,
)

Progress = Callable[[int, int], None]
TOLD = 200


class UndoRefused(Exception):
    """Sites were touched after the import. codes: the first of them; count: all; a site that is gone has no code."""

    def __init__(self, codes: Sequence[str], count: int) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes
        self.count = count


def undo_import(
    job: ImportJob, *, by: User | None, progress: Progress = lambda done, total: None
) -> None:
    """Take back everything or nothing, in one transaction; the job is then ``undone``.

    Sites that the file left unchanged are not looked at. Raises UndoRefused, UndoExpired when the notes are gone, and
    jobs.Superseded when somebody else was quicker.
    """
    with transaction.atomic(), audit.gathered():
        jobs.refuse_pruned(job)
        rows = ImportedRow.objects.filter(job=job).exclude(outcome=UNCHANGED)
        _lock(rows)
        _refuse_touched(rows)
        total = rows.count()
        done = _restore(rows.filter(outcome=UPDATED), by, lambda count: progress(count, total))
        made = list(rows.filter(outcome=CREATED).values_list("site", flat=True))
        if job.programme is not None:
            remove_sites(
                job.programme, made, by=by, progress=lambda count: progress(done + count, total)
            )
        jobs.finish(job, JobState.UNDONE)
        trail.import_undone(job, by=by)


def touched_rows(rows: QuerySet[ImportedRow]) -> QuerySet[ImportedRow]:
    """Those whose site was changed, moved, visited, photographed or removed after the import."""
    here = Site.objects.filter(pk=OuterRef("site"))
    rows = rows.annotate(now=Subquery(here.values("revision")[:1]))
    own = Q(site=OuterRef("site"))
    evidence = (
        Exists(Inspection.objects.filter(own))
        | Exists(Photo.objects.filter(own))
        | Exists(ScenePair.objects.filter(own))
        | Exists(Transition.objects.filter(own, step__isnull=False))
    )
    changed = Q(now__isnull=True) | ~Q(now=F("revision"))
    return rows.filter(changed | (Q(outcome=CREATED) & Q(evidence)))


def _lock(rows: QuerySet[ImportedRow]) -> None:
    """Nobody changes these sites until the transaction ends (on SQLite nobody writes anyway)."""
    sites = Site.objects.filter(pk__in=rows.values("site")).order_by("pk")
    for _pk in sites.select_for_update(of=("self",)).values_list("pk").iterator():
        pass


def _refuse_touched(rows: QuerySet[ImportedRow]) -> None:
    touched = touched_rows(rows)
    count = touched.count()
    if count:
        first = touched.values("site")[:TOLD]
        codes = Site.objects.filter(pk__in=list(first.values_list("site", flat=True)))
        raise UndoRefused(list(codes.order_by("code").values_list("code", flat=True)), count)


def _restore(rows: QuerySet[ImportedRow], by: User | None, progress: Callable[[int], None]) -> int:
    done = 0
    for row in rows.iterator():
        former = unpacked(row.former or {"plain": {}})
        editing.update_site(
            Site.objects.get(pk=row.site),
            former["plain"],
            base_revision=row.revision,
            geom=former["geom"],
            is_whole=True,
            new_attributes=former["attributes"],
            by=by,
        )
        done += 1
        progress(done)
    return done
