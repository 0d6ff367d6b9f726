"""The grid of a picture: which way is up, and in which windows it is read."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

BLOCK_PX = 256
_WINDOW_BYTES = 32 << 20
_POINTS_PER_SIDE = 16


def is_rotated(grid: Affine) -> bool:
    return bool(grid.b or grid.d)


def flips_of(grid: Affine) -> tuple[bool, bool]:
    """Whether rows and columns are to be mirrored so that north is up and east is right."""
    return (False, False) if is_rotated(grid) else (grid.e > 0, grid.a < 0)


def upright(grid: Affine, width: int, height: int) -> Affine:
    if is_rotated(grid):
        return grid
    flip_rows, flip_cols = flips_of(grid)
    x, y = grid @ (width if flip_cols else 0, height if flip_rows else 0)
    return Affine(abs(grid.a), 0, x, 0, -abs(grid.e), y)


def turned_over(values: NDArray[Any], flips: tuple[bool, bool]) -> NDArray[Any]:
    """values: (…, height, width)."""
    return values[..., :: -1 if flips[0] else 1, :: -1 if flips[1] else 1]


def windows_of(dataset: Any) -> Iterator[Window]:
    """Windows on the borders of its blocks, of a size that does not grow with the picture."""
    block_height, block_width = dataset.block_shapes[0]
    pixel = dataset.count * np.dtype(dataset.dtypes[0]).itemsize
    width = dataset.width
    if block_width < width:
        width = min(width, block_width * max(1, 2048 // block_width))
    rows = max(1, _WINDOW_BYTES // (width * pixel))
    unit = block_height if block_height > 1 else BLOCK_PX
    height = max(unit, rows // unit * unit) if rows >= unit or block_height > 1 else rows
    for top in range(0, dataset.height, height):
        for left in range(0, dataset.width, width):
            yield Window(
                left, top, min(width, dataset.width - left), min(height, dataset.height - top)
            )


def place_of(window: Window, dataset: Any, flips: tuple[bool, bool]) -> Window:
    top, left = window.row_off, window.col_off
    if flips[0]:
        top = dataset.height - top - window.height
    if flips[1]:
        left = dataset.width - left - window.width
    return Window(left, top, window.width, window.height)


def outline_of(grid: Affine, width: int, height: int) -> list[list[float]]:
    """x, y along the edge of the picture, closed, with points between: a straight side is a curve in degrees."""
    steps = [number / _POINTS_PER_SIDE for number in range(_POINTS_PER_SIDE)]
    down = [(0.0, height * step) for step in steps]
    right = [(width * step, float(height)) for step in steps]
    up = [(float(width), height * (1 - step)) for step in steps]
    left = [(width * (1 - step), 0.0) for step in steps]
    ring = [grid @ at for at in (*down, *right, *up, *left, (0.0, 0.0))]
    return [[float(x), float(y)] for x, y in ring]
