"""Writing a picture as a cloud-optimised GeoTIFF: tiled, with overviews, headers first.

Source: OGC 21-026, Cloud Optimized GeoTIFF; the layout is that of GDAL's COG driver.
"""

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds

from gis_projects.geo.bbox import BBox
from layers.raster.env import READ_DRIVER, gdal_env

Profile = Literal["jpeg", "webp", "deflate"]
_PROFILES: dict[Profile, dict[str, str]] = {
    "jpeg": {"compress": "JPEG"},
    "webp": {"compress": "WEBP"},
    "deflate": {"compress": "DEFLATE", "predictor": "2"},
}


def write_cog(
    path: str | os.PathLike[str],
    rgb: NDArray[np.uint8],
    bbox: BBox,
    *,
    nir: NDArray[np.uint8] | None = None,
    mask: NDArray[np.bool_] | None = None,
    tags: Mapping[str, str] | None = None,
    profile: Profile = "jpeg",
    quality: int = 75,
    block_px: int = 256,
) -> Path:
    """Write one picture; a reader sees the old file or the whole new one, never half of it.

    rgb: uint8, shape (height, width, 3), north up. bbox: the outer edges of the picture, in the
    CRS that its srid names. nir: near infrared as a fourth band, uint8, (height, width); not with
    WebP. mask: bool, (height, width), True where there is a picture; None
    means everywhere. quality: 1 to 100, for the lossy profiles. block_px: a multiple of 16.
    Raises ValueError when the shapes do not fit or the bbox has no area.
    """
    _check(rgb, bbox, mask)
    if nir is not None and (nir.shape != rgb.shape[:2] or profile == "webp"):
        raise ValueError("nir must have the height and width of rgb, and another profile than webp")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    options: dict[str, Any] = {
        "driver": "COG",
        "blocksize": block_px,
        "overview_resampling": "average",
        "resampling": "average",
        "bigtiff": "IF_SAFER",
        **_PROFILES[profile],
    }
    if profile != "deflate":
        options |= {"quality": quality, "overview_quality": quality}
    try:
        with gdal_env(), MemoryFile() as memory:
            _write_plain(
                memory, rgb if nir is None else np.dstack([rgb, nir]), bbox, mask, tags or {}
            )
            with memory.open() as source:
                rasterio.shutil.copy(source, str(partial), **options)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def is_cog(path: str | os.PathLike[str]) -> bool:
    """Whether the file is a tiled GeoTIFF with overviews, all its directories ahead of its pixels.

    A picture of one block needs no overviews. False, never an error, for a file that cannot be read.
    Source: OGC 21-026, requirements of section 7 (tiling, overviews, order of the directories).
    """
    try:
        with gdal_env(), rasterio.open(os.fspath(path), driver=READ_DRIVER) as dataset:
            block_height, block_width = dataset.block_shapes[0]
            if dataset.width <= block_width and dataset.height <= block_height:
                return True
            tiled = block_width != dataset.width or block_width == block_height
            return bool(tiled and dataset.overviews(1) and _directories_first(dataset))
    except RasterioError:
        return False


def _directories_first(dataset: Any) -> bool:
    levels = [None, *range(len(dataset.overviews(1)))]
    directories = [_offset(dataset, "IFD_OFFSET", level) for level in levels]
    pixels = [_offset(dataset, "BLOCK_OFFSET_0_0", level) for level in levels]
    return directories == sorted(directories) and max(directories) < min(filter(None, pixels))


def _offset(dataset: Any, item: str, level: int | None) -> int:
    options = {} if level is None else {"ovr": level}
    return int(dataset.get_tag_item(item, "TIFF", bidx=1, **options) or 0)


def _check(rgb: NDArray[np.uint8], bbox: BBox, mask: NDArray[np.bool_] | None) -> None:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError("rgb must be uint8 of shape (height, width, 3)")
    if mask is not None and mask.shape != rgb.shape[:2]:
        raise ValueError("mask must have the height and width of rgb")
    if bbox.width <= 0 or bbox.height <= 0:
        raise ValueError("the bbox of a picture needs an area")


def _write_plain(
    memory: MemoryFile,
    bands: NDArray[np.uint8],
    bbox: BBox,
    mask: NDArray[np.bool_] | None,
    tags: Mapping[str, str],
) -> None:
    height, width, count = bands.shape
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"),
        memory.open(
            driver="GTiff",
            width=width,
            height=height,
            count=count,
            dtype="uint8",
            crs=f"EPSG:{bbox.srid}",
            transform=from_bounds(*bbox.bounds, width, height),
            photometric="RGB"
            if count == 3
            else "MINISBLACK",  # else the fourth would count as alpha
        ) as dataset,
    ):
        dataset.write(np.moveaxis(bands, 2, 0))
        if mask is not None:
            dataset.write_mask(mask)
        dataset.update_tags(**tags)
