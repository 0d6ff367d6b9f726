"""Reference layers: which there are, what is in them, and each as a file."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_projects.http.params import refuse_unknown
from gis_projects.http.problems import NotFound
from gis_projects.http.ratelimit import limited
from layers.exporting.formats import FORMATS
from layers.exporting.layer_table import layer_table
from layers.exporting.names import NAMINGS
from layers.models import Feature, Layer
from layers.querysets import LayerQuerySet
from projects.access import require_staff
from projects.planner import export_choice
from projects.planner.download import as_file

PARAMETERS = export_choice.PARAMETERS - {"column"}


@require_safe
def layers(request: HttpRequest) -> HttpResponse:
    return render(request, "planner/layers/list.html", {"layers": _counted(_visible(request))})


@require_safe
def layer(request: HttpRequest, key: str) -> HttpResponse:
    found = _get(request, key)
    context: dict[str, Any] = {
        "layer": found,
        "count": Feature.objects.filter(layer=found).shown().count(),
        "files": found.batches.filter(replaced_by__isnull=True).select_related("by").order_by("pk"),
        "formats": FORMATS,
        "crs_choices": export_choice.city_crs_choices(),
        "namings": NAMINGS,
        "last": export_choice.last(request.session, []),
    }
    return render(request, "planner/layers/layer.html", context)


@require_safe
@limited("export")
def export(request: HttpRequest, key: str) -> FileResponse:
    """The whole layer, with its columns as they are: ``?format=gpkg&crs=EPSG:4490&names=short``."""
    found = _get(request, key)
    refuse_unknown(request, PARAMETERS)
    choice = export_choice.chosen(request)
    name = f"{found.key}_{timezone.localdate():%Y%m%d}"
    response = as_file(layer_table(found, name), choice, name)
    export_choice.remember(request.session, choice, [])
    return response


def _visible(request: HttpRequest) -> LayerQuerySet:
    """Files cost a worker's time, so they are for staff; the public has each layer as GeoJSON."""
    return Layer.objects.visible_to(require_staff(request))


def _get(request: HttpRequest, key: str) -> Layer:
    found = _visible(request).filter(key=key).first()
    if found is None:
        raise NotFound()
    return found


def _counted(rows: LayerQuerySet) -> LayerQuerySet:
    features = Feature.objects.filter(layer=OuterRef("pk")).shown().order_by().values("layer")
    counted = Subquery(features.annotate(count=Count("pk")).values("count"))
    return rows.annotate(feature_count=Coalesce(counted, 0))
