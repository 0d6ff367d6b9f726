"""Seeded noise and the small array operations that all pictures are made of.

Arrays are float32 of shape (height, width); noise lies about in 0 to 1.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.floating[Any]]
Picture = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


def rng_for(*parts: object) -> np.random.Generator:
    """A generator that depends on the words alone, the same on every machine and in every run."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def resize(field: Field, height: int, width: int) -> Field:
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def smooth_noise(
    rng: np.random.Generator, shape: tuple[int, int], cell: float, stretch: float = 1
) -> Field:
    """Value noise with features of about ``cell`` pixels (``cell * stretch`` across)."""
    height, width = shape
    rows, cols = int(height / cell) + 4, int(width / (cell * stretch)) + 4
    grid = rng.random((rows, cols), np.float32)
    big = resize(grid, int(rows * cell) + 1, int(cols * cell * stretch) + 1)
    return big[int(cell) : int(cell) + height, int(cell * stretch) :][:height, :width]


def fbm(
    rng: np.random.Generator,
    shape: tuple[int, int],
    cell: float,
    octaves: int = 4,
    stretch: float = 1,
) -> Field:
    """Fractal noise: octaves of half the size and half the weight, normalised to 0 to 1."""
    total = np.zeros(shape, np.float32)
    weight, size, norm = 1.0, cell, 0.0
    for _ in range(octaves):
        total += weight * smooth_noise(rng, shape, max(size, 1.5), stretch)
        norm += weight
        weight, size = weight * 0.55, size / 2
    field: Field = np.clip((total / norm - 0.5) * 1.5 + 0.5, 0, 1).astype(np.float32)
    return field


def shifted(field: Field, down: float, right: float) -> Field:
    """The field moved by whole pixels, edges repeated."""
    dy, dx = round(down), round(right)
    height, width = field.shape[:2]
    rows = np.clip(np.arange(height) - dy, 0, height - 1)
    cols = np.clip(np.arange(width) - dx, 0, width - 1)
    return np.asarray(field[rows[:, None], cols[None, :]])


def warped(field: Field, down: Field, right: Field) -> Field:
    """The field looked up at displaced places (domain warping), nearest pixel."""
    height, width = field.shape[:2]
    rows, cols = np.mgrid[0:height, 0:width]
    y = np.clip(rows + down, 0, height - 1).astype(np.int32)
    x = np.clip(cols + right, 0, width - 1).astype(np.int32)
    return np.asarray(field[y, x])


def blur(field: Field, radius: float) -> Field:
    """Two passes of a box, close enough to a Gaussian of that radius."""
    size = max(1, round(radius))
    out = field.astype(np.float32)
    for _ in range(2):
        for axis in (0, 1):
            out = _box(out, size, axis)
    return out


def _box(field: Field, size: int, axis: int) -> Field:
    pad = [(0, 0)] * field.ndim
    pad[axis] = (size + 1, size)
    total = np.cumsum(np.pad(field, pad, mode="edge"), axis=axis, dtype=np.float64)
    width = 2 * size + 1
    length = field.shape[axis]
    upper = np.take(total, np.arange(width, width + length), axis=axis)
    lower = np.take(total, np.arange(0, length), axis=axis)
    return np.asarray((upper - lower) / width, np.float32)


def ramp(field: Field, low: float, high: float) -> Field:
    """0 below low, 1 above high, smooth between (low may be above high)."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def mix(one: Picture, other: Picture | tuple[int, int, int], amount: Field) -> Picture:
    """Blend two pictures (or a picture and a colour) by a field of 0 to 1."""
    target = np.asarray(other, np.float32)
    return np.asarray(one + (target - one) * amount[..., None], np.float32)


def gradient(field: Field, *colours: tuple[int, int, int]) -> Picture:
    """Map 0 to 1 onto evenly spaced colours."""
    stops = np.linspace(0, 1, len(colours))
    table = np.asarray(colours, np.float32)
    return np.stack([np.interp(field, stops, table[:, c]) for c in range(3)], axis=-1).astype(
        np.float32
    )


def as_bytes(picture: Picture) -> NDArray[np.uint8]:
    return np.clip(picture, 0, 255).astype(np.uint8)
