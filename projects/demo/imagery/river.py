"""A reach of river: an eroded bank with sand bars, and the same bank protected and green."""

import numpy as np

from projects.demo.imagery.countryside import Countryside, inside
from projects.demo.imagery.frame import Frame, along_and_off, centre_line
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
from projects.demo.imagery.plants import plant

_HALF_WIDTH = 46.0


class River:
    """Everything in river coordinates: ``s`` along the reach, ``d`` off it, right bank positive."""

    def __init__(self, frame: Frame, seed: str) -> None:
        self.frame, self.seed, self.shape = frame, seed, frame.shape
        rng = rng_for(seed, "river")
        self.s, off = along_and_off(self.shape, _meander(frame, rng))
        self.d = off + (fbm(rng, self.shape, 130, 2) - 0.5) * 10
        self.half = _HALF_WIDTH + 9 * np.sin(self.s / 74 + rng.uniform(0, 6))
        self.land = Countryside(seed, self.shape)
        self.left_edge = -self.d - self.half + (fbm(rng, self.shape, 34, 4) - 0.5) * 16
        self.right_edge = self.d - self.half
        self.right = ramp(self.d, -4, 4)

    def surroundings(self, later: bool) -> Picture:
        rng = rng_for(self.seed, "flood plain")
        picture = self.land.tracks(self.land.fields(later))
        rough = fbm(rng, self.shape, 70, 4)
        off = np.maximum(self.left_edge, self.right_edge)
        plain = np.maximum(
            ramp(off - rough * 110, 34, 0), ramp(self.right_edge, 62, 54) * self.right
        )
        far = np.asarray(1 - plain, np.float32)
        picture = self.land.scrub(picture, plain)
        picture = self.land.village(picture, far)
        return self.land.belts(picture, far)

    def _water(self, picture: Picture, right: Field) -> Picture:
        """Silty water with streaks along the current, shallow at both banks."""
        rng = rng_for(self.seed, "water")
        depth = np.minimum(-right, -self.left_edge)
        streak = fbm(rng, self.shape, 30, 4)
        tone = np.clip(ramp(depth, 0, 34) * 0.8 + (streak - 0.5) * 0.3, 0, 1)
        body = gradient(tone, (150, 142, 112), (110, 122, 104), (80, 102, 96), (66, 90, 90))
        ripple = 0.97 + 0.05 * np.sin(self.s * 0.55 + streak * 26) * streak
        return mix(
            picture, np.asarray(body * ripple[..., None], np.float32), ramp(depth, -0.8, 1.2)
        )

    def _sand(self, picture: Picture, later: bool) -> Picture:
        rng = rng_for(self.seed, "bars")
        swell = ramp(np.sin(self.s / 118 + 1.0), 0.15, 0.9)
        bar = ramp(self.left_edge + 26 * swell + (fbm(rng, self.shape, 30, 4) - 0.5) * 12, 0, 3)
        bar = bar * ramp(self.left_edge, 16, 6)
        sand = gradient(
            fbm(rng, self.shape, 26, 4), (190, 174, 138), (212, 198, 164), (178, 162, 126)
        )
        sand = sand * (0.92 + 0.12 * fbm(rng, self.shape, 4, 2))[..., None]
        picture = mix(picture, sand, bar * 0.95)
        return mix(
            picture, (112, 116, 76), bar * ramp(self.left_edge, 4, 12) * (0.62 if later else 0.5)
        )

    def before(self) -> Picture:
        rng = rng_for(self.seed, "eroded")
        bites = fbm(rng, self.shape, 44, 4)
        scallop = np.abs(np.sin(self.s / 23 + bites * 5)) * 9
        edge = np.asarray(self.right_edge - (bites - 0.5) * 40 - scallop + 4, np.float32)
        picture = self.surroundings(False)
        bare = gradient(fbm(rng, self.shape, 22, 4), (122, 98, 70), (150, 124, 90), (172, 148, 112))
        bare = bare * (0.82 + 0.28 * fbm(rng, self.shape, 5, 3))[..., None]
        picture = mix(picture, bare, ramp(edge - bites * 18, 22, 8) * self.right)
        picture = mix(picture, (66, 50, 38), ramp(np.abs(edge - 9 - bites * 3), 3.6, 1.0) * 0.85)
        picture = mix(picture, (196, 176, 140), ramp(np.abs(edge - 3), 4.4, 1.5) * 0.55)
        for gap in (15, 21):
            crack = np.abs(edge - gap - bites * 9)
            picture = mix(
                picture, picture * 0.55, ramp(crack, 1.3, 0.3) * ramp(bites, 0.45, 0.55) * 0.8
            )
        picture = self._sand(self._water(picture, edge), False)
        return self._wild_trees(picture, edge, rng)

    def _wild_trees(self, picture: Picture, edge: Field, rng: np.random.Generator) -> Picture:
        height, width = self.shape
        points = rng.uniform(0, 1, (900, 2)) * (width, height)
        willow = (
            ramp(edge, 20, 24) * ramp(edge, 64, 52) * ramp(fbm(rng, self.shape, 60, 3), 0.55, 0.6)
        )
        points = points[inside(points, willow)]
        return plant(picture, points, rng.uniform(2, 3.8, len(points)), rng, (76, 92, 54))

    def after(self) -> Picture:
        rng = rng_for(self.seed, "protected")
        edge = np.asarray(self.right_edge, np.float32)
        picture = self.surroundings(True)
        lawn = gradient(fbm(rng, self.shape, 36, 4), (82, 110, 54), (98, 124, 62), (112, 130, 72))
        lawn = lawn * (0.9 + 0.16 * fbm(rng, self.shape, 4, 2))[..., None]
        picture = mix(picture, lawn, ramp(edge, 58, 52) * self.right)
        picture = self._lattice(picture, edge, rng)
        picture = self._crest_road(picture, edge, rng)
        picture = self._sand(self._water(picture, edge), True)
        picture = mix(picture, (196, 192, 182), ramp(np.abs(edge - 0.6), 1.8, 0.8) * 0.9)
        return self._avenue(picture, edge, rng)

    def _lattice(self, picture: Picture, edge: Field, rng: np.random.Generator) -> Picture:
        """Stone toe, then concrete lattice with grass in its meshes."""
        stone = gradient(fbm(rng, self.shape, 3, 2), (128, 126, 120), (172, 168, 160))
        picture = mix(picture, stone, ramp(edge, 0, 1) * ramp(edge, 6.4, 5.6))
        rhombus = np.minimum(
            np.abs(np.mod(self.s + edge, 7) - 3.5), np.abs(np.mod(self.s - edge, 7) - 3.5)
        )
        band = ramp(edge, 6, 6.6) * ramp(edge, 19.4, 18.6)
        picture = mix(picture, (190, 188, 178), ramp(rhombus, 1.1, 0.4) * band * 0.8)
        for at in (6, 19):
            picture = mix(picture, (200, 198, 190), ramp(np.abs(edge - at), 1.3, 0.6) * 0.9)
        stairs = (
            ramp(np.abs(np.mod(self.s, 150) - 75), 3.2, 2.4) * ramp(edge, 0, 1) * ramp(edge, 24, 23)
        )
        return mix(picture, (206, 202, 192), stairs * 0.85)

    def _crest_road(self, picture: Picture, edge: Field, rng: np.random.Generator) -> Picture:
        picture = picture * (1 + 0.13 * ramp(edge, 20, 25) * ramp(edge, 29, 27))[..., None]
        asphalt = gradient(smooth_noise(rng, self.shape, 2), (112, 112, 112), (130, 129, 126))
        picture = mix(picture, asphalt, ramp(edge, 27.4, 28.2) * ramp(edge, 36.6, 35.8))
        picture = mix(picture, (210, 206, 196), ramp(np.abs(edge - 27.6), 1.2, 0.5) * 0.8)
        dash = (np.mod(self.s, 9) < 5) * ramp(np.abs(edge - 32), 0.9, 0.3)
        picture = mix(picture, (226, 222, 206), np.asarray(dash * 0.8, np.float32))
        return np.asarray(
            picture * (1 - 0.17 * ramp(edge, 36.4, 38) * ramp(edge, 46, 41))[..., None], np.float32
        )

    def _avenue(self, picture: Picture, edge: Field, rng: np.random.Generator) -> Picture:
        height, width = self.shape
        points = rng.uniform(0, 1, (height * width // 5, 2)) * (width - 1, height - 1)
        x, y = points[:, 0].astype(int), points[:, 1].astype(int)
        s, d = self.s[y, x], edge[y, x]
        for at, spacing, size in ((23.5, 9.0, 2.0), (40.0, 7.0, 2.5), (47.0, 7.0, 2.7)):
            row = points[(np.abs(d - at) < 0.7) & (np.abs(np.mod(s, spacing) - spacing / 2) < 0.7)]
            keys = np.round(row / spacing).astype(np.int64)
            _, first = np.unique(keys[:, 0] * 100_003 + keys[:, 1], return_index=True)
            row = row[first]
            picture = plant(
                picture, row, rng.uniform(size - 0.4, size + 0.4, len(row)), rng, (50, 82, 38), 1.6
            )
        return picture


def _meander(frame: Frame, rng: np.random.Generator) -> np.ndarray:
    """The given line, carried on beyond its ends to the edge of the picture with soft bends."""
    line = np.asarray(centre_line(frame.geometry).coords)[:, :2]
    for _ in range(3):
        line = _cut_corners(line)
    head, tail = _beyond(line[1], line[0], rng), _beyond(line[-2], line[-1], rng)
    return np.vstack([head[::-1], line, tail])


def _beyond(inner: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    course = (end - inner) / max(float(np.hypot(*(end - inner))), 1e-6)
    side = np.array([-course[1], course[0]])
    t = np.linspace(60, 900, 10)
    sway = np.sin(t / rng.uniform(110, 170)) * rng.choice([-1, 1]) * np.minimum(t * 0.2, 34)
    return np.asarray(end + course * t[:, None] + side * sway[:, None])


def _cut_corners(line: np.ndarray) -> np.ndarray:
    """One round of Chaikin's corner cutting: the bank of a river has no kinks."""
    if len(line) < 3:
        return line
    early, late = line[:-1] * 0.75 + line[1:] * 0.25, line[:-1] * 0.25 + line[1:] * 0.75
    return np.vstack([line[:1], np.stack([early, late], axis=1).reshape(-1, 2), line[-1:]])
