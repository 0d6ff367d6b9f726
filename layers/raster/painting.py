"""From the values of bands to the colours of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling

from layers.raster import colours
from layers.raster.looks import Look, Product, Stretch, product_of
from layers.raster.mesh import Grid
from layers.raster.pool import OpenScene, opened
from layers.raster.warp import read_onto

_SAMPLE_PX = 512
_USUAL = Stretch(2, 98, is_percentile=True)

Pixels = NDArray[np.uint8]
Limits = tuple[tuple[float, float], ...]


def picture_onto(
    scene: OpenScene, grid: Grid, look: Look, roles: Sequence[str] | None
) -> tuple[Pixels, Pixels] | None:
    """Rgb (height, width, 3) and alpha (height, width), uint8; None where the scene has nothing at all.

    Where alpha is 0, rgb means nothing. Raises BandMissing, RoleMissing and rasterio.errors.RasterioError.
    """
    product = product_of(look, scene, roles)
    found = read_onto(scene, grid, product.bands, is_measured=product.index is not None)
    if found is None:
        return None
    return painted(scene, product, look, *found)


def painted(
    scene: OpenScene, product: Product, look: Look, values: NDArray[Any], alpha: Pixels
) -> tuple[Pixels, Pixels]:
    """values: (count, height, width), of the product's bands."""
    if product.index is not None:
        values = product.index.of(values)[None]
        alpha = np.where(np.isfinite(values[0]), alpha, 0).astype(np.uint8)
    limits = limits_of(scene, product, look)
    scaled = values.astype(np.uint8, copy=False) if limits is None else stretched(values, limits)
    if product.is_single:
        return colours.table(colormap_of(product, look))[scaled[0]], alpha
    return np.ascontiguousarray(np.moveaxis(scaled, 0, 2)), alpha


def colormap_of(product: Product, look: Look) -> str:
    return look.colormap or (product.index.colormap if product.index else "grey")


def limits_of(scene: OpenScene, product: Product, look: Look) -> Limits | None:
    """The darkest and the brightest value of each band; None where eight bits are shown as they are."""
    stretch = look.stretch
    if stretch is None:
        if product.index is not None:
            return ((product.index.low, product.index.high),)
        if scene.dataset.dtypes[0] == "uint8":
            return None
        stretch = _USUAL
    if stretch.is_percentile:
        return _percentiles(scene.key, product, stretch.low, stretch.high)
    return ((stretch.low, stretch.high),) * (1 if product.index else len(product.bands))


def stretched(values: NDArray[Any], limits: Limits) -> Pixels:
    """values: (count, height, width); what is not a number becomes 0."""
    low = np.array([pair[0] for pair in limits], np.float32)[:, None, None]
    high = np.array([pair[1] for pair in limits], np.float32)[:, None, None]
    scaled = (values.astype(np.float32) - low) * (255 / np.maximum(high - low, 1e-9))
    return np.asarray(np.nan_to_num(np.clip(scaled, 0, 255)), dtype=np.uint8)


@lru_cache(maxsize=512)
def _percentiles(key: tuple[str, int, int], product: Product, low: float, high: float) -> Limits:
    """Of a decimated reading of the whole scene, so that neighbouring tiles are alike."""
    with opened(key[0]) as scene:
        dataset = scene.dataset
        scale = min(1.0, _SAMPLE_PX / max(dataset.width, dataset.height))
        shape = (max(1, int(dataset.height * scale)), max(1, int(dataset.width * scale)))
        bands = list(product.bands)
        sample = dataset.read(
            bands, out_shape=(len(bands), *shape), masked=True, resampling=Resampling.nearest
        )
    if product.index is not None:
        known = ~np.ma.getmaskarray(sample).any(axis=0)
        sample = np.ma.masked_invalid(product.index.of(sample.data))[None]
        sample.mask = np.ma.getmaskarray(sample) | ~known
    return tuple(_pair(np.ma.masked_array(band), low, high) for band in sample)


def _pair(band: np.ma.MaskedArray[Any, Any], low: float, high: float) -> tuple[float, float]:
    values = band.compressed().astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return (0.0, 1.0)
    darkest, brightest = np.percentile(values, (low, high))
    if brightest <= darkest:
        return (float(darkest) - 1, float(darkest) + 1)
    return (float(darkest), float(brightest))
