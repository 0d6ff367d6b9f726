"""Filters that ask for evidence: what was visited when and by whom, what is asked for, what lacks photographs.

``visited`` and ``due`` take a day or an interval of days as OGC API writes it (``2026-11-01/2026-11-30``, ``..`` for an
open side), ``due`` also ``open`` and ``late``; ``inspector`` is a user name; ``evidence`` one of ``EVIDENCE``, with
``days`` for ``stale``. They are the staff's, and narrow every list and map to sites that the reader works on.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gis_projects.http.params import choices, whole_number
from gis_projects.http.problems import ParameterInvalid, ParameterUnknown
from projects.models import Inspection, Phase, Photo, PhotoRole, Site, SiteAssignment
from projects.querysets import SiteQuerySet

PARAMETERS = frozenset({"visited", "inspector", "due", "evidence", "days"})
DONE_PHASES = (Phase.COMPLETED, Phase.ACCEPTED)
# As long as the tablet's list waits before it says so: static/js/field/urgency.js.
STALE_DAYS = 30
OPEN, LATE = "open", "late"
EVIDENCE: Mapping[str, str] = {
    "none": gettext_lazy("Without any photograph"),  # type: ignore[dict-item]
    "stale": gettext_lazy("Not finished, without a recent photograph"),  # type: ignore[dict-item]
    "finished": gettext_lazy("Finished, without a photograph from after"),  # type: ignore[dict-item]
}


@dataclass(frozen=True)
class Days:
    """Both are among them, by the city's calendar; None is open."""

    first: dt.date | None
    last: dt.date | None

    def visits(self) -> Q:
        """Of inspections."""
        found = Q()
        if self.first is not None:
            found &= Q(inspected_at__gte=_midnight(self.first))
        if self.last is not None:
            found &= Q(inspected_at__lt=_midnight(self.last + dt.timedelta(days=1)))
        return found

    def due(self) -> Q:
        """Of site assignments."""
        found = Q()
        if self.first is not None:
            found &= Q(due_on__gte=self.first)
        if self.last is not None:
            found &= Q(due_on__lte=self.last)
        return found

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return " – ".join("…" if day is None else str(day) for day in (self.first, self.last))


def narrowed(request: HttpRequest, rows: SiteQuerySet) -> SiteQuerySet:
    """Raises ParameterUnknown for the public, ParameterInvalid for a value that is none."""
    names = [name for name in sorted(PARAMETERS) if request.GET.get(name)]
    if not names:
        return rows
    user = request.user
    if not isinstance(user, User):
        raise ParameterUnknown(parameter=names[0])
    rows = rows.filter(pk__in=Site.objects.editable_by(user).values("pk"))
    who = request.GET.get("inspector", "")
    visited, due = days(request, "visited"), request.GET.get("due", "")
    if visited is not None or (who and not due):
        rows = rows.filter(pk__in=_visits(visited or Days(None, None), who).values("site"))
    if due:
        rows = rows.filter(pk__in=_tasks(request, due, who).values("site"))
    for kind in choices(request, "evidence", EVIDENCE):
        rows = rows.filter(lacks(kind, stale_days(request)))
    return rows


def lacks(kind: str, after_days: int = STALE_DAYS) -> Q:
    """Sites without the evidence that ``kind`` is about. A picture whose time nobody knows does not count as recent."""
    photos = Photo.objects.filter(site=OuterRef("pk"))
    if kind == "none":
        return ~Q(Exists(photos))
    is_done = Q(state__phase__in=DONE_PHASES)
    if kind == "finished":
        return is_done & ~Q(Exists(photos.filter(role=PhotoRole.AFTER)))
    since = _midnight(timezone.localdate() - dt.timedelta(days=after_days))
    return ~is_done & ~Q(Exists(photos.filter(taken_at__gte=since)))


def stale_days(request: HttpRequest) -> int:
    return whole_number(request, "days", STALE_DAYS, 1, 3_650)


def days(request: HttpRequest, name: str) -> Days | None:
    """None when absent; raises ParameterInvalid."""
    text = request.GET.get(name, "")
    if not text:
        return None
    parts = text.split("/")
    try:
        if len(parts) == 1:
            return Days(dt.date.fromisoformat(text), dt.date.fromisoformat(text))
        first, last = (None if part == ".." else dt.date.fromisoformat(part) for part in parts)
    except ValueError as error:
        raise ParameterInvalid(
            _("“%(name)s” must be a day, or two with a slash between them.") % {"name": name},
            parameter=name,
        ) from error
    return Days(first, last)


def told(request: HttpRequest) -> list[str]:
    """What the address asks for, in the reader's words: above a list and a map."""
    words = []
    visited, due, who = (
        days(request, "visited"),
        request.GET.get("due", ""),
        request.GET.get("inspector"),
    )
    if visited is not None:
        words.append(_("Visited: %(days)s") % {"days": visited})
    if due:
        words.append(_due_words(request, due))
    if who:
        found = User.objects.filter(username=who).first()
        words.append(_("Inspector: %(name)s") % {"name": found or who})
    for kind in choices(request, "evidence", EVIDENCE):
        after = f" ({stale_days(request)})" if kind == "stale" else ""
        words.append(f"{EVIDENCE[kind]}{after}")
    return words


def _due_words(request: HttpRequest, due: str) -> str:
    if due == OPEN:
        return _("Asked for")
    if due == LATE:
        return _("Asked for, and late")
    return _("Asked for until: %(days)s") % {"days": days(request, "due")}


def _visits(visited: Days, who: str) -> "QuerySet[Inspection]":
    rows = Inspection.objects.filter(visited.visits())
    return rows.filter(inspector__username=who) if who else rows


def _tasks(request: HttpRequest, due: str, who: str) -> "QuerySet[SiteAssignment]":
    rows = SiteAssignment.objects.open()
    if who:
        rows = rows.filter(user__username=who)
    if due == OPEN:
        return rows
    if due == LATE:
        return rows.filter(due_on__lt=timezone.localdate())
    found = days(request, "due")
    return rows if found is None else rows.filter(found.due(), due_on__isnull=False)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
