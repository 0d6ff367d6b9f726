"""The drawing table of the ground-level pictures: a camera, a ground, solids, trees, light.

World coordinates are metres: x right, y away from the viewer, z up; the viewer stands at the origin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from projects.demo.imagery.noise import Field, Picture, as_bytes, fbm, gradient, mix, ramp, rng_for

WIDTH, HEIGHT = 1280, 960
_SCALE = 2
Colour = tuple[int, int, int]
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mood:
    """Season and weather of one of the three visits."""

    sky: tuple[Colour, Colour]
    cloud: float
    light: tuple[float, float, float]
    grass: tuple[Colour, Colour]
    leaf: Colour
    leaves: float
    sun: float


MOODS: dict[str, Mood] = {
    "before": Mood(((150, 163, 176), (206, 207, 202)), 0.8, (0.94, 0.94, 0.95),
                   ((112, 100, 70), (148, 132, 96)), (104, 98, 66), 0.42, 0.35),
    "during": Mood(((118, 158, 198), (212, 221, 222)), 0.55, (1.0, 0.99, 0.95),
                   ((104, 108, 62), (142, 134, 88)), (88, 106, 56), 0.8, 0.7),
    "after": Mood(((74, 134, 196), (202, 222, 232)), 0.4, (1.05, 1.02, 0.96),
                  ((70, 108, 44), (112, 142, 66)), (64, 104, 46), 1.0, 1.0),
}  # fmt: skip


class Canvas:
    """One picture in the making. First the ground (``lay``), then ``raise_solids``, then the solids."""

    def __init__(
        self, seed: str, role: str, *, yaw: float = 0.0, eye: float = 2.4, horizon: float = 0.56
    ):
        self.rng, self.seed, self.role = rng_for(seed, "photo"), seed, role
        self.mood = MOODS[role]
        self.cos, self.sin = math.cos(yaw), math.sin(yaw)
        self.eye, self.focal, self.horizon = eye, WIDTH * 0.86, HEIGHT * horizon
        quarter = fbm(rng_for(seed, "grain"), (256, 256), 40, 5)
        half = np.concatenate(
            [quarter, quarter[:, ::-1]], axis=1
        )  # mirrored: no seam where it repeats
        self.tile = np.concatenate([half, half[::-1]], axis=0)
        self.picture = self._sky()
        first = int(self.horizon) + 1
        rows = np.arange(first, HEIGHT, dtype=np.float32)[:, None]
        self.first_row = first
        self.away = np.broadcast_to(
            eye * self.focal / (rows - self.horizon), (HEIGHT - first, WIDTH)
        )
        across = (np.arange(WIDTH, dtype=np.float32)[None, :] - WIDTH / 2) * self.away / self.focal
        self.x = (across * self.cos + self.away * self.sin).astype(np.float32)
        self.y = (-across * self.sin + self.away * self.cos).astype(np.float32)
        self.metre = (self.away / self.focal).astype(np.float32)
        self.image = Image.new("RGB", (1, 1))
        self.draw = ImageDraw.Draw(self.image)

    # -- ground ------------------------------------------------------------------------------
    def grain(self, size_m: float) -> Field:
        """Noise that lies on the ground, features of about that size, softened with distance."""
        step = 40 / size_m
        noise = self.tile[
            (self.y * step).astype(np.int64) % 512, (self.x * step).astype(np.int64) % 512
        ]
        fade = np.clip(size_m / np.maximum(self.metre * 5, 1e-6), 0, 1)
        return np.asarray(0.5 + (noise - 0.5) * fade, np.float32)

    def lay(self, colours: Sequence[Colour], where: Field | None = None, *, rough: float = 0.3,
            size_m: float = 1.6, soft_m: float = 0.0) -> None:  # fmt: skip
        """Cover the ground with a material. where: signed metres, positive inside; None is all."""
        tone = np.clip(self.grain(size_m * 4) * 0.6 + self.grain(size_m) * 0.4, 0, 1)
        body = gradient(np.asarray(tone, np.float32), *colours)
        body = body * (1 - rough / 2 + rough * self.grain(size_m * 0.22))[..., None]
        amount = np.ones(self.x.shape, np.float32)
        if where is not None:
            amount = np.clip(where / np.maximum(self.metre, soft_m) + 0.5, 0, 1).astype(np.float32)
        self.blend(np.asarray(body, np.float32), amount)

    def blend(self, body: Picture | Colour, amount: Field) -> None:
        ground = self.picture[self.first_row :]
        self.picture[self.first_row :] = mix(ground, body, amount)

    def stripe(
        self, colour: Colour, distance: Field, width_m: float, strength: float = 1.0
    ) -> None:
        """A line on the ground where ``distance`` (metres) is near nought."""
        cover = np.clip((width_m / 2 - np.abs(distance)) / self.metre + 0.5, 0, 1)
        thin = np.clip(width_m / self.metre, 0, 1)
        self.blend(colour, np.asarray(cover * thin * strength, np.float32))

    def band(self, low: float, high: float, axis: str = "x", wobble: float = 0.0) -> Field:
        """Signed metres inside a strip of the ground."""
        value = self.x if axis == "x" else self.y
        wave = (self.grain(3.0) - 0.5) * 2 * wobble
        return np.asarray(np.minimum(value - low, high - value) + wave, np.float32)

    def grass(self, where: Field | None = None) -> None:
        dark, light = self.mood.grass
        self.lay([dark, light, dark], where, rough=0.45, size_m=1.0)

    def skyline(
        self, base: Colour, height: float, roughness: float = 0.5, seed: str = "ridge"
    ) -> None:
        """A far ridge or tree line above the horizon."""
        rng = rng_for(self.seed, seed)
        profile = fbm(rng, (8, WIDTH), 220, 6)[4] * height * (1 - roughness) + fbm(
            rng, (8, WIDTH), 22, 4
        )[4] * (height * roughness)
        rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
        amount = np.clip(rows - (self.horizon - profile[None, :]), 0, 1) * (
            rows <= self.horizon + 2
        )
        shade = 0.88 + 0.24 * fbm(rng, (HEIGHT, WIDTH), 14, 3)
        body = (
            np.asarray(base, np.float32)
            * shade[..., None]
            * np.asarray(self.mood.light, np.float32)
        )
        self.picture = mix(
            self.picture, np.asarray(body, np.float32), np.asarray(amount, np.float32)
        )

    def _sky(self) -> Picture:
        rows = np.linspace(0, 1, int(self.horizon) + 2, dtype=np.float32)
        sky = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        top, low = self.mood.sky
        column = gradient(rows, top, low)
        sky[: len(rows)] = column[:, None, :]
        rng = rng_for(self.seed, "sky", self.role)
        cloud = fbm(rng, (HEIGHT, WIDTH), 130, 6, 2.4)
        lit = fbm(rng, (HEIGHT, WIDTH), 60, 4, 2.0)
        amount = ramp(cloud, 0.78 - self.mood.cloud * 0.36, 0.86) * 0.85
        body = gradient(lit, (188, 194, 202), (250, 250, 248))
        return mix(sky, body, amount)

    # -- solids ------------------------------------------------------------------------------
    def raise_solids(self) -> None:
        """From here on polygons are drawn, at twice the size, over the finished ground."""
        self.picture *= np.asarray(self.mood.light, np.float32)
        small = Image.fromarray(as_bytes(self.picture))
        self.image = small.resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def at(self, point: Point) -> tuple[float, float]:
        x, y, z = point
        right, away = x * self.cos - y * self.sin, max(x * self.sin + y * self.cos, 0.5)
        return (
            (WIDTH / 2 + self.focal * right / away) * _SCALE,
            (self.horizon - self.focal * (z - self.eye) / away) * _SCALE,
        )

    def scale_at(self, x: float, y: float) -> float:
        """Canvas pixels per metre at a place."""
        return self.focal * _SCALE / max(x * self.sin + y * self.cos, 0.5)

    def lit(self, colour: Colour, factor: float = 1.0) -> Colour:
        red, green, blue = (
            int(min(255, c * factor * m)) for c, m in zip(colour, self.mood.light, strict=True)
        )
        return (red, green, blue)

    def poly(
        self, points: Sequence[Point], colour: Colour, factor: float = 1.0, alpha: int = 255
    ) -> None:
        self.draw.polygon([self.at(p) for p in points], fill=(*self.lit(colour, factor), alpha))

    def line(
        self, points: Sequence[Point], colour: Colour, width_m: float, alpha: int = 255
    ) -> None:
        x, y, _ = points[0]
        width = max(1, round(width_m * self.scale_at(x, y)))
        self.draw.line(
            [self.at(p) for p in points], (*self.lit(colour), alpha), width, joint="curve"
        )

    def wall(self, x0: float, x1: float, y: float, z0: float, z1: float, colour: Colour,
             factor: float = 1.0, alpha: int = 255) -> None:  # fmt: skip
        """An upright rectangle that faces the viewer."""
        self.poly([(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)], colour, factor, alpha)

    def flank(self, x: float, y0: float, y1: float, z0: float, z1: float, colour: Colour,
              factor: float = 0.72, alpha: int = 255) -> None:  # fmt: skip
        """An upright rectangle that runs away from the viewer."""
        self.poly([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)], colour, factor, alpha)

    def slab(self, x0: float, x1: float, y0: float, y1: float, z: float, colour: Colour,
             factor: float = 1.0, alpha: int = 255) -> None:  # fmt: skip
        """A level rectangle."""
        self.poly([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], colour, factor, alpha)

    def box(
        self, x0: float, x1: float, y0: float, y1: float, z0: float, z1: float, colour: Colour
    ) -> None:
        """A solid with a lit front, a dark flank and a bright top, with its shadow on the ground."""
        if z0 <= 0.05:
            self.shadow([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], min(z1, 9) * 0.4)
        if z1 < self.eye:
            self.slab(x0, x1, y0, y1, z1, colour, 1.16)
        right_seen = self.at((x1, y1, 0))[0] > self.at((x1, y0, 0))[0]
        left_seen = self.at((x0, y1, 0))[0] < self.at((x0, y0, 0))[0]
        if right_seen:
            self.flank(x1, y0, y1, z0, z1, colour, 0.7)
        if left_seen:
            self.flank(x0, y0, y1, z0, z1, colour, 0.86)
        self.wall(x0, x1, y0, z0, z1, colour)

    def shadow(self, ground: Sequence[tuple[float, float]], length: float) -> None:
        """The ground darkened on the side away from the sun (it stands to the left behind us)."""
        strength = int(40 + 75 * self.mood.sun)
        moved = [(x + length * 0.9, y + length * 0.35) for x, y in ground]
        for corners in (
            ground,
            moved,
            [*ground[:2], *moved[:2][::-1]],
            [*ground[1:3], *moved[1:3][::-1]],
        ):
            self.draw.polygon(
                [self.at((x, y, 0.0)) for x, y in corners], fill=(28, 30, 36, strength // 2)
            )

    # -- plants and poles ----------------------------------------------------------------------
    def tree(
        self, x: float, y: float, height: float, *, tone: Colour | None = None, slim: float = 1.0
    ) -> None:
        """A broad-leaved tree: trunk, boughs, and clumps of leaves lit from the upper left."""
        scale = self.scale_at(x, y)
        foot_x, foot_y = self.at((x, y, 0))
        crown = height * 0.36 * slim * scale * float(self.rng.uniform(0.88, 1.12))
        hue = self.rng.uniform(0.86, 1.14, 3)
        base = tone or self.mood.leaf
        tone = (int(base[0] * hue[0]), int(base[1] * (0.5 + hue[0] / 2)), int(base[2] * hue[2]))
        reach = crown * (0.6 + 0.6 * self.mood.sun)
        self.draw.ellipse((foot_x - crown * 0.5, foot_y - crown * 0.14, foot_x + reach * 1.5, foot_y + crown * 0.14),
                          fill=(24, 28, 24, int(40 + 55 * self.mood.sun)))  # fmt: skip
        trunk = self.lit((86, 72, 58))
        top = foot_y - height * 0.62 * scale
        self.draw.line((foot_x, foot_y, foot_x, top), trunk, max(2, int(height * 0.028 * scale)))
        width = max(1, int(height * 0.009 * scale))
        for angle in np.linspace(-0.9, 0.9, 7):
            end_x, end_y = (
                foot_x + math.sin(angle) * crown * 0.95,
                top - math.cos(angle) * crown * 0.85,
            )
            self.draw.line((foot_x, top + height * 0.16 * scale, end_x, end_y), trunk, width)
        self._leaves(foot_x, foot_y - height * 0.66 * scale, crown, height * 0.36 * scale, tone)

    def _leaves(
        self, x: float, y: float, half_width: float, half_height: float, tone: Colour
    ) -> None:
        count = int((150 if half_width > 30 else 46) * self.mood.leaves)
        angle, radius = self.rng.uniform(0, 2 * np.pi, count), np.sqrt(self.rng.random(count))
        px, py = np.cos(angle) * radius, np.sin(angle) * radius
        size = self.rng.uniform(0.1, 0.24, count) * half_width
        light = 0.82 - 0.3 * px * 0.6 - 0.34 * py + self.rng.normal(0, 0.09, count)
        order = np.argsort(light)
        alpha = 235 if self.mood.leaves > 0.6 else 150
        for i in order:
            cx, cy, r = x + px[i] * half_width, y + py[i] * half_height, size[i]
            self.draw.ellipse((cx - r, cy - r * 0.8, cx + r, cy + r * 0.8),
                              fill=(*self.lit(tone, float(light[i])), alpha))  # fmt: skip

    def bush(self, x: float, y: float, height: float, tone: Colour | None = None) -> None:
        scale = self.scale_at(x, y)
        foot_x, foot_y = self.at((x, y, height * 0.45))
        self._leaves(
            foot_x, foot_y, height * 0.8 * scale, height * 0.5 * scale, tone or self.mood.leaf
        )

    def lamp(self, x: float, y: float, height: float = 5.0) -> None:
        self.line([(x, y, 0), (x, y, height)], (86, 92, 98), 0.09)
        self.line([(x, y, height), (x + 0.9, y, height + 0.1)], (86, 92, 98), 0.07)
        self.wall(x + 0.6, x + 1.3, y, height + 0.05, height + 0.18, (236, 236, 226))

    def finish(self) -> np.ndarray:
        """Back to size: a little haze, grain and vignette, as a lens gives."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        small = small.filter(ImageFilter.UnsharpMask(1.2, 40, 2))
        picture = np.asarray(small, np.float32)
        rng = rng_for(self.seed, "lens", self.role)
        dirt = 0.975 + 0.05 * fbm(rng_for(self.seed, "surface"), (HEIGHT, WIDTH), 12, 4)
        y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j].astype(np.float32)
        vignette = 1.02 - 0.13 * (x**2 + y**2) ** 1.3
        out = picture * (dirt * vignette)[..., None]
        out = (out - 126) * 1.07 + 129
        out += rng.normal(0, 1.7, (HEIGHT, WIDTH, 1)).astype(np.float32)
        return as_bytes(np.asarray(out, np.float32))
