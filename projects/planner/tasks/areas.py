"""Which inspector works on which districts and programmes, and until when."""

import datetime as dt

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from gis_projects.http.problems import NotFound
from projects.access import require_planner
from projects.models import Assignment, Site
from projects.planner.tasks.area_form import AreaForm
from projects.planner.tasks.form import inspectors
from projects.querysets import WorkArea


@require_http_methods(["GET", "HEAD", "POST"])
def areas(request: HttpRequest) -> HttpResponse:
    """All inspectors with what is theirs now or later, and the form that gives them more."""
    user = require_planner(request)
    form = AreaForm(request.POST or None, planner=user)
    if request.method == "POST" and form.is_valid():
        row = form.save()
        messages.success(request, _("Given to %(name)s.") % {"name": row.user})
        return redirect("planner-areas")
    context = {"people": _people(user), "form": form, "today": timezone.localdate()}
    return render(request, "planner/tasks/areas.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Today is its last day; one that has not begun yet is taken away."""
    user = require_planner(request)
    row = _current().filter(pk=number, user__in=inspectors()).first()
    if row is None or not WorkArea(user).covers(row.programme_id, row.district_id):
        raise NotFound()
    today = timezone.localdate()
    if row.begins_on is not None and row.begins_on > today:
        row.delete()
        said = _("Withdrawn before it began: %(name)s never works there.")
    else:
        row.ends_on = today
        row.save()
        said = _("Today is the last day of it for %(name)s.")
    messages.success(request, said % {"name": row.user})
    return redirect("planner-areas")


def _people(planner: User) -> list[User]:
    """With ``areas``, each of which says whether this planner may end it, and the numbers of open and late tasks."""
    own = Q(site_assignments__site__in=Site.objects.editable_by(planner).values("pk"))
    pending = own & Q(
        site_assignments__done_at__isnull=True, site_assignments__withdrawn_at__isnull=True
    )
    late = pending & Q(site_assignments__due_on__lt=timezone.localdate())
    rows = inspectors().annotate(
        pending=Count("site_assignments", filter=pending),
        late=Count("site_assignments", filter=late),
    )
    people = list(rows.prefetch_related(Prefetch("assignments", _current(), to_attr="areas")))
    reach = WorkArea(planner)
    for person in people:
        for row in person.areas:
            row.is_mine_to_end = reach.covers(row.programme_id, row.district_id)
    return people


def _current() -> "QuerySet[Assignment]":
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    rows = Assignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=yesterday))
    return rows.select_related("user", "district", "programme").defer(
        "district__geom", "programme__attribute_schema"
    )
