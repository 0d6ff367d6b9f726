"""A site's pair of scenes over HTTP: pictures of its surroundings, the change as tiles and as numbers."""

import uuid
from dataclasses import asdict

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry.base import BaseGeometry

from gis_projects.http import params
from gis_projects.http.conditional import etag_of, not_modified
from gis_projects.http.problems import NotFound, VegetationUnknown
from layers.raster import parameters
from layers.raster.answers import existing_tile, format_of, image, refusals
from layers.raster.difference import Side, change_onto
from layers.raster.encoding import ImageFormat, encode
from layers.raster.errors import NoOverlap, RoleMissing
from layers.raster.looks import NATURAL
from layers.raster.mesh import Grid
from layers.raster.painting import Pixels, picture_onto
from layers.raster.pool import opened, revision_of
from projects.access import get_site_for_view
from projects.pairs.showing import PICTURE_PX, Shown, change_of, refusal, shown_pair, surroundings

PICTURES = ("before", "after", "change")


@require_safe
def picture(request: HttpRequest, site_id: uuid.UUID, what: str, extension: str) -> HttpResponse:
    """The surroundings of a site ``before`` or ``after``, or the ``change`` of NDVI; all three over one ground."""
    params.refuse_unknown(request, ["size"])
    size_px = params.whole_number(request, "size", PICTURE_PX, 64, 2048)
    image_format = format_of(extension)
    if what not in PICTURES:
        raise NotFound()
    shown = _shown(request, site_id)
    with refusals():
        etag = etag_of(_revision(shown), what, extension, size_px)
        if unchanged := not_modified(request, etag):
            return unchanged
        content = _drawn(shown, what, surroundings(shown.geometry, size_px), image_format)
    if content is None:
        raise NotFound(_("The scenes show nothing of the surroundings of this site."))
    return image(request, content, image_format, etag)


@require_safe
def tile(
    request: HttpRequest, site_id: uuid.UUID, z: int, x: int, y: int, extension: str
) -> HttpResponse:
    """The change of NDVI as a tile in WebMercatorQuad; 204 where there is none."""
    params.refuse_unknown(request, ["size"])
    size_px = parameters.tile_size(request)
    image_format = format_of(extension)
    bbox = existing_tile(z, x, y)
    shown = _shown(request, site_id)
    with refusals():
        etag = etag_of(_revision(shown), z, x, y, extension, size_px)
        if unchanged := not_modified(request, etag):
            return unchanged
        content = _drawn(shown, "change", Grid.over(bbox, size_px, size_px), image_format)
    return image(request, content, image_format, etag)


@require_safe
def numbers(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """The change of NDVI inside a site as JSON; see layers.raster.zonal for what each member means."""
    params.refuse_unknown(request, set())
    shown = _shown(request, site_id)
    with refusals():
        try:
            change = change_of(shown)
        except (NoOverlap, RoleMissing, ValueError) as error:
            raise VegetationUnknown(refusal(error)) from error
    days = {"before_on": shown.before.acquired_on, "after_on": shown.after.acquired_on}
    simulated = shown.before.is_simulated or shown.after.is_simulated
    body = {"index": "ndvi", **days, "simulated": simulated, **asdict(change)}
    response = JsonResponse(body)
    response["Cache-Control"] = "private, no-cache"
    return response


def _shown(request: HttpRequest, site_id: uuid.UUID) -> Shown:
    """No pair, or none that this user sees, is the same 404."""
    shown = shown_pair(get_site_for_view(request.user, site_id), request.user)
    if shown is None:
        raise NotFound(_("The site has no pair of scenes."))
    return shown


def _revision(shown: Shown) -> list[object]:
    sides = [(side.path, revision_of(side.path), side.roles) for side in shown.sides]
    return [*sides, shown.geometry.wkb_hex]


def _drawn(shown: Shown, what: str, grid: Grid, image_format: ImageFormat) -> bytes | None:
    before, after = shown.sides
    if what == "change":
        try:
            found = change_onto(before, after, grid, _area(shown))
        except RoleMissing as error:
            raise VegetationUnknown(refusal(error)) from error
    else:
        found = _natural(before if what == "before" else after, grid)
    if found is None or not np.any(found[1]):
        return None
    return encode(*found, image_format)


def _area(shown: Shown) -> BaseGeometry | None:
    return shown.geometry if shown.geometry.area else None


def _natural(side: Side, grid: Grid) -> tuple[Pixels, Pixels] | None:
    with opened(side.path) as scene:
        return picture_onto(scene, grid, NATURAL, side.roles)
