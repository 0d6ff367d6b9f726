"""Reference layers: which there are, what is in them, and each as a file."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gis_projects.http.params import refuse_unknown
from gis_projects.http.problems import NotFound
from gis_projects.http.ratelimit import limited
from layers.archives import making, tasks
from layers.archives.shelf import Shelf
from layers.exporting.formats import FORMATS
from layers.exporting.layer_table import layer_table
from layers.exporting.names import NAMINGS
from layers.models import Feature, Layer
from layers.querysets import LayerQuerySet
from layers.tiles.views import address_revision
from projects.access import require_planner, require_staff
from projects.planner import export_choice
from projects.planner.download import as_file

LOOK_AGAIN_S = 3
PARAMETERS = export_choice.PARAMETERS - {"column"}


@require_safe
def layers(request: HttpRequest) -> HttpResponse:
    revision = making.published().revision
    context = {
        "layers": _counted(_visible(request)),
        "address": reverse("published-archive", args=[revision]),
        **_archive_context(Shelf(None), revision),
    }
    return _looking_again(render(request, "planner/layers/list.html", context), context)


@require_safe
def layer(request: HttpRequest, key: str) -> HttpResponse:
    found = _get(request, key)
    revision = address_revision(making.tile_set(key))
    context: dict[str, Any] = {
        "layer": found,
        "count": Feature.objects.filter(layer=found).shown().count(),
        "files": found.batches.filter(replaced_by__isnull=True).select_related("by").order_by("pk"),
        "formats": FORMATS,
        "crs_choices": export_choice.city_crs_choices(),
        "namings": NAMINGS,
        "last": export_choice.last(request.session, []),
        "address": reverse("layer-archive", args=[key, revision]),
        **_archive_context(Shelf(key), revision),
    }
    return _looking_again(render(request, "planner/layers/layer.html", context), context)


@require_POST
def archive(request: HttpRequest, key: str) -> HttpResponse:
    """Have a worker make the layer's tile archive."""
    require_planner(request)
    found = _get(request, key)
    tasks.ask(key, address_revision(making.tile_set(found.key)))
    return redirect("planner-layer", key=key)


@require_POST
def publication(request: HttpRequest) -> HttpResponse:
    """Have a worker make the archive of all that everybody sees."""
    require_planner(request)
    tasks.ask_published()
    return redirect("planner-layers")


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


def _archive_context(shelf: Shelf, revision: str) -> dict[str, Any]:
    """The newest archive, whether it is of today's state, and what is told of one being made."""
    told = shelf.progress()
    return {
        "archive": shelf.newest(),
        "has_today": shelf.archive(revision) is not None,
        "making": told if told is not None and told.state != "failed" else None,
        "has_failed": told is not None and told.state == "failed",
    }


def _looking_again(response: HttpResponse, context: dict[str, Any]) -> HttpResponse:
    """A page on which something is being made asks how far it is."""
    if context["making"]:
        response["Refresh"] = str(LOOK_AGAIN_S)
    return response


def _counted(rows: LayerQuerySet) -> LayerQuerySet:
    features = Feature.objects.filter(layer=OuterRef("pk")).shown().order_by().values("layer")
    counted = Subquery(features.annotate(count=Count("pk")).values("count"))
    return rows.annotate(feature_count=Coalesce(counted, 0))
