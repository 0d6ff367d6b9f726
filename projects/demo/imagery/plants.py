"""Trees from above: crowns with a lit side, each with its shadow."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from projects.demo.imagery.noise import Picture, mix
from projects.demo.imagery.relief import SUN_DOWN, SUN_RIGHT

Points = NDArray[np.float64]


def plant(
    picture: Picture,
    points: Points,
    radii: NDArray[np.float64],
    rng: np.random.Generator,
    tone: tuple[int, int, int] = (46, 72, 34),
    shadow: float = 1.5,
) -> Picture:
    """Draw one tree per point (x, y in pixels); the list may be empty."""
    if not len(points):
        return picture
    height, width = picture.shape[:2]
    layers = [Image.new("L", (width * 2, height * 2), 0) for _ in range(4)]
    shade, crown, light, deep = (ImageDraw.Draw(layer) for layer in layers)
    darker = rng.random(len(points)) < 0.35
    for (x, y), radius, dark in zip(points * 2, radii * 2, darker, strict=True):
        sx, sy = x - SUN_RIGHT * radius * shadow, y - SUN_DOWN * radius * shadow
        _disc(shade, sx, sy, radius)
        _disc(crown, x, y, radius)
        _disc(light, x + SUN_RIGHT * radius * 0.35, y + SUN_DOWN * radius * 0.35, radius * 0.6)
        if dark:
            _disc(deep, x, y, radius)
    size = (width, height)
    fields = [np.asarray(la.resize(size, Image.Resampling.BOX), np.float32) / 255 for la in layers]
    colour = np.asarray(tone, np.float32)
    out = mix(picture, picture * 0.42, np.asarray(fields[0] * 0.8, np.float32))
    out = mix(out, tuple(colour), fields[1] * 0.95)
    out = mix(out, tuple(colour * 0.72), fields[3] * 0.6)
    return mix(out, tuple(colour * 1.32 + 8), fields[2] * 0.75)


def belt(
    start: Points, end: Points, spacing: float, rng: np.random.Generator, jitter: float = 0.3
) -> Points:
    """Points of one planted row, a few missing."""
    length = float(np.hypot(*(end - start)))
    count = max(2, int(length / spacing))
    t = np.linspace(0, 1, count)[:, None]
    points = start + (end - start) * t + rng.normal(0, spacing * jitter, (count, 2))
    return np.asarray(points[rng.random(count) > 0.06])


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
