"""When what was visited, and what is due: a month, and one day of it."""

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http.params import refuse_unknown
from gis_projects.http.problems import ParameterInvalid
from projects import filters
from projects.access import require_planner
from projects.models import District, Programme, Site
from projects.planner.inspections import counting
from projects.planner.inspections.month import Month
from projects.planner.tasks.form import inspectors

_NARROWING = ("inspector", "programme", "district")


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """``?month=2026-11&day=2026-11-24``, narrowed by ``inspector``, ``programme`` and ``district``."""
    user = require_planner(request)
    refuse_unknown(request, {"month", "day", *_NARROWING})
    day = _day(request)
    shown = _month(request, day)
    if day is None and "month" not in request.GET:
        day = timezone.localdate()
    own = filters.of_place(request, Site.objects.editable_by(user))
    chosen = counting.Chosen(own, request.GET.get("inspector", ""))
    narrowing = {name: request.GET[name] for name in _NARROWING if request.GET.get(name)}
    context = {
        "month": shown,
        "weeks": counting.cells(chosen, shown),
        "totals": counting.totals(chosen, shown),
        "weekdays": list(zip(WEEKDAYS.values(), WEEKDAYS_ABBR.values(), strict=True)),
        "today": timezone.localdate(),
        "day": day,
        "visits": [] if day is None else counting.visits_on(chosen, day),
        "tasks": [] if day is None else counting.due_on(chosen, day),
        "most": counting.MOST_LISTED,
        "inspectors": inspectors(),
        "programmes": Programme.objects.defer("attribute_schema"),
        "districts": District.objects.defer("geom"),
        "chosen": request.GET,
        "narrowing": f"&{urlencode(narrowing)}" if narrowing else "",
    }
    return render(request, "planner/inspections/calendar.html", context)


def _month(request: HttpRequest, day: dt.date | None) -> Month:
    text = request.GET.get("month", "")
    if not text:
        return Month.of(day or timezone.localdate())
    try:
        return Month.read(text)
    except ValueError as error:
        raise ParameterInvalid(
            _("“%(name)s” must be a month such as 2026-11.") % {"name": "month"}, parameter="month"
        ) from error


def _day(request: HttpRequest) -> dt.date | None:
    text = request.GET.get("day", "")
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
        Month.read(f"{Month.of(day)}")
    except ValueError as error:
        raise ParameterInvalid(
            _("“%(name)s” must be a day such as 2026-11-24.") % {"name": "day"}, parameter="day"
        ) from error
    return day
