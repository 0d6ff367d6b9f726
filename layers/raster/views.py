"""Tiles and previews of scenes over HTTP."""

from pathlib import Path
from typing import get_args
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.geo.tile_matrix import TileOutOfRange, tile_bbox
from gis_projects.http import params, problems
from gis_projects.http.conditional import cached, etag_of, not_modified
from layers.models import RasterScene
from layers.raster.reader import SceneNotGeoreferenced, SceneUnreadable
from layers.raster.render import (
    CONTENT_TYPES,
    ImageFormat,
    render_preview,
    render_tile,
)

TILE_SIZES = ("256", "512")
# A scene's file never changes, but the scene may be withdrawn: no cache may go on showing it for longer than this.
_WITHDRAWN_WITHIN_S = 60


@require_safe
def tile(
    request: HttpRequest, scene_id: UUID, z: int, x: int, y: int, extension: str
) -> HttpResponse:
    """One tile in WebMercatorQuad; 204 where the scene has nothing."""
    params.refuse_unknown(request, ["size"])
    sizes = params.choices(request, "size", TILE_SIZES)
    size_px = int(sizes[0]) if sizes else 256
    image_format = _format(extension)
    try:
        tile_bbox(z, x, y)
    except TileOutOfRange as error:
        raise problems.NotFound(
            _("There is no tile %(z)s/%(x)s/%(y)s.") % {"z": z, "x": x, "y": y}, reason=str(error)
        ) from error
    scene = _visible_scene(request, scene_id)
    etag = etag_of(scene.pk, scene.file, z, x, y, extension, size_px)
    if unchanged := not_modified(request, etag):
        return unchanged
    try:
        content = render_tile(_file(scene), z, x, y, image_format, size_px=size_px)
    except (SceneUnreadable, SceneNotGeoreferenced, OSError) as error:
        raise _unreadable(error) from error
    return _answer(request, content, image_format, etag)


@require_safe
def preview(request: HttpRequest, scene_id: UUID) -> HttpResponse:
    """The whole scene as one small WebP; ``?size=`` is its longer side in pixels."""
    params.refuse_unknown(request, ["size"])
    size_px = params.whole_number(request, "size", 640, 16, 2048)
    scene = _visible_scene(request, scene_id)
    etag = etag_of(scene.pk, scene.file, "preview", size_px)
    if unchanged := not_modified(request, etag):
        return unchanged
    try:
        content = render_preview(_file(scene), size_px=size_px)
    except (SceneUnreadable, SceneNotGeoreferenced, OSError) as error:
        raise _unreadable(error) from error
    return _answer(request, content, "webp", etag)


def _visible_scene(request: HttpRequest, scene_id: UUID) -> RasterScene:
    """Unknown and invisible give the same answer, so that existence is not told."""
    scene = RasterScene.objects.visible_to(request.user).filter(pk=scene_id).first()
    if scene is None:
        raise problems.NotFound(_("There is no such scene."))
    return scene


def _file(scene: RasterScene) -> Path:
    return Path(settings.MEDIA_ROOT) / scene.file


def _format(extension: str) -> ImageFormat:
    for known in get_args(ImageFormat):
        if extension == known:
            return known  # type: ignore[no-any-return]
    raise problems.NotFound(_("Tiles come as webp, png or jpg."))


def _unreadable(error: Exception) -> problems.SceneUnreadable:
    if isinstance(error, SceneNotGeoreferenced):
        return problems.SceneUnreadable(_("The image does not say where on Earth it lies."))
    return problems.SceneUnreadable(_("The image file is damaged or missing."))


def _answer(
    request: HttpRequest, content: bytes | None, image_format: ImageFormat, etag: str
) -> HttpResponse:
    if content is None:
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(content, content_type=CONTENT_TYPES[image_format])
    public = not request.user.is_authenticated
    cached(response, etag, public=public, max_age_s=_WITHDRAWN_WITHIN_S if public else 0)
    return response
