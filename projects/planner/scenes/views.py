"""Imagery: the list, a new picture, its way through the worker, and what can be changed of a scene."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_projects.http.params import whole_number
from gis_projects.http.problems import NotFound
from projects.access import get_scene_for_edit, require_planner, scenes_editable_by
from projects.importing.telling import told
from projects.map_settings import map_settings
from projects.models import SceneJob, SceneJobState
from projects.planner.scenes.forms import NewSceneForm, SceneForm
from projects.public.site_page import scene_settings
from projects.scenes import jobs, record

PAGE_SIZE = 30


@require_safe
def scenes(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    rows = scenes_editable_by(user).order_by("-acquired_on", "name")
    number = whole_number(request, "page", 1, 1, 100_000)
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(number), "query": ""}
    return render(request, "planner/scenes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    is_sent = request.method == "POST"
    form = NewSceneForm(user, request.POST, request.FILES) if is_sent else NewSceneForm(user)
    if is_sent and form.is_valid():
        begun = jobs.begin(user, form.cleaned_data["parts"], form.wishes())
        return redirect("planner-scene-job", job_id=begun.pk)
    return render(
        request, "planner/scenes/new.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    found = _job(request, job_id)
    if found.state == SceneJobState.DONE and found.scene_id is not None:
        for words in found.messages:
            messages.warning(request, told(words))
        return redirect("planner-scene", scene_id=found.scene_id)
    sentences = [told(words) for words in found.messages]
    return render(request, "planner/scenes/job.html", {"job": found, "sentences": sentences})


@require_safe
def progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """In the form that the page of an import reads."""
    found = _job(request, job_id)
    return JsonResponse(
        {
            "working": found.state == SceneJobState.WORKING,
            "percent": found.percent,
            "phase": found.get_state_display(),
            "done": 0,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, scene_id: uuid.UUID) -> HttpResponse:
    user = require_planner(request)
    scene = get_scene_for_edit(user, scene_id)
    names = ("name", "acquired_on", "sensor", "published")
    form = SceneForm(request.POST or None, initial={name: getattr(scene, name) for name in names})
    if request.method == "POST" and form.is_valid():
        record.change(scene, form.cleaned_data, by=user)
        messages.success(request, _("Saved."))
        return redirect("planner-scene", scene_id=scene.pk)
    settings = {**map_settings(request), "scene": scene_settings(scene)}
    context = {"scene": scene, "form": form, "sites": record.sites_of(scene), "map": settings}
    return render(request, "planner/scenes/scene.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, scene_id: uuid.UUID) -> HttpResponse:
    user = require_planner(request)
    record.remove(get_scene_for_edit(user, scene_id), by=user)
    messages.success(request, _("The scene was removed."))
    return redirect("planner-scenes")


def _job(request: HttpRequest, job_id: uuid.UUID) -> SceneJob:
    user = require_planner(request)
    found = SceneJob.objects.filter(pk=job_id, owner=user).first()
    if found is None:
        raise NotFound()
    return found
