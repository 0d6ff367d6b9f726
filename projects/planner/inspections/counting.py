"""What the calendar shows: sites visited and due on each day, and the visits of one day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from projects.models import Inspection, SiteAssignment
from projects.office_filters import Days
from projects.planner.inspections.month import Month
from projects.querysets import SiteQuerySet

MOST_LISTED = 200


@dataclass(frozen=True)
class Chosen:
    """What the calendar is narrowed to. inspector: a user name, empty for all."""

    sites: SiteQuerySet
    inspector: str

    def visits(self, days: Days) -> "QuerySet[Inspection]":
        rows = Inspection.objects.filter(days.visits(), site__in=self.sites)
        return rows.filter(inspector__username=self.inspector) if self.inspector else rows

    def tasks(self) -> "QuerySet[SiteAssignment]":
        rows = SiteAssignment.objects.open().filter(site__in=self.sites)
        return rows.filter(user__username=self.inspector) if self.inspector else rows


@dataclass(frozen=True)
class Cell:
    """visited, due: how many sites, each counted once a day however often somebody was there."""

    day: dt.date
    visited: int
    due: int


@dataclass(frozen=True)
class Totals:
    """visited: sites with a visit in the month; late: sites whose day has passed; latest: the last visit of all."""

    visited: int
    due: int
    late: int
    latest: dt.date | None


def cells(chosen: Chosen, month: Month) -> list[list[Cell | None]]:
    """Two queries."""
    visited, due = _visited(chosen, month), _due(chosen, month)
    return [
        [None if day is None else Cell(day, visited.get(day, 0), due.get(day, 0)) for day in week]
        for week in month.weeks()
    ]


def totals(chosen: Chosen, month: Month) -> Totals:
    """Four queries."""
    within = Days(month.first, month.last)
    sites = Count("site", distinct=True)
    tasks = chosen.tasks()
    latest = chosen.visits(Days(None, None)).order_by("-inspected_at").values_list("inspected_at")
    last = latest.first()
    return Totals(
        visited=chosen.visits(within).aggregate(n=sites)["n"],
        due=tasks.filter(within.due()).aggregate(n=sites)["n"],
        late=tasks.filter(due_on__lt=timezone.localdate()).aggregate(n=sites)["n"],
        latest=None if last is None else timezone.localdate(last[0]),
    )


def visits_on(chosen: Chosen, day: dt.date) -> Sequence[Inspection]:
    """The first of the day to the last, with what a list shows of each."""
    rows = chosen.visits(Days(day, day)).select_related(
        "inspector", "site__programme", "site__district", "site__state"
    )
    rows = rows.defer("site__geom", "site__public_geom", "site__district__geom")
    found = rows.annotate(pictures=Count("photos")).order_by("inspected_at")
    return list(found[:MOST_LISTED])


def due_on(chosen: Chosen, day: dt.date) -> Sequence[SiteAssignment]:
    rows = (
        chosen.tasks()
        .filter(due_on=day)
        .select_related("user", "site__programme", "site__district")
    )
    rows = rows.defer("site__geom", "site__public_geom", "site__district__geom")
    return list(rows[:MOST_LISTED])


def _visited(chosen: Chosen, month: Month) -> Mapping[dt.date, int]:
    rows = chosen.visits(Days(month.first, month.last)).order_by()
    found = rows.annotate(day=TruncDate("inspected_at")).values("day")
    return dict(found.annotate(n=Count("site", distinct=True)).values_list("day", "n"))


def _due(chosen: Chosen, month: Month) -> Mapping[dt.date | None, int]:
    rows = chosen.tasks().filter(Days(month.first, month.last).due()).order_by()
    found = rows.values("due_on").annotate(n=Count("site", distinct=True))
    return dict(found.values_list("due_on", "n"))
