"""The start page with its map, and the page of one site."""

import uuid
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gis_projects.http import params
from layers.sources import geojson_of
from projects import access, filters, office_filters
from projects.filters import STAGE_NAMES
from projects.map_settings import map_settings
from projects.models import Site
from projects.pairs.showing import vegetation
from projects.public import site_page

# A layer of more features comes as tiles: the same number as in static/js/map/layer_stack.js.
MOST_WHOLE = 2_000
# Filters, and where the map stands: kept in the address by the page's script, ignored here.
VIEW_PARAMETERS = frozenset({"at", "near", "layers", "swipe", "base"})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    params.refuse_unknown(request, filters.parameters_for(request.user) | VIEW_PARAMETERS)
    target = filters.chosen_target(request)
    stages = params.choices(request, "stage", filters.STAGE_PHASES)
    settings = map_settings(request)
    tiled = _tiled_layers(request, settings["layers"])
    context = {
        "map": {**settings, "imagery": site_page.imagery(request.user)},
        "has_tiles": bool(tiled),
        "asked_first": [url for url in (settings["districts"], *tiled) if url],
        "sites_url": _sites_url(request),
        "target": target,
        "narrowed": office_filters.told(request),
        "stage_names": [STAGE_NAMES[stage] for stage in stages],
    }
    return render(request, "public/home.html", context)


def _tiled_layers(request: HttpRequest, layers: list[dict[str, Any]]) -> list[str]:
    """TileJSON of the layers that the page opens with as tiles: those that the address does not turn off."""
    off = request.GET.get("layers", "").split(",")
    return [
        layer["tilejson"]
        for layer in layers
        if layer["count"] > MOST_WHOLE and f"!{layer['key']}" not in off
    ]


def _sites_url(request: HttpRequest) -> str:
    """What the page's script will ask for, so that the browser may begin while it still reads the page."""
    names = ("target", "stage", *sorted(office_filters.PARAMETERS))
    query = {name: request.GET[name] for name in names if request.GET.get(name)}
    url = reverse("layer-items", args=["sites"])
    return f"{url}?{urlencode(query)}" if query else url


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Where a member of staff begins after signing in."""
    user = access.require_staff(request)
    return redirect("planner-sites" if user.is_planner else "field-home")


@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    params.refuse_unknown(request, set())
    found = access.get_site_for_view(request.user, site_id)
    is_staff = request.user.is_authenticated
    column = "geom" if is_staff else "public_geom"
    shown = Site.objects.filter(pk=found.pk).values_list(geojson_of(column), flat=True).get()
    context = site_page.context(found)
    change = vegetation(found, request.user)
    context["vegetation"] = change
    context["map"] = {
        **map_settings(request),
        "site": {
            "id": str(found.pk),
            "name": found.name,
            "name_en": found.name_en,
            "programme": found.programme.key,
            "phase": found.state.phase,
            "geometry": None if shown is None else orjson.loads(shown),
        },
        "scenes": site_page.scenes(found, request.user),
        "change": None if change is None else change.get("tiles"),
    }
    return render(request, "public/site.html", context)
