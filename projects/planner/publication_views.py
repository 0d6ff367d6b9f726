"""What the public sees of a site, beside what is inside: the publication looked at before somebody else does."""

import uuid
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_projects.http import params
from layers.sources import geojson_of
from projects import attributes, publication
from projects.access import get_site_for_edit, require_planner
from projects.map_settings import map_settings
from projects.models import Site


@dataclass(frozen=True)
class SeenRow:
    """One attribute: its value as staff see it, and whether the public sees it."""

    title: str
    value: Any
    unit: str
    is_public: bool


@require_safe
def seen(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    params.refuse_unknown(request, set())
    site = get_site_for_edit(require_planner(request), site_id)
    columns = (geojson_of("geom"), geojson_of("public_geom"))
    inside, outside = Site.objects.filter(pk=site.pk).values_list(*columns).get()
    context = {
        "site": site,
        "is_public": publication.is_public(site),
        "rows": _rows(site),
        "photos": site.photos.all(),
        "has_public_place": outside is not None,
        "map": {
            **map_settings(request),
            "inside": orjson.loads(inside),
            "outside": None if outside is None else orjson.loads(outside),
        },
    }
    return render(request, "planner/publication.html", context)


def _rows(site: Site) -> list[SeenRow]:
    schema = site.programme.attribute_schema
    public = attributes.public_values(schema, site.attributes)
    return [
        SeenRow(
            attributes.title(schema, key),
            attributes.label(schema, key, site.attributes[key]),
            attributes.unit(schema, key),
            key in public,
        )
        for key, _spec in attributes.fields(schema)
        if key in site.attributes
    ]
