"""Asking an inspector to visit single sites, and what becomes of it: the one writer of SiteAssignment.

Each verb leaves an entry in the site's trail, by which tablets find it with their next changes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from projects import trail
from projects.models import Inspection, Site, SiteAssignment


@dataclass(frozen=True)
class Request:
    """What is asked. begins_on, due_on: days by the city's calendar; due_on None leaves the day open."""

    begins_on: dt.date
    due_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """How many sites were newly asked for, and how many open requests have other days or another note now."""

    new: int
    changed: int


@transaction.atomic
@audit.gathered()
def ask(sites: Sequence[Site], inspector: User, request: Request, *, by: User) -> Asked:
    """Ask for each site once: where the inspector is asked already, the days and the note are changed.

    The caller has made sure that ``by`` may edit the sites and that ``inspector`` is one.
    """
    User.objects.select_for_update(no_key=True).get(
        pk=inspector.pk
    )  # one at a time for each inspector
    own = SiteAssignment.objects.filter(user=inspector, site__in=[site.pk for site in sites])
    there = {row.site_id: row for row in own.open()}
    new = [_made(site, inspector, request, by) for site in sites if site.pk not in there]
    SiteAssignment.objects.bulk_create(new, batch_size=500)
    by_site = {site.pk: site for site in sites}
    for row in new:
        trail.site_asked(by_site[row.site_id], None, row.told(), by=by)
    changed = [row for row in there.values() if _differs(row, request)]
    for row in changed:
        row.user = inspector
        former = row.told()
        _write(row, request, by)
        trail.site_asked(by_site[row.site_id], former, row.told(), by=by)
    return Asked(len(new), len(changed))


@transaction.atomic
@audit.gathered()
def withdraw(row: SiteAssignment, *, by: User) -> bool:
    """Take the request back. False when there is nothing left to take back: it was answered meanwhile."""
    rows = SiteAssignment.objects.filter(pk=row.pk).open()
    if not rows.update(withdrawn_at=timezone.now()):
        return False
    trail.site_asked(row.site, row.told(), None, by=by)
    return True


def answer(site: Site, inspection: Inspection) -> None:
    """A visit answers what its inspector was asked for on its day or before. Inside the visit's transaction."""
    if inspection.inspector_id is None:
        return
    day = timezone.localdate(inspection.inspected_at)
    rows = SiteAssignment.objects.filter(
        site=site, user=inspection.inspector_id, begins_on__lte=day
    )
    for row in rows.open().select_related("user"):
        row.done_at, row.inspection = timezone.now(), inspection
        row.save(update_fields=["done_at", "inspection"])
        trail.site_asked(site, row.told(), None, by=inspection.inspector)


def _made(site: Site, inspector: User, request: Request, by: User) -> SiteAssignment:
    row = SiteAssignment(site=site, user=inspector, asked_by=by)
    row.begins_on, row.due_on, row.note = request.begins_on, request.due_on, request.note
    return row


def _differs(row: SiteAssignment, request: Request) -> bool:
    return (row.begins_on, row.due_on, row.note) != (
        request.begins_on,
        request.due_on,
        request.note,
    )


def _write(row: SiteAssignment, request: Request, by: User) -> None:
    row.begins_on, row.due_on, row.note = request.begins_on, request.due_on, request.note
    row.asked_by = by
    row.save(update_fields=["begins_on", "due_on", "note", "asked_by"])
