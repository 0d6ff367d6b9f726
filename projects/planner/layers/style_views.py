"""The editor of a layer's style, and what it asks the server while somebody works."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_projects.http.problems import FormatUnsupported, NotFound, ParameterInvalid, StyleInvalid
from layers.models import Layer
from layers.styles.classes import MAX_CLASSES, MIN_CLASSES, Method, columns_of
from layers.styles.document import Style, checked
from layers.styles.legend import legend
from layers.styles.of_layer import style_of
from layers.styles.ramps import RAMPS
from layers.styles.sld.notes import MAX_BYTES, SldRefused
from layers.styles.sld.remote import read_sld
from projects.access import require_planner
from projects.layer_styles import save_style
from projects.map_settings import map_settings
from projects.planner.layers.making import ChoicesForm, made
from projects.planner.layers.words import METHODS, RAMP_NAMES, SLD_REASONS


@require_http_methods(["GET", "HEAD", "POST"])
def style(request: HttpRequest, key: str) -> HttpResponse:
    user = require_planner(request)
    layer = _layer(key)
    if request.method == "POST":
        try:
            save_style(layer, _sent(request), by=user)
        except StyleInvalid as invalid:
            context = _context(request, layer, request.POST.get("style", ""))
            context["mistakes"] = invalid.extra.get(
                "problems", [{"path": "/", "detail": invalid.detail}]
            )
            return render(request, "planner/layers/style.html", context, status=422)
        messages.success(request, _("Saved."))
        return redirect("planner-layer-style", key=layer.key)
    return render(
        request, "planner/layers/style.html", _context(request, layer, _text(style_of(layer)))
    )


@require_safe
def make(request: HttpRequest, key: str) -> HttpResponse:
    """The style that the form's choices make; nothing is stored."""
    require_planner(request)
    layer = _layer(key)
    form = ChoicesForm(request.GET)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise ParameterInvalid(str(form.errors[name].as_data()[0].messages[0]), parameter=name)
    found, notes = made(layer, form.cleaned_data)
    return _answer(layer, found, notes)


@require_POST
def check(request: HttpRequest, key: str) -> HttpResponse:
    """The legend of a style that was written by hand. Raises StyleInvalid."""
    require_planner(request)
    layer = _layer(key)
    return _answer(layer, checked(_sent(request)), [])


@require_POST
def sld(request: HttpRequest, key: str) -> HttpResponse:
    """The style of an SLD that was sent; nothing is stored."""
    require_planner(request)
    layer = _layer(key)
    file = request.FILES.get("sld")
    if file is None:
        raise FormatUnsupported(_("Choose a file."))
    try:
        found = read_sld(file.read(MAX_BYTES + 1))
    except SldRefused as refused:
        raise FormatUnsupported(str(SLD_REASONS[refused.reason])) from refused
    notes = [
        _("Not taken over: %(element)s (%(rule)s)")
        % {"element": one.element, "rule": one.rule or "—"}
        for one in found.unsupported
    ]
    return _answer(layer, found.style, notes)


def _layer(key: str) -> Layer:
    layer = Layer.objects.filter(key=key).first()
    if layer is None:
        raise NotFound()
    return layer


def _sent(request: HttpRequest) -> Style:
    """Raises StyleInvalid for what is no JSON."""
    try:
        found = json.loads(request.POST.get("style", ""))
    except (ValueError, RecursionError) as error:
        raise StyleInvalid(_("The style is no JSON: %(reason)s") % {"reason": error}) from error
    return found if found == {} else checked(found)


def _answer(layer: Layer, found: Style, notes: list[str]) -> JsonResponse:
    entries = legend(found, layer.name, layer.name_en) if found else []
    return JsonResponse({"style": found, "legend": entries, "notes": [str(note) for note in notes]})


def _context(request: HttpRequest, layer: Layer, text: str) -> dict[str, Any]:
    columns = columns_of(layer)
    addresses = {
        name: reverse(f"planner-layer-style-{name}", args=[layer.key])
        for name in ("make", "check", "sld")
    }
    return {
        "layer": layer,
        "text": text,
        "columns": columns,
        "numbers": [name for name, kind in columns.items() if kind == "number"],
        "methods": [(one.value, METHODS[one]) for one in Method],
        "ramps": [(ramp, RAMP_NAMES[ramp.key]) for ramp in RAMPS.values()],
        "classes": range(MIN_CLASSES, MAX_CLASSES + 1),
        "map": {**map_settings(request), "editing": {"key": layer.key, **addresses}},
    }


def _text(found: Style) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
