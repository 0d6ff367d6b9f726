"""A tile or a preview of a scene as WebP, PNG or JPEG bytes (Pillow: its encoders are the fast ones)."""

import io
import math
import os
from typing import Literal

from PIL import Image

from gis_projects.geo.bbox import BBox
from layers.raster.reader import WEB_MERCATOR, Pixels, read_bbox, read_whole

ImageFormat = Literal["webp", "png", "jpg"]
CONTENT_TYPES: dict[str, str] = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}
MAX_TILE_MATRIX = 24
# Half the circumference of WebMercatorQuad, metres (OGC 17-083r4, annex D).
_HALF_WORLD_M = math.pi * 6_378_137.0


class TileOutOfRange(ValueError):
    """The tile matrix, row or column does not exist in WebMercatorQuad."""


def tile_bbox(z: int, x: int, y: int) -> BBox:
    """The bbox of a tile, EPSG:3857, metres.

    z: tile matrix, 0 to 24; x: column from the west; y: row from the north. Raises TileOutOfRange.
    Source: OGC 17-083r4, definition of WebMercatorQuad.
    """
    if not 0 <= z <= MAX_TILE_MATRIX:
        raise TileOutOfRange(f"z must be from 0 to {MAX_TILE_MATRIX}")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise TileOutOfRange(f"x and y must be from 0 to {2**z - 1} at z {z}")
    side = 2 * _HALF_WORLD_M / 2**z
    west, north = -_HALF_WORLD_M + x * side, _HALF_WORLD_M - y * side
    return BBox(west, north - side, west + side, north, WEB_MERCATOR)


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
