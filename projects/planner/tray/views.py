"""The tray's list, one record of it, and the decision."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from gis_projects.http.params import choices, whole_number
from gis_projects.http.problems import Problem, RequestInvalid
from projects.access import require_planner
from projects.map_settings import map_settings
from projects.models import Operation, OperationState, Site
from projects.planner.tray import proposal, words
from projects.planner.tray.proposal import Proposal
from projects.planner.tray.reasons import reason
from projects.sync import tray as waiting
from projects.sync.context import NEW_SITE

PAGE_SIZE = 30
_RESOLVING = frozenset({"resolve", "all-mine", "all-theirs"})


@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    rows = waiting.tray_for(user).select_related("author", "device").order_by("-received_at")
    if chosen := choices(request, "state", sorted(Operation.TRAY)):
        rows = rows.filter(state__in=chosen)
    page = Paginator(rows, PAGE_SIZE).get_page(whole_number(request, "page", 1, 1, 100_000))
    found = Site.objects.filter(pk__in=[row.site for row in page if row.site])
    sites: dict[uuid.UUID | None, Site] = {
        site.pk: site for site in found.only("code", "name", "name_en")
    }
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "query": query.urlencode(),
        "rows": [
            (row, words.KINDS.get(row.entity, row.entity), sites.get(row.site), reason(row).why)
            for row in page
        ],
        "states": [(one.value, one.label) for one in OperationState if one in Operation.TRAY],
        "chosen": chosen,
    }
    return render(request, "planner/tray/list.html", context)


@require_safe
def item(request: HttpRequest, number: int) -> HttpResponse:
    user = require_planner(request)
    return _page(request, user, waiting.get(user, number))


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """``decision``: dismiss, resolve (with ``field-<name>`` mine or theirs), all-mine, all-theirs, accept, apply,
    revive.
    """
    user = require_planner(request)
    row = waiting.get(user, number)
    is_new = row.code == NEW_SITE
    form = proposal.of(waiting.read(row), user, request.POST) if is_new else None
    try:
        done = _decide(request, user, row, form)
    except Problem as problem:
        if isinstance(problem, RequestInvalid):
            raise
        messages.error(request, str(problem.detail or problem.title))
        return _page(request, user, row, form, status=problem.status)
    except IntegrityError:
        messages.error(request, _("Another site of the programme has this code."))
        return _page(request, user, row, form, status=409)
    if not done:
        return _page(request, user, row, form, status=422)
    messages.success(request, _("Decided. The tablet is told at its next contact."))
    return redirect("planner-tray")


def _decide(request: HttpRequest, user: User, row: Operation, form: Proposal | None) -> bool:
    decision = request.POST.get("decision", "")
    if decision == "dismiss":
        waiting.dismiss(row, by=user, note=request.POST.get("note", "")[:500])
    elif decision in _RESOLVING and "conflicts" in row.result:
        chosen = _chosen(request, row, decision)
        if set(chosen) != set(row.result["conflicts"]):
            messages.error(request, _("Choose one of the two values for each field."))
            return False
        waiting.resolve(row, chosen, by=user, seen=_seen(request))
    elif decision == "accept" and form is not None:
        return _accept_site(user, row, form)
    elif decision == "accept":
        waiting.accept_outline(row, by=user)
    elif decision in ("apply", "revive"):
        waiting.apply_anyway(row, by=user, revive=decision == "revive")
    else:
        raise RequestInvalid()
    return True


def _chosen(request: HttpRequest, row: Operation, decision: str) -> dict[str, str]:
    if decision != "resolve":
        return dict.fromkeys(row.result["conflicts"], decision.removeprefix("all-"))
    return {
        name.removeprefix("field-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("field-")
    }


def _accept_site(user: User, row: Operation, form: Proposal) -> bool:
    if not form.is_valid():
        return False
    waiting.accept_site(row, by=user, **form.values())
    return True


def _seen(request: HttpRequest) -> int:
    value = request.POST.get("revision", "")
    if not (value.isascii() and value.isdigit()):
        raise RequestInvalid("revision")
    return int(value[:15])


def _page(
    request: HttpRequest,
    user: User,
    row: Operation,
    form: Proposal | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = words.item(row)
    if form is None and found.is_new_site:
        form = proposal.of(found.op, user)
    context: dict[str, Any] = {
        "item": found,
        "row": row,
        "reason": reason(row),
        "form": form,
        "map": map_settings(request),
    }
    return render(request, "planner/tray/item.html", context, status=status)
