"""Statistics of a band or an index of a scene inside a polygon.

Each pixel counts with the fraction of it that the polygon covers (see ``coverage``). What is read is a window, at the
finest overview that has at most MAX_PIXELS there; ``decimation`` tells which. Overviews are averages, so a mean changes
little by that, extremes and percentiles are those of the averages.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from gis_projects.geo import measure
from gis_projects.geo.crs import WGS84, transform
from layers.raster.coverage import coverage
from layers.raster.errors import NoOverlap
from layers.raster.looks import Look, Product, product_of
from layers.raster.mesh import Grid, applied
from layers.raster.pool import OpenScene, opened

MAX_PIXELS = 1 << 20
PERCENTILES = (5, 25, 50, 75, 95)
# An edge that is straight in degrees is a curve in the scene's CRS; over 0.001 degrees that is millimetres.
_STEP_DEGREES = 0.001


@dataclass(frozen=True, slots=True)
class ZonalStatistics:
    """count: pixels with data, fractions added up; std: of the population, both weighted by the fractions.

    percentiles: the smallest value that so many per cent of the area do not exceed. area_m2: with data, on the
    ellipsoid (the polygon's area, shared out evenly among its pixels). nodata_share: of the polygon, what lies outside
    the scene included, 0 to 1. decimation: how many of the scene's pixels went to one that was read, along a side.
    """

    count: float
    mean: float
    std: float
    min: float
    max: float
    percentiles: dict[int, float]
    area_m2: float
    nodata_share: float
    decimation: float


@dataclass(frozen=True, slots=True)
class Zone:
    """The pixels that are read for a polygon. window: in the scene's own; weights: (rows, columns), 0 to 1.

    whole: the polygon's area in pixels of those that are read, what lies outside the scene included.
    """

    window: Window
    weights: NDArray[np.float64]
    whole: float
    decimation: float
    grid: Grid


def zonal(
    path: str | os.PathLike[str],
    geometry: BaseGeometry,
    look: Look,
    roles: Sequence[str] | None = None,
) -> ZonalStatistics:
    """Statistics inside a polygon. geometry: valid (Multi)Polygon, EPSG:4326, lon/lat; look: one band, or an index.

    Raises NoOverlap when no pixel with data lies inside, ValueError for a geometry without area or a look of three
    bands, and BandMissing, RoleMissing, SceneUnreadable, SceneNotGeoreferenced.
    """
    with opened(path) as scene:
        product = product_of(look, scene, roles)
        if not product.is_single:
            raise ValueError("statistics are of one band or of an index")
        zone = zone_of(scene, geometry)
        values = _read(scene, product, zone)
    return statistics(values, zone, geometry)


def zone_of(scene: OpenScene, geometry: BaseGeometry) -> Zone:
    """Raises NoOverlap when the polygon lies outside the scene, ValueError when it has no area."""
    there = in_pixels(scene, geometry)
    dataset = scene.dataset
    left, top, right, bottom = there.bounds
    left, top = max(0.0, np.floor(left)), max(0.0, np.floor(top))
    right, bottom = (
        min(float(dataset.width), np.ceil(right)),
        min(float(dataset.height), np.ceil(bottom)),
    )
    if left >= right or top >= bottom:
        raise NoOverlap("the polygon lies outside the scene")
    factor = _factor(scene, (right - left) * (bottom - top))
    unit_x, unit_y = (size / -(-size // factor) for size in (dataset.width, dataset.height))
    first_x, first_y = int(left / unit_x), int(top / unit_y)
    columns = min(-(-dataset.width // factor), int(np.ceil(right / unit_x))) - first_x
    rows = min(-(-dataset.height // factor), int(np.ceil(bottom / unit_y))) - first_y
    to_cells = Affine.translation(-first_x, -first_y) @ Affine.scale(1 / unit_x, 1 / unit_y)
    cells = shapely.transform(there, lambda at: applied(to_cells, at))
    return Zone(
        window=Window(first_x * unit_x, first_y * unit_y, columns * unit_x, rows * unit_y),
        weights=coverage(cells, (rows, columns)),
        whole=float(cells.area),
        decimation=float(np.sqrt(unit_x * unit_y)),
        grid=Grid(scene.crs, scene.transform @ ~to_cells, columns, rows),
    )


def in_pixels(scene: OpenScene, geometry: BaseGeometry) -> BaseGeometry:
    """A polygon of EPSG:4326 in columns and rows of a scene, rotated or not. Raises ValueError when it has no area."""
    if not shapely.area(geometry):
        raise ValueError("only a polygon has pixels inside")
    fine = shapely.segmentize(shapely.force_2d(geometry), _STEP_DEGREES)
    there = transform(fine, WGS84, scene.crs)
    return shapely.transform(there, lambda at: applied(scene.to_pixels, at))


def statistics(values: NDArray[np.float64], zone: Zone, geometry: BaseGeometry) -> ZonalStatistics:
    """values: (rows, columns) of the zone, NaN without data. Raises NoOverlap when there is nothing inside."""
    inside = (zone.weights > 0) & np.isfinite(values)
    weights, found = zone.weights[inside], values[inside]
    count = float(weights.sum())
    if not count:
        raise NoOverlap("no pixel with data lies inside the polygon")
    mean = float(np.average(found, weights=weights))
    ranks = np.percentile(found, PERCENTILES, weights=weights, method="inverted_cdf")
    return ZonalStatistics(
        count=count,
        mean=mean,
        std=float(np.sqrt(np.average((found - mean) ** 2, weights=weights))),
        min=float(found.min()),
        max=float(found.max()),
        percentiles={rank: float(value) for rank, value in zip(PERCENTILES, ranks, strict=True)},
        area_m2=measure.area_m2(geometry) * count / zone.whole,
        nodata_share=max(0.0, 1 - count / zone.whole),
        decimation=zone.decimation,
    )


def single(product: Product, values: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The band or the index, (rows, columns), NaN where it is not known. values: of the product's bands."""
    found = values[0] if product.index is None else product.index.of(values)
    return np.where(known, found, np.nan).astype(np.float64)


def _read(scene: OpenScene, product: Product, zone: Zone) -> NDArray[np.float64]:
    shape = (len(product.bands), *zone.weights.shape)
    options = {"window": zone.window, "out_shape": shape, "resampling": Resampling.nearest}
    values = scene.dataset.read(list(product.bands), **options)
    known = scene.dataset.read_masks(list(product.bands), **options).min(axis=0) > 0
    return single(product, values, known)


def _factor(scene: OpenScene, pixels: float) -> int:
    """Of the finest overview that has few enough pixels; a decimated reading where there is none."""
    factors = [1, *scene.overviews]
    fitting = [factor for factor in factors if pixels / factor**2 <= MAX_PIXELS]
    return fitting[0] if fitting else int(np.ceil(np.sqrt(pixels / MAX_PIXELS)))
