"""What lies around a site on the Songnen plain: long field strips, shelterbelts, tracks, a village."""

import numpy as np
from PIL import Image, ImageDraw

from projects.demo.imagery.noise import (
    Field,
    Picture,
    fbm,
    gradient,
    mix,
    ramp,
    rng_for,
    smooth_noise,
)
from projects.demo.imagery.plants import belt, plant

# Maize, soya, late maize, millet, black soil, stubble, paddy, fallow: from above in August.
_CROPS = np.array(
    [(84, 106, 52), (104, 124, 62), (72, 96, 48), (140, 136, 84), (74, 64, 54), (150, 136, 104),
     (92, 118, 76), (118, 116, 78)],
    np.float32,
)  # fmt: skip
_SHARES = np.array([0.3, 0.19, 0.17, 0.07, 0.06, 0.06, 0.07, 0.08])
_ROOFS = [
    (78, 110, 152),
    (92, 128, 170),
    (150, 74, 58),
    (164, 92, 72),
    (132, 128, 122),
    (108, 104, 100),
]


class Countryside:
    """The same fields for both dates: everything random is drawn from the seed alone."""

    def __init__(self, seed: str, shape: tuple[int, int]) -> None:
        self.seed, self.shape = seed, shape
        rng = rng_for(seed, "countryside")
        self.angle = float(rng.uniform(-0.5, 0.5))
        height, width = shape
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        bend = (fbm(rng, shape, 300, 2) - 0.5) * 16
        self.u = (x * cos + y * sin).astype(np.float32)
        self.v = (-x * sin + y * cos + bend).astype(np.float32)
        self.cuts_v = self._cuts(rng, -width, height + width, 105, 175)
        self.cuts_u = self._cuts(rng, -height, width + height, 260, 420)

    @staticmethod
    def _cuts(
        rng: np.random.Generator, low: float, high: float, least: float, most: float
    ) -> Field:
        steps = rng.uniform(least, most, int((high - low) / least) + 2)
        cuts = low + np.cumsum(steps)
        return cuts[cuts < high].astype(np.float32)

    def fields(self, later: bool) -> Picture:
        """Strips of crops with furrows; ``later`` is the second date, a little greener."""
        rng = rng_for(self.seed, "strips")
        block = (
            np.searchsorted(self.cuts_v, self.v) * 97 + np.searchsorted(self.cuts_u, self.u) * 31
        )
        strip_v = self._cuts(rng, -1200, 2200, 9, 34)
        strip = np.searchsorted(strip_v, self.v + (block % 5) * 3) + block * 7
        table = rng.choice(len(_CROPS), 4096, p=_SHARES)
        tint = rng.normal(1, 0.055, 4096).astype(np.float32)
        colour = _CROPS[table[strip % 4096]] * tint[strip % 4096][..., None]
        furrow = np.sin(self.v * 1.9 + smooth_noise(rng, self.shape, 40) * 3) * 0.035
        mottle = fbm(rng, self.shape, 46, 4) * 0.26 + fbm(rng, self.shape, 5, 2) * 0.16
        out = colour * (0.8 + mottle + furrow)[..., None]
        edge = np.abs(
            self.v - strip_v[np.clip(np.searchsorted(strip_v, self.v), 0, len(strip_v) - 1)]
        )
        out = mix(out, out * 0.86, ramp(edge, 1.6, 0.4) * 0.8)
        if later:
            out = out * np.array([0.97, 1.035, 0.97], np.float32)
        return np.asarray(out, np.float32)

    def tracks(self, picture: Picture) -> Picture:
        """Field tracks beside the shelterbelts, and one paved road."""
        rng = rng_for(self.seed, "tracks")
        rough = fbm(rng, self.shape, 20, 3)
        for cut in self.cuts_v[::2]:
            picture = mix(
                picture, (158, 144, 118), ramp(np.abs(self.v - cut - 5 + rough), 2.6, 1.2) * 0.85
            )
        for cut in self.cuts_u:
            picture = mix(
                picture, (150, 138, 112), ramp(np.abs(self.u - cut - 6 + rough), 2.4, 1.1) * 0.75
            )
        return picture

    def belts(self, picture: Picture, free: Field) -> Picture:
        """Poplar rows along the blocks, only where ``free`` is above a half."""
        rng = rng_for(self.seed, "belts")
        rows = []
        for cut in self.cuts_v:
            if rng.random() < 0.72:
                for offset in (0.0, 3.6):
                    rows.append(self._row(cut + offset, rng))
        points = np.concatenate(rows) if rows else np.zeros((0, 2))
        points = points[inside(points, free)]
        return plant(picture, points, rng.uniform(2.0, 3.4, len(points)), rng, (52, 76, 40))

    def _row(self, v: float, rng: np.random.Generator) -> np.ndarray:
        u = np.array([-900.0, 1500.0])
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        ends = np.column_stack([u * cos - v * sin, u * sin + v * cos])
        return belt(ends[0], ends[1], 4.6, rng)

    def scrub(self, picture: Picture, where: Field) -> Picture:
        """Rough grassland with shrubs, 0 to 1."""
        rng = rng_for(self.seed, "scrub")
        tone = fbm(rng, self.shape, 60, 5)
        grass = gradient(tone, (96, 106, 64), (122, 124, 80), (146, 138, 98))
        grass = grass * (0.86 + 0.3 * fbm(rng, self.shape, 5, 2))[..., None]
        out = mix(picture, grass, where)
        points = rng.uniform(0, 1, (1500, 2)) * (self.shape[1], self.shape[0])
        dense = inside(points, np.asarray(where * (fbm(rng, self.shape, 70, 3) > 0.5), np.float32))
        points = points[dense]
        return plant(out, points, rng.uniform(1.3, 3.4, len(points)), rng, (58, 78, 44))

    def village(self, picture: Picture, free: Field) -> Picture:
        """Rows of farmhouses with colour-steel roofs, in the freest corner."""
        rng = rng_for(self.seed, "village")
        height, width = self.shape
        corners = [(0.13, 0.12), (0.87, 0.12), (0.13, 0.88), (0.87, 0.88)]
        scores = [
            free[max(y - 60, 0) : y + 60, max(x - 70, 0) : x + 70].mean()
            for x, y in ((int(u * width), int(v * height)) for u, v in corners)
        ]
        u, v = corners[int(np.argmax(scores))]
        if max(scores) < 0.55:
            return picture
        cx, cy = u * width, v * height
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        rough = fbm(rng, self.shape, 26, 3) * 50
        ground = ramp(np.hypot((x - cx), (y - cy) * 1.3) + rough, 108, 86)
        picture = mix(picture, (144, 132, 108), ground * free * 0.8)
        return self._houses(picture, free, cx, cy, rng)

    def _houses(
        self, picture: Picture, free: Field, cx: float, cy: float, rng: np.random.Generator
    ) -> Picture:
        height, width = self.shape
        scale = 3
        colour = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).resize(
            (width * scale, height * scale)
        )
        draw = ImageDraw.Draw(colour)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        trees = []
        for row in range(-3, 4):
            for col in range(-4, 5):
                px, py = col * 17 + rng.normal(0, 1.5), row * 22 + rng.normal(0, 1)
                x, y = cx + px * cos - py * sin, cy + px * sin + py * cos
                inner = 12 < x < width - 12 and 12 < y < height - 12
                if (
                    np.hypot(px, py * 1.2) > 76
                    or rng.random() < 0.16
                    or not inner
                    or free[int(y), int(x)] < 0.9
                ):
                    continue
                trees += [(x + rng.normal(0, 3), y + 9 + rng.normal(0, 2))] * (rng.random() < 0.6)
                _house(draw, (x, y), (rng.uniform(5, 7), rng.uniform(2.8, 3.6)), self.angle, scale,
                       _ROOFS[rng.integers(len(_ROOFS))])  # fmt: skip
        out = np.asarray(colour.resize((width, height), Image.Resampling.BOX), np.float32)
        points = np.array(trees).reshape(-1, 2)
        return plant(out, points, rng.uniform(1.8, 3, len(points)), rng)


def _house(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    half: tuple[float, float],
    angle: float,
    scale: int,
    roof: tuple[int, int, int],
) -> None:
    def quad(
        x0: float, y0: float, x1: float, y1: float, shift: float = 0
    ) -> list[tuple[float, float]]:
        cos, sin = np.cos(angle), np.sin(angle)
        return [
            (
                (at[0] + x * cos - y * sin + shift) * scale,
                (at[1] + x * sin + y * cos + shift) * scale,
            )
            for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        ]

    w, h = half
    draw.polygon(quad(-w - 1, h, w + 1, h + 8), fill=(156, 144, 122))
    draw.polygon(quad(-w, -h, w, h, 2.2), fill=(62, 58, 50))
    draw.polygon(quad(-w, -h, w, 0), fill=tuple(min(255, int(c * 1.14)) for c in roof))
    draw.polygon(quad(-w, 0, w, h), fill=tuple(int(c * 0.84) for c in roof))


def inside(points: np.ndarray, field: Field) -> np.ndarray:
    """Which points lie in the picture, where the field is above a half."""
    height, width = field.shape
    x, y = points[:, 0].astype(int), points[:, 1].astype(int)
    good = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    above = field[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)] > 0.5
    both: np.ndarray = good & above
    return both
