"""Reading a scene onto another grid: a decimated read of the window that is needed, then one bilinear step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import Resampling
from rasterio.windows import Window

from layers.raster.mesh import Grid, Mesh, is_within, mesh_of, quads_of
from layers.raster.pool import OpenScene

# GDAL's own threshold for taking a coarser overview than asked for.
_COARSER = 1.2
# Up to here the bilinear step skips no pixel that matters; beyond it GDAL averages first.
_PLAIN_UP_TO = 1.25
# Pixels read around the window: the bilinear step looks one to each side.
_MARGIN_PX = 2

Values = NDArray[Any]
Alpha = NDArray[np.uint8]


def read_onto(
    scene: OpenScene, grid: Grid, bands: Sequence[int], *, is_measured: bool = False
) -> tuple[Values, Alpha] | None:
    """The bands on a grid, and where they hold something; None where the scene has nothing at all.

    bands: numbers from 1. is_measured: the values are to be computed with, so each band must have data and none is
    rounded. Values: (count, height, width), uint8 for pictures of eight bits, else float32; alpha: uint8, 255 where
    at least half of what a pixel is made of has data, or what the scene's own alpha band says.
    Raises rasterio.errors.RasterioError for a damaged file.
    """
    part = _common(scene, grid)
    if part is None:
        return None
    left, top, right, bottom = part
    inner = grid.part(left, top, right, bottom)
    found = _read_whole(scene, inner, bands, is_measured)
    if found is None or (inner.width == grid.width and inner.height == grid.height):
        return found
    values = np.zeros((len(bands), grid.height, grid.width), found[0].dtype)
    alpha = np.zeros((grid.height, grid.width), np.uint8)
    values[:, top:bottom, left:right], alpha[top:bottom, left:right] = found
    return values, alpha


def _common(scene: OpenScene, grid: Grid) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of the grid's pixels that the scene may reach."""
    bounds = scene.bounds_in(grid.crs)
    if bounds is None:
        return 0, 0, grid.width, grid.height
    west, south, east, north = bounds
    corners = [
        ~grid.transform @ at for at in ((west, south), (west, north), (east, south), (east, north))
    ]
    columns, rows = zip(*corners, strict=True)
    left, right = max(0, int(min(columns)) - 1), min(grid.width, int(max(columns)) + 2)
    top, bottom = max(0, int(min(rows)) - 1), min(grid.height, int(max(rows)) + 2)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _read_whole(
    scene: OpenScene, grid: Grid, bands: Sequence[int], is_measured: bool
) -> tuple[Values, Alpha] | None:
    mesh = mesh_of(scene, grid)
    reading = _reading(scene, mesh)
    if reading is None:
        return None
    window, shape = reading.window, reading.shape
    values = scene.dataset.read(
        list(bands), window=window, out_shape=(len(bands), *shape), resampling=Resampling.bilinear
    )
    mask = _mask(scene, bands, window, shape, is_measured)
    if values.dtype.kind == "f":
        finite = np.isfinite(values).all(axis=0)
        if not finite.all():
            mask = np.where(finite, 255 if mask is None else mask, 0).astype(np.uint8)
    placed = replace(
        mesh,
        x=(mesh.x - window.col_off) / reading.across,
        y=(mesh.y - window.row_off) / reading.down,
    )
    return _remapped(placed, values, mask, scene.alpha_band is not None, is_measured)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A window of the scene's pixels, the rows and columns to read it into, and how many pixels go to one of those."""

    window: Window
    shape: tuple[int, int]
    across: float
    down: float


def _reading(scene: OpenScene, mesh: Mesh) -> _Reading | None:
    """What is read for a mesh, on the pixels of the overview that suits; None outside the scene."""
    finite = np.isfinite(mesh.x) & np.isfinite(mesh.y)
    if not finite.any():
        return None
    factor = _overview(scene, mesh.scale)
    wanted = 1.0 if mesh.scale <= factor * _PLAIN_UP_TO else mesh.scale / factor
    sides = [
        _side(values[finite], size, factor, wanted)
        for values, size in ((mesh.x, scene.dataset.width), (mesh.y, scene.dataset.height))
    ]
    if None in sides:
        return None
    (left, width, columns), (top, height, rows) = (side for side in sides if side is not None)
    window = Window(left, top, width, height)
    return _Reading(window, (rows, columns), width / columns, height / rows)


def _side(
    values: NDArray[np.float64], size: int, factor: int, wanted: float
) -> tuple[float, float, int] | None:
    """Start and length in the scene's pixels, and the number of pixels to read, along one axis."""
    count = -(
        -size // factor
    )  # of the overview, whose last pixel may stand for fewer than the others
    unit = size / count
    margin = _MARGIN_PX * max(1.0, wanted)
    first = max(0, int(values.min() / unit - margin))
    last = min(count, int(np.ceil(values.max() / unit + margin)))
    if first >= last:
        return None
    return first * unit, (last - first) * unit, max(1, int(np.ceil((last - first) / wanted)))


def _overview(scene: OpenScene, scale: float) -> int:
    """The factor of the coarsest overview that is fine enough; 1 for the picture itself."""
    return max((factor for factor in scene.overviews if factor <= scale * _COARSER), default=1)


def _mask(
    scene: OpenScene,
    bands: Sequence[int],
    window: Window,
    shape: tuple[int, int],
    is_measured: bool,
) -> Alpha | None:
    """None when all of the scene has data."""
    dataset = scene.dataset
    if scene.alpha_band is not None:
        alpha = dataset.read(
            scene.alpha_band, window=window, out_shape=shape, resampling=Resampling.bilinear
        )
        return alpha if alpha.dtype == np.uint8 else np.where(alpha > 0, 255, 0).astype(np.uint8)
    if not scene.is_masked:
        return None
    if scene.has_one_mask:
        return np.asarray(dataset.read_masks(1, window=window, out_shape=shape))
    masks = dataset.read_masks(list(bands), window=window, out_shape=(len(bands), *shape))
    return np.asarray(masks.min(axis=0) if is_measured else masks.max(axis=0))


def _remapped(
    mesh: Mesh, values: Values, mask: Alpha | None, is_soft: bool, is_measured: bool
) -> tuple[Values, Alpha]:
    quads = quads_of(mesh)
    size = (int(mesh.columns[-1]), int(mesh.rows[-1]))
    if mask is not None and mask.all() and (not is_soft or mask.min() == 255):
        mask = None
    if mask is None and is_within(mesh, values.shape[1:]):
        alpha = np.full(size[::-1], 255, np.uint8)
    else:
        known = np.full(values.shape[1:], 255, np.uint8) if mask is None else mask
        alpha = _bilinear(known, size, quads)
    if mask is None:
        return _planes(values, size, quads, is_measured), _shown(alpha, is_soft)
    weight = (mask > 0).astype(np.float32)
    sums = _planes(np.where(mask > 0, values, 0) * weight, size, quads, True)
    share = _bilinear(weight, size, quads)
    found = sums / np.maximum(share, 1e-6)
    if values.dtype == np.uint8 and not is_measured:
        found = (found + 0.5).clip(0, 255).astype(np.uint8)
    return found, _shown(alpha, is_soft)


def _shown(alpha: Alpha, is_soft: bool) -> Alpha:
    return alpha if is_soft else np.where(alpha >= 128, 255, 0).astype(np.uint8)


def _planes(values: Values, size: tuple[int, int], quads: list[Any], is_measured: bool) -> Values:
    if values.dtype == np.uint8 and len(values) == 3 and not is_measured:
        return np.moveaxis(
            _bilinear(np.ascontiguousarray(np.moveaxis(values, 0, 2)), size, quads), 2, 0
        )
    if values.dtype == np.uint8 and not is_measured:
        return np.stack([_bilinear(band, size, quads) for band in values])
    return np.stack([_bilinear(band.astype(np.float32), size, quads) for band in values])


def _bilinear(plane: Values, size: tuple[int, int], quads: list[Any]) -> Values:
    """plane: (height, width) uint8 or float32, or (height, width, 3) uint8; nothing outside it, as 0."""
    picture = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(
        picture.transform(size, Image.Transform.MESH, quads, Image.Resampling.BILINEAR)
    )
