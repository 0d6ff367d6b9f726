"""Tiles, TileJSON and previews of one scene over HTTP."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from gis_projects.http import params
from gis_projects.http.conditional import cached, etag_of, not_modified
from layers.raster import parameters
from layers.raster.answers import (
    existing_tile,
    file_of,
    format_of,
    image,
    refusals,
    visible_scene,
)
from layers.raster.pool import revision_of
from layers.raster.render import render_preview, render_tile
from layers.raster.tilejson import scene_tilejson


@require_safe
def tile(
    request: HttpRequest, scene_id: UUID, z: int, x: int, y: int, extension: str
) -> HttpResponse:
    """One tile in WebMercatorQuad; 204 where the scene has nothing."""
    params.refuse_unknown(request, [*parameters.LOOK, "size", "revision"])
    size_px, look = parameters.tile_size(request), parameters.look(request)
    image_format = format_of(extension)
    existing_tile(z, x, y)
    scene = visible_scene(request, scene_id)
    with refusals():
        revision = revision_of(file_of(scene.file))
        etag = etag_of(scene.pk, revision, scene.band_roles, z, x, y, extension, size_px, look)
        if unchanged := not_modified(request, etag):
            return unchanged
        content = render_tile(
            file_of(scene.file), z, x, y, image_format,
            size_px=size_px, look=look, roles=scene.band_roles,
        )  # fmt: skip
    return image(request, content, image_format, etag, revision)


@require_safe
def tilejson(request: HttpRequest, scene_id: UUID) -> HttpResponse:
    """TileJSON 3.0.0 of a scene; a look is passed on to its tiles, with the legend of its colours."""
    params.refuse_unknown(request, [*parameters.LOOK, "size", "format"])
    size_px, look = parameters.tile_size(request), parameters.look(request)
    image_format = format_of(request.GET.get("format", "webp"))
    scene = visible_scene(request, scene_id)
    with refusals():
        document = scene_tilejson(request, scene, look, image_format, size_px)
    etag = etag_of(document)
    if unchanged := not_modified(request, etag):
        return unchanged
    return cached(JsonResponse(document), etag, public=not request.user.is_authenticated)


@require_safe
def preview(request: HttpRequest, scene_id: UUID) -> HttpResponse:
    """The whole scene as one small WebP; ``?size=`` is its longer side in pixels."""
    params.refuse_unknown(request, ["size"])
    size_px = params.whole_number(request, "size", 640, 16, 2048)
    scene = visible_scene(request, scene_id)
    with refusals():
        etag = etag_of(scene.pk, revision_of(file_of(scene.file)), "preview", size_px)
        if unchanged := not_modified(request, etag):
            return unchanged
        content = render_preview(file_of(scene.file), size_px=size_px, roles=scene.band_roles)
    return image(request, content, "webp", etag)
