"""The list of what inspectors are asked for, and the page on which sites are given to one."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from gis_projects.http.params import choices, refuse_unknown
from gis_projects.http.problems import NotFound, RequestInvalid
from projects import assigning, filters
from projects.access import require_planner
from projects.models import Site, SiteAssignment
from projects.planner.tasks.form import TaskForm, inspectors
from projects.planner.views import filtered_sites, listing
from projects.querysets import SiteQuerySet

PAGE_SIZE = 50
# As many as a person can look over before asking for them.
MOST_AT_ONCE = 300
SHOWN = {
    "open": gettext_lazy("Open"),
    "late": gettext_lazy("Late"),
    "done": gettext_lazy("Visited"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
_LIST = filters.PARAMETERS | {"import", "outcome", "site", "page"}


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """``?show=open`` (or late, done, withdrawn) with ``inspector``, ``programme`` and ``district``."""
    user = require_planner(request)
    refuse_unknown(request, {"show", "inspector", "programme", "district", "page"})
    show = (choices(request, "show", SHOWN) or ["open"])[0]
    rows = SiteAssignment.objects.filter(_by_show(show), site__in=_own(request, user))
    if who := request.GET.get("inspector"):
        rows = rows.filter(user__username=who)
    rows = rows.select_related(
        "user", "asked_by", "inspection", "site__programme", "site__district"
    ).defer("site__geom", "site__public_geom", "site__district__geom")
    context = listing(request, rows, PAGE_SIZE) | {
        "show": show,
        "shown": SHOWN.items(),
        "inspectors": inspectors(),
    }
    return render(request, "planner/tasks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask an inspector for the sites of a filtered list, or for the one that ``site`` names."""
    user = require_planner(request)
    refuse_unknown(request, _LIST)
    rows = _wanted(request, user)
    total = rows.count()
    form = TaskForm(request.POST or None)
    chosen = _chosen(request, rows) if request.method == "POST" else None
    if chosen is not None and not chosen:
        form.add_error(None, _("Choose at least one site."))
    if chosen and form.is_valid():
        return _ask(request, chosen, form, user)
    pending = SiteAssignment.objects.open().select_related("user")
    shown = rows.prefetch_related(Prefetch("assignments", pending, to_attr="pending"))
    context: dict[str, Any] = {
        "sites": shown[:MOST_AT_ONCE],
        "total": total,
        "is_cut": total > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "form": form,
        "kept": None if chosen is None else {site.pk for site in chosen},
        "query": request.GET.urlencode(),
    }
    return render(request, "planner/tasks/new.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back the chosen ones, ``task`` each, as far as they are open still."""
    user = require_planner(request)
    numbers = request.POST.getlist("task")
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise RequestInvalid("task")
    own = SiteAssignment.objects.filter(site__in=Site.objects.editable_by(user).values("pk"))
    rows = own.filter(pk__in=[int(number[:15]) for number in numbers[:PAGE_SIZE]]).open()
    found = list(rows.select_related("site", "user"))
    if numbers and not found:
        raise NotFound()
    count = sum(assigning.withdraw(row, by=user) for row in found)
    messages.success(request, _("Withdrawn: %(count)s.") % {"count": count})
    return redirect("planner-tasks")


def _own(request: HttpRequest, user: User) -> SiteQuerySet:
    return filters.of_place(request, Site.objects.editable_by(user))


def _by_show(show: str) -> Q:
    if show == "done":
        return Q(done_at__isnull=False)
    if show == "withdrawn":
        return Q(withdrawn_at__isnull=False)
    pending = Q(done_at__isnull=True, withdrawn_at__isnull=True)
    return pending & Q(due_on__lt=timezone.localdate()) if show == "late" else pending


def _wanted(request: HttpRequest, user: User) -> SiteQuerySet:
    rows = filtered_sites(request, user)
    number = request.GET.get("site", "")
    if not number:
        return rows
    try:
        rows = rows.filter(pk=uuid.UUID(number))
    except ValueError as error:
        raise NotFound() from error
    if not rows.exists():
        raise NotFound()
    return rows


def _chosen(request: HttpRequest, rows: SiteQuerySet) -> list[Site]:
    """The ticked ones of those that the address shows. Raises RequestInvalid for what is no number of a site."""
    try:
        ids = [uuid.UUID(value) for value in request.POST.getlist("sites")[:MOST_AT_ONCE]]
    except ValueError as error:
        raise RequestInvalid("sites") from error
    return list(rows.filter(pk__in=ids))


def _ask(request: HttpRequest, sites: Sequence[Site], form: TaskForm, user: User) -> HttpResponse:
    inspector = form.cleaned_data["inspector"]
    asked = assigning.ask(sites, inspector, form.request(), by=user)
    words = {"name": inspector, "new": asked.new, "changed": asked.changed}
    messages.success(
        request, _("%(name)s is asked for %(new)s more sites; %(changed)s were changed.") % words
    )
    if request.GET.get("site"):
        return redirect("planner-site-edit", site_id=sites[0].pk)
    return redirect("planner-tasks")
