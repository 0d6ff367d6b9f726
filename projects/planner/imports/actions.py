"""What a planner does to an import: each is one POST, and leads back to the import's page."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from gis_projects.geo.gcj02 import OFFSETS
from gis_projects.http.actor import client_address
from gis_projects.http.problems import RequestInvalid
from layers.importing.handling import HEIGHTS
from projects.access import require_whole_city
from projects.importing import jobs, saved
from projects.importing.mapping import mapping_problems
from projects.importing.options import with_choices
from projects.models import ImportJob, JobState, Programme
from projects.planner.imports.access import get_job
from projects.planner.imports.pages import render_step
from projects.planner.imports.scene import describing, scene_context

_LENGTH = 400


@require_POST
def read(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Read the file again, with another encoding, CRS or layer. What the page did not ask for stays chosen."""
    user, job = get_job(request, job_id)
    names = [name for name in ("encoding", "crs", "layer") if name in request.POST]
    choices: dict[str, Any] = {name: request.POST[name].strip()[:_LENGTH] for name in names}
    if "places" in request.POST:  # the page asked; a box that is not ticked is not sent
        offset = request.POST.get("offset", "")
        choices["offset"] = offset if offset in OFFSETS else ""
        heights = request.POST.get("heights", "")
        choices["heights"] = heights if heights in HEIGHTS else ""
        for name in ("swap", "accept_datum"):
            choices[name] = request.POST.get(name) == "on" or None
    _begin(request, user, job, JobState.INSPECTING, options=with_choices(job, **choices))
    return _page(job)


@require_POST
def check(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A dry run with the columns as they are mapped; the mapping is kept for the next such file."""
    user, job = get_job(request, job_id)
    programme = Programme.objects.filter(key=request.POST.get("programme", "")).first()
    columns = job.findings.get("columns")
    if programme is None or not columns:
        raise RequestInvalid()
    names, targets = request.POST.getlist("column"), request.POST.getlist("target")
    mapping = {name: target for name, target in zip(names, targets, strict=False) if target}
    wrong = list(mapping_problems(programme, mapping, columns, job.title))
    options = with_choices(job, mapping=mapping, publish=request.POST.get("publish") == "on")
    options.pop("target_layer", None)
    if wrong:
        ImportJob.objects.filter(pk=job.pk, state__in=jobs.OPEN).update(
            options=options, programme=programme
        )
        for problem in wrong:
            messages.error(request, problem.message() if not problem.field else problem.sentence())
        return redirect(f"{reverse('planner-import-job', args=[job.pk])}?step=fields")
    saved.remember(user, programme, columns, mapping)
    _begin(request, user, job, JobState.CHECKING, options=options, programme=programme)
    return _page(job)


@require_POST
def check_layer(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A dry run into a reference layer, whose columns stay as they are. For planners of the whole city."""
    user, job = get_job(request, job_id)
    require_whole_city(user)
    columns = job.findings.get("columns")
    mode = request.POST.get("mode", "")
    key = request.POST.get("new_key" if mode == "new" else "layer_key", "").strip()
    if mode not in ("new", "replace", "append") or columns is None:
        raise RequestInvalid()
    target = {
        "mode": mode,
        "key": key[:_LENGTH],
        "name": request.POST.get("name", "").strip()[:120],
        "name_column": request.POST.get("name_column", "")[:_LENGTH],
        "publish": request.POST.get("publish") == "on",
    }
    options = with_choices(job, target_layer=target)
    _begin(request, user, job, JobState.CHECKING, options=options, programme=None)
    return _page(job)


@require_POST
def store(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    user, job = get_job(request, job_id)
    if job.is_scene or not job.findings.get("can_store"):
        raise RequestInvalid(_("Check the file first; while a row is refused, nothing is stored."))
    _begin(request, user, job, JobState.STORING)
    return _page(job)


@require_POST
def store_scene(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Convert and store a picture as it was described."""
    user, job = get_job(request, job_id)
    if not job.is_scene or not job.findings.get("can_store"):
        raise RequestInvalid()
    form = describing(user, job, request.POST)
    if not form.is_valid():
        return render_step(request, job, "scene", scene_context(user, job, request.POST), 422)
    options = with_choices(job, scene=form.wishes())
    _begin(request, user, job, JobState.STORING, options=options)
    return _page(job)


@require_POST
def undo(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    user, job = get_job(request, job_id)
    _begin(request, user, job, JobState.UNDOING)
    return _page(job)


@require_POST
def retry(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    user, job = get_job(request, job_id)
    jobs.retry(job, asker=user, address=client_address(request))
    return _page(job)


@require_POST
def cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Stop the work, or give the import up. Who stops work that has ended meanwhile loses nothing by it."""
    _user, job = get_job(request, job_id)
    if request.POST.get("work") and not job.is_working:
        return _page(job)
    jobs.cancel(job)
    if job.state == JobState.CANCELLED:
        messages.success(request, _("The import was cancelled."))
        return redirect("planner-scenes" if job.is_scene else "planner-import")
    return _page(job)


def _begin(
    request: HttpRequest, user: User, job: ImportJob, state: JobState, **changes: Any
) -> None:
    jobs.begin(job, state, asker=user, address=client_address(request), **changes)


def _page(job: ImportJob) -> HttpResponse:
    return redirect("planner-import-job", job_id=job.pk)
