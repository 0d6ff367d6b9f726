"""What the views of scenes have in common: who sees which, what is refused in which words, how long it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import TileOutOfRange, tile_bbox
from gis_projects.http import problems
from gis_projects.http.conditional import cached
from layers.band_roles import ROLES
from layers.models import RasterScene
from layers.raster.encoding import CONTENT_TYPES, ImageFormat
from layers.raster.errors import BandMissing, RoleMissing, SceneNotGeoreferenced, SceneUnreadable

# A scene's file never changes, but the scene may be withdrawn: no cache may go on showing it for longer than this.
WITHDRAWN_WITHIN_S = 60


def visible_scene(request: HttpRequest, scene_id: UUID) -> RasterScene:
    """Unknown and invisible give the same answer, so that existence is not told."""
    rows = RasterScene.objects.visible_to(request.user)
    scene = rows.defer("footprint").filter(pk=scene_id).first()
    if scene is None:
        raise problems.NotFound(_("There is no such scene."))
    return scene


def file_of(name: str) -> Path:
    """name: as RasterScene keeps it."""
    return Path(settings.MEDIA_ROOT) / name


def format_of(extension: str) -> ImageFormat:
    for known in get_args(ImageFormat):
        if extension == known:
            return known  # type: ignore[no-any-return]
    raise problems.NotFound(_("Tiles come as webp, png or jpg."))


def existing_tile(z: int, x: int, y: int) -> BBox:
    """The bbox of a tile, EPSG:3857. Raises NotFound outside the tile matrix."""
    try:
        return tile_bbox(z, x, y)
    except TileOutOfRange as error:
        raise problems.NotFound(
            _("There is no tile %(z)s/%(x)s/%(y)s.") % {"z": z, "x": x, "y": y}, reason=str(error)
        ) from error


@contextmanager
def refusals() -> Iterator[None]:
    """What is wrong with a scene, in the words of the catalogue."""
    try:
        yield
    except SceneNotGeoreferenced as error:
        raise problems.SceneUnreadable(
            _("The image does not say where on Earth it lies.")
        ) from error
    except (SceneUnreadable, OSError) as error:
        raise problems.SceneUnreadable(_("The image file is damaged or missing.")) from error
    except BandMissing as error:
        raise problems.ParameterInvalid(
            _("The scene has no band %(number)s; it has %(count)s.")
            % {"number": error.number, "count": error.count},
            parameter="bands",
        ) from error
    except RoleMissing as error:
        raise problems.ParameterInvalid(
            _(
                "It is not known which band of the scene is “%(role)s”, so this index cannot be computed."
            )
            % {"role": ROLES[error.role]},
            parameter="index",
        ) from error


def image(
    request: HttpRequest,
    content: bytes | None,
    image_format: ImageFormat,
    etag: str,
    revision: str = "",
) -> HttpResponse:
    """204 for nothing. revision: what ``?revision=`` must be for the answer to count as immutable while it is kept."""
    if content is None:
        response = HttpResponse(status=204)
    else:
        response = HttpResponse(content, content_type=CONTENT_TYPES[image_format])
    public = not request.user.is_authenticated
    return cached(
        response,
        etag,
        public=public,
        max_age_s=WITHDRAWN_WITHIN_S if public else 0,
        is_immutable=bool(revision) and request.GET.get("revision") == revision,
    )
