"""Opening a scene and reading the window of it that is asked for; memory does not grow with the file."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT
from shapely.geometry import Polygon

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import TransformFailed, UnsupportedCRS, parse_crs, transform
from layers.raster.env import READ_DRIVER, gdal_env

# A straight edge of the scene is a curve in degrees: points per side that follow it.
_POINTS_PER_SIDE = 16
_STRETCH_SAMPLE_PX = 512
_RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)

Pixels = NDArray[np.uint8]


class SceneUnreadable(Exception):
    """The file is damaged, or no GeoTIFF; the message is one sentence for a person."""


class SceneNotGeoreferenced(Exception):
    """The picture does not say where on Earth it lies."""


@dataclass(frozen=True, slots=True)
class SceneInfo:
    """What a scene says of itself. footprint: polygon, EPSG:4326, lon/lat."""

    width: int
    height: int
    srid: int | None
    crs_label: str
    band_count: int
    dtype: str
    footprint: Polygon


def describe(path: str | os.PathLike[str]) -> SceneInfo:
    """Size, CRS and footprint, from the header alone.

    Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    with open_scene(path) as dataset:
        try:
            crs = parse_crs(dataset.crs.to_wkt())
            footprint = transform(_outline(dataset), crs.wkt)
            assert isinstance(footprint, Polygon)
        except (UnsupportedCRS, TransformFailed) as error:
            raise SceneNotGeoreferenced(
                "The position of the image cannot be computed from its coordinate system."
            ) from error
        return SceneInfo(
            width=dataset.width,
            height=dataset.height,
            srid=crs.srid,
            crs_label=crs.label,
            band_count=dataset.count,
            dtype=dataset.dtypes[0],
            footprint=Polygon(footprint.exterior),
        )


def verify(path: str | os.PathLike[str]) -> None:
    """Read every block once, so that damage is found now and not by a visitor of the map.

    Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    with open_scene(path) as dataset:
        for _, window in dataset.block_windows(1):
            dataset.read(window=window)


@contextmanager
def open_scene(path: str | os.PathLike[str]) -> Iterator[Any]:
    """The open dataset; whatever rasterio raises inside the block becomes SceneUnreadable.

    Raises SceneNotGeoreferenced when there is no CRS or no transform.
    """
    try:
        with gdal_env(), _no_warning(), rasterio.open(_local(path), driver=READ_DRIVER) as dataset:
            if dataset.crs is None or dataset.transform.is_identity:
                raise SceneNotGeoreferenced("The image has no coordinate system or no position.")
            yield dataset
    except RasterioError as error:
        raise SceneUnreadable("The image is damaged or is not a GeoTIFF.") from error


def read_bbox(path: str | os.PathLike[str], bbox: BBox, size_px: int) -> tuple[Pixels, Pixels]:
    """A square picture of a bbox in EPSG:3857, from the overview that suits, bilinear.

    Returns rgb (size, size, 3) and alpha (size, size), both uint8; alpha is 0 outside the scene
    and where it has no data, and then rgb means nothing.
    Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    with open_scene(path) as dataset:
        shape = (size_px, size_px)
        options = {
            "crs": f"EPSG:{bbox.srid}",
            "transform": from_bounds(*bbox.bounds, size_px, size_px),
            "width": size_px,
            "height": size_px,
            "resampling": Resampling.bilinear,
            "add_alpha": _alpha_band(dataset) is None,
        }
        with WarpedVRT(dataset, **options) as vrt:
            bands = vrt.read(_colour_bands(dataset), out_dtype=None)
            alpha = vrt.read(_alpha_band(dataset) or vrt.count)
        return _finish(dataset, path, bands, alpha, shape)


def read_whole(path: str | os.PathLike[str], size_px: int) -> tuple[Pixels, Pixels]:
    """The whole scene, north as it is stored, its longer side ``size_px`` at most.

    Returns rgb and alpha as read_bbox does. Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    with open_scene(path) as dataset:
        scale = min(1.0, size_px / max(dataset.width, dataset.height))
        shape = (max(1, round(dataset.height * scale)), max(1, round(dataset.width * scale)))
        bands = dataset.read(
            _colour_bands(dataset), out_shape=(3, *shape), resampling=Resampling.average
        )
        alpha = dataset.dataset_mask(out_shape=shape)
        return _finish(dataset, path, bands, alpha, shape)


def _finish(
    dataset: Any,
    path: str | os.PathLike[str],
    bands: NDArray[Any],
    alpha: NDArray[Any],
    shape: tuple[int, int],
) -> tuple[Pixels, Pixels]:
    visible = alpha > 0
    if not visible.any():
        return np.zeros((*shape, 3), np.uint8), np.zeros(shape, np.uint8)
    if dataset.dtypes[0] != "uint8":
        finite = np.isfinite(bands).all(axis=0)
        bands = _stretched(bands, _limits(os.fspath(path), os.stat(path).st_mtime_ns))
        visible &= finite
    opacity = np.where(visible, alpha if dataset.dtypes[0] == "uint8" else 255, 0)
    return np.moveaxis(bands, 0, 2).astype(np.uint8), opacity.astype(np.uint8)


def _stretched(bands: NDArray[Any], limits: tuple[tuple[float, float], ...]) -> Pixels:
    low = np.array([pair[0] for pair in limits])[:, None, None]
    high = np.array([pair[1] for pair in limits])[:, None, None]
    scaled = (bands.astype(np.float64) - low) / np.maximum(high - low, 1e-9)
    return np.asarray(np.nan_to_num(np.clip(scaled, 0, 1)) * 255, dtype=np.uint8)


@lru_cache(maxsize=256)
def _limits(path: str, _version: int) -> tuple[tuple[float, float], ...]:
    """The 2nd and 98th percentile of each colour, so that 16 bits show well in 8."""
    with open_scene(path) as dataset:
        scale = min(1.0, _STRETCH_SAMPLE_PX / max(dataset.width, dataset.height))
        shape = (max(1, int(dataset.height * scale)), max(1, int(dataset.width * scale)))
        sample = dataset.read(_colour_bands(dataset), out_shape=(3, *shape), masked=True)
    return tuple(_percentiles(band) for band in sample)


def _percentiles(band: np.ma.MaskedArray[Any, Any]) -> tuple[float, float]:
    values = band.compressed().astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return (0.0, 1.0)
    low, high = np.percentile(values, (2, 98))
    return (float(low), float(high)) if high > low else (float(low) - 1, float(low) + 1)


def _colour_bands(dataset: Any) -> list[int]:
    meaning = dataset.colorinterp
    if all(colour in meaning for colour in _RGB):  # a file may well keep blue first
        return [meaning.index(colour) + 1 for colour in _RGB]
    colours = [band for band in dataset.indexes if band != _alpha_band(dataset)]
    return colours[:3] if len(colours) >= 3 else [colours[0]] * 3


def _alpha_band(dataset: Any) -> int | None:
    if ColorInterp.alpha not in dataset.colorinterp or dataset.count == 1:
        return None
    return int(dataset.colorinterp.index(ColorInterp.alpha)) + 1


def _outline(dataset: Any) -> Polygon:
    steps = np.linspace(0, 1, _POINTS_PER_SIDE, endpoint=False)
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)], float)
    sides = [a + (b - a) * steps[:, None] for a, b in pairwise(corners)]
    pixels = np.concatenate(sides) * (dataset.width, dataset.height)
    xs, ys = dataset.transform @ (pixels[:, 0], pixels[:, 1])
    return Polygon(shapely.polygons(np.column_stack([xs, ys])))


def _local(path: str | os.PathLike[str]) -> str:
    text = os.fspath(path)
    if "://" in text or text.startswith("/vsi"):
        raise SceneUnreadable("Only files on this machine are read.")
    return text


@contextmanager
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield
