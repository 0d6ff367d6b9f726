"""The start page with its map, and the page of one site."""

import uuid
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gis_projects.http import params
from layers.models import Layer
from layers.sources import geojson_of
from projects import access, filters, publication
from projects.filters import STAGE_NAMES
from projects.models import City, District, Programme, Site, WorkflowState
from projects.public import site_page
from projects.workflow import PHASE_ORDER

# Filters, and where the map stands: kept in the address by the page's script, ignored here.
VIEW_PARAMETERS = frozenset({"at", "near"})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    params.refuse_unknown(request, filters.PARAMETERS | VIEW_PARAMETERS)
    target = filters.chosen_target(request)
    stages = params.choices(request, "stage", filters.STAGE_PHASES)
    context = {
        "map": _map_settings(request),
        "target": target,
        "stage_names": [STAGE_NAMES[stage] for stage in stages],
        "programme_count": Programme.objects.filter(published=True).count(),
    }
    return render(request, "public/home.html", context)


@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    params.refuse_unknown(request, set())
    found = access.get_site_for_view(request.user, site_id)
    is_staff = request.user.is_authenticated
    column = "geom" if is_staff else "public_geom"
    shown = Site.objects.filter(pk=found.pk).values_list(geojson_of(column), flat=True).get()
    context = site_page.context(found)
    context["map"] = {
        **_map_settings(request),
        "site": {
            "id": str(found.pk),
            "name": found.name,
            "name_en": found.name_en,
            "programme": found.programme.key,
            "phase": found.state.phase,
            "geometry": None if shown is None else orjson.loads(shown),
        },
        "scenes": site_page.scenes(found, request.user),
    }
    return render(request, "public/site.html", context)


def _map_settings(request: HttpRequest) -> dict[str, Any]:
    """What the map's script needs to know of the city, in both languages."""
    city = City.objects.first()
    programmes = Programme.objects.all()
    if not request.user.is_authenticated:
        programmes = programmes.filter(published=True)
    return {
        "bbox": list(city.bbox.bounds) if city else [73.0, 18.0, 135.0, 54.0],
        "attribution": [city.attribution, city.attribution_en] if city else ["", ""],
        "approval": city.map_approval_number if city else "",
        "revision": publication.revision(),
        "sites": reverse("layer-items", args=["sites"]),
        "site_page": reverse("site", args=[uuid.UUID(int=0)]),
        "home": reverse("home"),
        "districts": reverse("layer-items", args=["districts"]),
        "layers": [
            {
                "key": layer.key,
                "name": [layer.name, layer.name_en],
                "url": reverse("layer-items", args=[layer.key]),
                "style": layer.style,
                "schematic": layer.is_schematic,
            }
            for layer in Layer.objects.visible_to(request.user)
        ],
        "programmes": [_programme(programme) for programme in programmes],
        "phases": [{"key": phase.value, "name": str(phase.label)} for phase in PHASE_ORDER],
        "units": list(District.objects.values_list("code", "name", "name_en")),
        "states": _states(),
    }


def _programme(programme: Programme) -> dict[str, Any]:
    return {
        "key": programme.key,
        "name": [programme.name, programme.name_en],
        "theme": [programme.theme, programme.theme_en],
        "symbol": programme.symbol,
    }


def _states() -> dict[str, list[str]]:
    """workflow state names by ``<phase>/<key>``; two workflows that share a key share its words."""
    rows = WorkflowState.objects.values_list("key", "name", "name_en")
    return {key: [name, name_en] for key, name, name_en in rows}
