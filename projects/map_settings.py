"""What a map's script needs to know of the city: where it is, what may be drawn, names in both languages."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from accounts.models import User
from layers.models import Layer, LayerChoice
from layers.styles.legend import legend
from layers.styles.of_layer import count_of, style_of
from projects.models import City, District, Programme, WorkflowState
from projects.workflow import PHASE_ORDER

WHOLE_COUNTRY = [73.0, 18.0, 135.0, 54.0]


def map_settings(request: HttpRequest) -> dict[str, Any]:
    """For ``json_script``; public data, but for programmes that only staff may know."""
    city = City.objects.first()
    programmes = Programme.objects.all()
    if not request.user.is_authenticated:
        programmes = programmes.filter(published=True)
    return {
        "bbox": list(city.bbox.bounds) if city else WHOLE_COUNTRY,
        "attribution": [city.attribution, city.attribution_en] if city else ["", ""],
        "approval": city.map_approval_number if city else "",
        "sites": reverse("layer-items", args=["sites"]),
        "site_page": reverse("site", args=[uuid.UUID(int=0)]),
        "home": reverse("home"),
        "districts": reverse("layer-items", args=["districts"]) if may_draw_borders(city) else None,
        "layers": [layer_settings(layer) for layer in Layer.objects.visible_to(request.user)],
        "layer_choice": _layer_choice(request),
        "base_maps": [base.plain() for base in settings.BASE_MAPS],
        "base_map": settings.BASE_MAP,
        "archive_library": static("js/vendor/protomaps-leaflet/protomaps-leaflet.js"),
        "programmes": [_programme(programme) for programme in programmes],
        "phases": [{"key": phase.value, "name": str(phase.label)} for phase in PHASE_ORDER],
        "units": list(District.objects.values_list("code", "name", "name_en")),
        "states": _states(),
    }


def layer_settings(layer: Layer) -> dict[str, Any]:
    """One reference layer, as a map's script draws it."""
    style = style_of(layer)
    return {
        "key": layer.key,
        "name": [layer.name, layer.name_en],
        "group": [layer.group, layer.group_en],
        "url": reverse("layer-items", args=[layer.key]),
        "feature": reverse("layer-feature", args=[layer.key, "__id__"]),
        "tilejson": reverse("layer-tilejson", args=[layer.key]),
        "count": count_of(layer),
        "style": style,
        "legend": legend(style, layer.name, layer.name_en),
        "schematic": layer.is_schematic,
        "attribution": layer.attribution,
    }


def _layer_choice(request: HttpRequest) -> dict[str, str] | None:
    """The layers that a planner's maps begin with, and where another choice is sent."""
    if not (isinstance(request.user, User) and request.user.is_planner):
        return None
    found = LayerChoice.objects.filter(user=request.user).values_list("layers", flat=True).first()
    return {"layers": found or "", "url": reverse("planner-chosen-layers")}


def may_draw_borders(city: City | None) -> bool:
    """Our own administrative borders are drawn in a demonstration, or under a map approval number (审图号)."""
    return city is not None and (city.is_demonstration or bool(city.map_approval_number))


def _programme(programme: Programme) -> dict[str, Any]:
    return {
        "key": programme.key,
        "name": [programme.name, programme.name_en],
        "theme": [programme.theme, programme.theme_en],
        "symbol": programme.symbol,
    }


def _states() -> dict[str, list[str]]:
    """State names by key, Chinese and English; two workflows that share a key share its words."""
    rows = WorkflowState.objects.values_list("key", "name", "name_en")
    return {key: [name, name_en] for key, name, name_en in rows}
