"""Mosaics over HTTP: the scenes of one day, as far as the asking user sees them."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http import params
from gis_projects.http.conditional import cached, etag_of, not_modified
from gis_projects.http.problems import NotFound
from layers.models import RasterScene
from layers.querysets import SceneQuerySet
from layers.raster import parameters
from layers.raster.answers import existing_tile, file_of, format_of, image, refusals
from layers.raster.mosaic import parts_within, render_mosaic
from layers.raster.pool import opened
from layers.raster.tilejson import tiles_address, united, zooms_of

# Scenes whose files TileJSON looks into for its zooms.
_LOOKED_INTO = 12


@require_safe
def tile(request: HttpRequest, day: str, z: int, x: int, y: int, extension: str) -> HttpResponse:
    """One tile in WebMercatorQuad; 204 where no scene of the day has anything."""
    params.refuse_unknown(request, [*parameters.LOOK, "size"])
    size_px, look = parameters.tile_size(request), parameters.look(request)
    image_format = format_of(extension)
    bbox = existing_tile(z, x, y)
    rows = RasterScene.objects.visible_to(request.user)
    with refusals():
        parts = parts_within(rows, _day(day), bbox)
        if not parts:
            _scenes_of(request, day)
        etag = etag_of(parts, z, x, y, extension, size_px, look)
        if unchanged := not_modified(request, etag):
            return unchanged
        content = render_mosaic(parts, bbox, size_px, look, image_format)
    return image(request, content, image_format, etag)


@require_safe
def tilejson(request: HttpRequest, day: str) -> HttpResponse:
    """TileJSON 3.0.0 of a day's scenes."""
    params.refuse_unknown(request, [*parameters.LOOK, "size", "format"])
    size_px = parameters.tile_size(request)
    parameters.look(request)
    image_format = format_of(request.GET.get("format", "webp"))
    scenes = list(_scenes_of(request, day).only("footprint", "file"))
    zooms = []
    with refusals():
        for scene in scenes[:_LOOKED_INTO]:
            with opened(file_of(scene.file)) as found:
                zooms.append(zooms_of(found))
    first_tile = reverse("raster:mosaic-tile", args=[day, 0, 0, 0, image_format])
    document = {
        "tilejson": "3.0.0",
        "name": day,
        "scheme": "xyz",
        "tiles": [tiles_address(request, first_tile, size_px)],
        "bounds": united([scene.footprint.extent for scene in scenes]),
        "minzoom": min(first for first, _last in zooms),
        "maxzoom": max(last for _first, last in zooms),
    }
    etag = etag_of(document)
    if unchanged := not_modified(request, etag):
        return unchanged
    return cached(JsonResponse(document), etag, public=not request.user.is_authenticated)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(_("There are no scenes of that day.")) from error


def _scenes_of(request: HttpRequest, day: str) -> SceneQuerySet:
    """Raises NotFound when the user sees none: that there are others is not told."""
    rows = RasterScene.objects.visible_to(request.user).filter(acquired_on=_day(day))
    if not rows.exists():
        raise NotFound(_("There are no scenes of that day."))
    return rows
