"""A tile or a preview of a scene as bytes."""

import os
from collections.abc import Sequence

import numpy as np
from rasterio.enums import Resampling

from gis_projects.geo.tile_matrix import tile_bbox
from layers.raster.encoding import ImageFormat, encode
from layers.raster.looks import NATURAL, Look, product_of
from layers.raster.mesh import Grid
from layers.raster.painting import Pixels, painted, picture_onto
from layers.raster.pool import opened


def render_tile(
    path: str | os.PathLike[str],
    z: int,
    x: int,
    y: int,
    image_format: ImageFormat = "webp",
    *,
    size_px: int = 256,
    look: Look = NATURAL,
    roles: Sequence[str] | None = None,
) -> bytes | None:
    """One tile of a scene, transparent outside it (white in a JPEG); None when it holds nothing.

    Raises TileOutOfRange, SceneUnreadable, SceneNotGeoreferenced, BandMissing, RoleMissing.
    """
    grid = Grid.over(tile_bbox(z, x, y), size_px, size_px)
    with opened(path) as scene:
        found = picture_onto(scene, grid, look, roles)
    if found is None or not found[1].any():
        return None
    return encode(*found, image_format)


def render_preview(
    path: str | os.PathLike[str],
    image_format: ImageFormat = "webp",
    *,
    size_px: int = 640,
    roles: Sequence[str] | None = None,
) -> bytes:
    """The whole scene in one picture, its longer side size_px at most.

    Raises SceneUnreadable, SceneNotGeoreferenced, RoleMissing.
    """
    return encode(*read_whole(path, size_px, roles), image_format)


def read_whole(
    path: str | os.PathLike[str], size_px: int, roles: Sequence[str] | None = None
) -> tuple[Pixels, Pixels]:
    """The whole scene in its natural colours, north as it is stored, its longer side ``size_px`` at most.

    Returns rgb (height, width, 3) and alpha, uint8; where alpha is 0, rgb means nothing.
    Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    with opened(path) as scene:
        dataset = scene.dataset
        scale = min(1.0, size_px / max(dataset.width, dataset.height))
        shape = (max(1, round(dataset.height * scale)), max(1, round(dataset.width * scale)))
        product = product_of(NATURAL, scene, roles)
        values = dataset.read(
            list(product.bands),
            out_shape=(len(product.bands), *shape),
            resampling=Resampling.average,
        )
        alpha = dataset.dataset_mask(out_shape=shape)
        if values.dtype.kind == "f":
            alpha = np.where(np.isfinite(values).all(axis=0), alpha, 0).astype(np.uint8)
        return painted(scene, product, NATURAL, values, alpha)
