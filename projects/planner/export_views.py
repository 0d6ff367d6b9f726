"""The filtered list as a file, and the page on which its form is chosen."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http.params import choices, refuse_unknown
from gis_projects.http.problems import ParameterInvalid
from gis_projects.http.ratelimit import limited
from layers.exporting.formats import FORMATS
from layers.exporting.names import NAMINGS
from projects import filters
from projects.access import require_staff
from projects.exporting import columns_of, site_table
from projects.models import Programme
from projects.planner import export_choice
from projects.planner.download import as_file
from projects.planner.views import filtered_sites

_LIST = filters.PARAMETERS | {"import", "outcome"}
PARAMETERS = _LIST | export_choice.PARAMETERS


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The page: how many sites the list's filters leave, and format, CRS and columns to choose."""
    user = require_staff(request)
    refuse_unknown(request, _LIST)
    columns = columns_of(_programme(request))
    context: dict[str, Any] = {
        "count": filtered_sites(request, user).count(),
        "filters": request.GET,
        "formats": FORMATS,
        "crs_choices": export_choice.city_crs_choices(),
        "namings": NAMINGS,
        "columns": columns,
        "last": export_choice.last(request.session, [column.key for column in columns]),
    }
    return render(request, "planner/export.html", context)


@require_safe
@limited("export")
def export(request: HttpRequest) -> FileResponse:
    """Exactly what the list shows to this user: ``?format=gpkg&crs=EPSG:4490`` and the list's own filters."""
    user = require_staff(request)
    refuse_unknown(request, PARAMETERS)
    choice = export_choice.chosen(request)
    programme = _programme(request)
    offered = [column.key for column in columns_of(programme)]
    for key in choice.columns or ():
        if key not in offered:
            raise ParameterInvalid(
                _("“%(value)s” is not a value of “%(name)s”.") % {"value": key, "name": "column"},
                parameter="column",
            )
    name = f"{programme.key if programme else 'sites'}_{timezone.localdate():%Y%m%d}"
    table = site_table(filtered_sites(request, user), programme, name, choice.columns)
    label = "_demo" if table.label else ""
    response = as_file(table, choice, f"{name}{label}")
    export_choice.remember(request.session, choice, offered)
    return response


def _programme(request: HttpRequest) -> Programme | None:
    """The one that the list is narrowed to, whose attributes come along."""
    keys = choices(request, "programme")
    return Programme.objects.filter(key=keys[0]).first() if len(keys) == 1 else None
