"""Imagery: the list, and what can be changed of a scene. A new picture comes in as any upload does."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_projects.http.params import whole_number
from projects.access import get_scene_for_edit, require_planner, scenes_editable_by
from projects.map_settings import map_settings
from projects.planner.scenes.bands import BandedSceneForm
from projects.public.site_page import scene_settings
from projects.scenes import record

PAGE_SIZE = 30


@require_safe
def scenes(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    rows = scenes_editable_by(user).order_by("-acquired_on", "name")
    number = whole_number(request, "page", 1, 1, 100_000)
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(number), "query": ""}
    return render(request, "planner/scenes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, scene_id: uuid.UUID) -> HttpResponse:
    user = require_planner(request)
    scene = get_scene_for_edit(user, scene_id)
    form = BandedSceneForm(scene, request.POST or None)
    if request.method == "POST" and form.is_valid():
        record.change(scene, form.cleaned_data, by=user)
        messages.success(request, _("Saved."))
        return redirect("planner-scene", scene_id=scene.pk)
    settings = {**map_settings(request), "scene": scene_settings(scene)}
    context = {"scene": scene, "form": form, "places": record.places_of(scene), "map": settings}
    return render(request, "planner/scenes/scene.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, scene_id: uuid.UUID) -> HttpResponse:
    user = require_planner(request)
    record.remove(get_scene_for_edit(user, scene_id), by=user)
    messages.success(request, _("The scene was removed."))
    return redirect("planner-scenes")
