"""A tile or a preview of a scene as WebP, PNG or JPEG bytes (Pillow: its encoders are the fast ones)."""

import io
import os
from typing import Literal

from PIL import Image

from gis_projects.geo.tile_matrix import tile_bbox
from layers.raster.reader import Pixels, read_bbox, read_whole

ImageFormat = Literal["webp", "png", "jpg"]
CONTENT_TYPES: dict[str, str] = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}


def render_tile(
    path: str | os.PathLike[str],
    z: int,
    x: int,
    y: int,
    image_format: ImageFormat = "webp",
    *,
    size_px: int = 256,
) -> bytes | None:
    """One tile of a scene, transparent outside it (white in a JPEG); None when it holds nothing.

    Raises TileOutOfRange, SceneUnreadable, SceneNotGeoreferenced.
    """
    rgb, alpha = read_bbox(path, tile_bbox(z, x, y), size_px)
    return _encode(rgb, alpha, image_format) if alpha.any() else None


def render_preview(
    path: str | os.PathLike[str], image_format: ImageFormat = "webp", *, size_px: int = 640
) -> bytes:
    """The whole scene in one picture, its longer side size_px at most.

    Raises SceneUnreadable, SceneNotGeoreferenced.
    """
    rgb, alpha = read_whole(path, size_px)
    return _encode(rgb, alpha, image_format)


def _encode(rgb: Pixels, alpha: Pixels, image_format: ImageFormat) -> bytes:
    picture = Image.fromarray(rgb)
    opaque = bool((alpha == 255).all())
    if image_format == "jpg":
        return _jpeg(picture, alpha, opaque)
    if not opaque:
        picture.putalpha(Image.fromarray(alpha))
    out = io.BytesIO()
    if image_format == "png":
        picture.save(out, "PNG", compress_level=1)
    else:
        picture.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _jpeg(picture: Image.Image, alpha: Pixels, opaque: bool) -> bytes:
    if not opaque:
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=Image.fromarray(alpha))
        picture = paper
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
