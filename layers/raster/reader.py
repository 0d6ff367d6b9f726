"""Opening a scene, and what its header says."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from shapely.geometry import Polygon

from gis_projects.geo.crs import TransformFailed, UnsupportedCRS, parse_crs, transform
from layers.raster.env import READ_DRIVER, gdal_env
from layers.raster.errors import SceneNotGeoreferenced, SceneUnreadable

# A straight edge of the scene is a curve in degrees: points per side that follow it.
_POINTS_PER_SIDE = 16


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
            footprint = transform(Polygon(outline_xy(dataset)), crs.wkt)
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
        with gdal_env(), open_dataset(path) as dataset:
            yield dataset
    except RasterioError as error:
        raise SceneUnreadable("The image is damaged or is not a GeoTIFF.") from error


def open_dataset(path: str | os.PathLike[str]) -> Any:
    """Open for reading, within an environment of ``layers.raster.env``; the caller closes it.

    Raises SceneNotGeoreferenced, SceneUnreadable for an address, and rasterio.errors.RasterioError.
    """
    with _no_warning():
        dataset = rasterio.open(_local(path), driver=READ_DRIVER)
    if dataset.crs is None or dataset.transform.is_identity or not dataset.transform.determinant:
        dataset.close()
        raise SceneNotGeoreferenced("The image has no coordinate system or no position.")
    return dataset


def outline_xy(dataset: Any) -> NDArray[np.float64]:
    """Points along the edge, closed, (n, 2), in the dataset's own CRS."""
    steps = np.linspace(0, 1, _POINTS_PER_SIDE, endpoint=False)
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)], float)
    sides = [a + (b - a) * steps[:, None] for a, b in pairwise(corners)]
    pixels = np.concatenate(sides) * (dataset.width, dataset.height)
    xs, ys = dataset.transform @ (pixels[:, 0], pixels[:, 1])
    return np.column_stack([xs, ys])


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
