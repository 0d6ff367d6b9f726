"""A legacy open pit from above, and the same relief regraded and grown over."""

import numpy as np
from shapely.affinity import scale as scaled
from shapely.geometry import Polygon

from projects.demo.imagery.countryside import Countryside, inside
from projects.demo.imagery.frame import Frame, depth_inside, line_field, mask_of, outline
from projects.demo.imagery.noise import (
    Field,
    Picture,
    blur,
    fbm,
    gradient,
    mix,
    ramp,
    rng_for,
    smooth_noise,
)
from projects.demo.imagery.plants import plant
from projects.demo.imagery.relief import cast_shadow, hillshade, slope

_BENCH_HEIGHT = 7.5


class Mine:
    """The relief and the surroundings, drawn once for both dates."""

    def __init__(self, frame: Frame, seed: str) -> None:
        self.frame, self.seed, self.shape = frame, seed, frame.shape
        rng = rng_for(seed, "mine")
        self.site = outline(frame.geometry)
        wobble = (fbm(rng, self.shape, 60, 4) - 0.5) * 34
        self.edge = depth_inside(self.shape, self.site) + (fbm(rng, self.shape, 26, 3) - 0.5) * 9
        self.inside = ramp(self.edge, -1.5, 2.5)
        pit = self._pit(rng)
        self.pit_depth = depth_inside(self.shape, pit) + wobble
        self.deepest = float(np.percentile(self.pit_depth[mask_of(self.shape, pit) > 0.5], 99.5))
        self.bench = max(9.0, self.deepest / 5.2)
        self.hills = (fbm(rng, self.shape, 240, 5) * 46).astype(np.float32)
        self.land = Countryside(seed, self.shape)
        self.heaps = self._heap_field(rng)
        self.road = self._haul_road(rng, pit)

    def _pit(self, rng: np.random.Generator) -> Polygon:
        west, north, east, south = self.site.bounds
        corner = (
            west + (east - west) * rng.uniform(0.3, 0.7),
            north + (south - north) * rng.uniform(0.25, 0.5),
        )
        pit = scaled(self.site, 0.74, 0.74, origin=(*corner, 0)).intersection(self.site.buffer(-8))
        return outline(pit if not pit.is_empty else self.site)

    def _heap_field(self, rng: np.random.Generator) -> Field:
        """Spoil tips between the pit and the edge of the site."""
        x, y = self.frame.grid()
        room = (self.pit_depth < -6) & (self.edge > 12)
        total = np.zeros(self.shape, np.float32)
        ys, xs = np.nonzero(room)
        for _ in range(9 if len(ys) else 0):
            at = rng.integers(len(ys))
            radius, top = rng.uniform(18, 44), rng.uniform(8, 17)
            angle = np.arctan2(y - ys[at], x - xs[at])
            gullies = 1 + 0.035 * np.sin(angle * 13 + rng.uniform(0, 6)) + 0.02 * np.sin(angle * 23)
            distance = np.hypot(x - xs[at], y - ys[at]) * gullies
            total = np.maximum(total, np.clip(1.15 - distance / radius, 0, 0.85) * top)
        return np.asarray(total * ramp(self.edge, 0, 16) * ramp(self.pit_depth, 6, -8), np.float32)

    def _haul_road(self, rng: np.random.Generator, pit: Polygon) -> Field:
        """A ramp that winds down the benches and leaves the site to the nearest side."""
        centre = np.array(pit.representative_point().coords[0])
        turns = np.linspace(0, 1, 90)
        start = rng.uniform(0, 2 * np.pi)
        ring = np.asarray(pit.exterior.coords)[:-1] - centre
        ring_angle = np.arctan2(ring[:, 1], ring[:, 0])
        order = np.argsort(ring_angle)
        angle = start + turns * 3.9
        reach = np.interp(np.mod(angle + np.pi, 2 * np.pi) - np.pi, ring_angle[order],
                          np.hypot(*ring[order].T), period=2 * np.pi)  # fmt: skip
        radius = reach * (0.18 + 0.8 * turns)
        spiral = centre + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
        out = spiral[-1] + (spiral[-1] - centre) / max(np.hypot(*(spiral[-1] - centre)), 1) * 900
        path = np.vstack([spiral, (spiral[-1] * 2 + out) / 3 + rng.normal(0, 14, 2), out])
        return line_field(self.shape, path, 8.5)

    def before_height(self, rng: np.random.Generator) -> Field:
        steps = np.clip(self.pit_depth / self.bench, 0, 5)
        terrace = np.floor(steps) + ramp(steps % 1, 0.0, 0.34)
        talus = fbm(rng, self.shape, 9, 3) * 2.2 * self.inside
        rough = fbm(rng, self.shape, 34, 4) * 7 * self.inside
        height = self.hills - terrace * _BENCH_HEIGHT + self.heaps + talus + rough
        graded = blur(np.asarray(height, np.float32), 7)
        return np.asarray(height + (graded - height) * blur(self.road, 1) * 0.9, np.float32)

    def after_height(self, rng: np.random.Generator) -> Field:
        steps = np.clip(self.pit_depth / self.bench, 0, 5)
        soft = np.floor(steps) + ramp(steps % 1, 0.0, 0.95)
        relief = blur(np.asarray(-soft * _BENCH_HEIGHT * 0.72 + self.heaps * 0.45, np.float32), 7)
        return np.asarray(self.hills + relief + fbm(rng, self.shape, 40, 4) * 2.4, np.float32)

    def surroundings(self, later: bool) -> Picture:
        picture = self.land.tracks(self.land.fields(later))
        rough = fbm(rng_for(self.seed, "rough"), self.shape, 120, 4)
        wild = ramp(self.edge + (rough - 0.35) * 190, -78, -46)
        free = np.asarray(1 - np.maximum(wild, ramp(self.edge, -18, -8)), np.float32)
        picture = self.land.scrub(picture, wild)
        picture = self.land.village(picture, free)
        picture = self.land.belts(picture, free)
        return mix(picture, (172, 160, 136), self.road * 0.9)

    def before(self) -> Picture:
        rng = rng_for(self.seed, "before")
        height = self.before_height(rng)
        around = self.surroundings(False)
        picture = mix(around, self._rock(height, rng), self.inside)
        picture = mix(picture, (150, 138, 112), ramp(np.abs(self.edge + 4), 9, 0) * 0.45)
        picture = mix(
            picture,
            (208, 198, 174),
            self.road * self.inside * (0.72 + 0.26 * fbm(rng, self.shape, 7, 2)),
        )
        shade = hillshade(height, 0.85)
        picture = picture * (0.36 + 0.64 * shade)[..., None]
        picture = mix(
            picture, picture * np.array([0.42, 0.46, 0.56], np.float32), cast_shadow(height) * 0.85
        )
        picture = self._pit_water(picture, rng, (86, 128, 122), (58, 92, 92))
        return self._works(picture, rng)

    def _rock(self, height: Field, rng: np.random.Generator) -> Picture:
        strata = np.mod(height * 0.055 + fbm(rng, self.shape, 50, 4) * 1.1, 1)
        rock = gradient(
            strata,
            (156, 142, 120),
            (176, 160, 134),
            (142, 128, 110),
            (168, 148, 118),
            (156, 142, 120),
        )
        grain = fbm(rng, self.shape, 6, 3) * 0.34 + smooth_noise(rng, self.shape, 1.6) * 0.1
        rock = rock * (0.78 + grain)[..., None]
        flat = ramp(slope(blur(height, 1)), 0.85, 0.3)
        rock = mix(rock, (190, 178, 154), flat * 0.5)
        heap = ramp(self.heaps, 0.6, 4)
        rock = mix(rock, rock * np.array([0.78, 0.77, 0.79], np.float32), heap * 0.9)
        weeds = ramp(fbm(rng, self.shape, 34, 4), 0.6, 0.74) * ramp(self.pit_depth, 4, -6)
        return mix(rock, (112, 112, 74), weeds * 0.6)

    def _pit_water(self, picture: Picture, rng: np.random.Generator, shallow: tuple[int, int, int],
                   deep: tuple[int, int, int]) -> Picture:  # fmt: skip
        floor = self.deepest * 0.8
        depth = self.pit_depth + (fbm(rng_for(self.seed, "shore"), self.shape, 22, 3) - 0.5) * 12
        water = ramp(depth, floor - 1.5, floor + 1.5)
        tone = ramp(depth, floor, self.deepest * 1.02)
        body = (
            gradient(tone, shallow, deep) * (0.96 + 0.08 * fbm(rng, self.shape, 18, 3))[..., None]
        )
        picture = mix(picture, picture * 0.72, ramp(np.abs(depth - floor + 3), 6, 0) * 0.7)
        return mix(picture, np.asarray(body, np.float32), water)

    def _works(self, picture: Picture, rng: np.random.Generator) -> Picture:
        """Stock piles of crushed stone and a shed or two on the level ground."""
        ys, xs = np.nonzero((self.pit_depth < -14) & (self.edge > 22) & (self.heaps < 1))
        x, y = self.frame.grid()
        for _ in range(7 if len(ys) else 0):
            at = rng.integers(len(ys))
            radius = rng.uniform(4, 8)
            cone = np.clip(1 - np.hypot(x - xs[at], y - ys[at]) / radius, 0, 1).astype(np.float32)
            lit = hillshade(cone * radius * 0.35)
            picture = mix(
                picture,
                np.asarray((170, 164, 150) * lit[..., None], np.float32),
                ramp(cone, 0, 0.12),
            )
        return picture

    def after(self) -> Picture:
        rng = rng_for(self.seed, "after")
        height = self.after_height(rng)
        picture = mix(self.surroundings(True), self._grass(rng), self.inside)
        picture = mix(picture, (166, 154, 126), blur(self.road, 1) * self.inside * 0.62)
        picture = picture * (0.36 + 0.64 * hillshade(height, 0.85))[..., None]
        picture = self._ditches(picture)
        picture = self._pit_water(picture, rng, (74, 104, 92), (38, 66, 74))
        return self._saplings(picture, rng)

    def _grass(self, rng: np.random.Generator) -> Picture:
        tone = fbm(rng, self.shape, 70, 5) * 0.75 + fbm(rng, self.shape, 11, 3) * 0.25
        grass = gradient(tone, (64, 90, 44), (84, 112, 54), (104, 126, 64), (134, 136, 84))
        grass = (
            grass
            * (
                0.84 + 0.22 * fbm(rng, self.shape, 4, 2) + 0.08 * smooth_noise(rng, self.shape, 1.5)
            )[..., None]
        )
        thin = ramp(fbm(rng, self.shape, 46, 4), 0.7, 0.84)
        return mix(grass, (150, 136, 104), thin * 0.5)

    def _ditches(self, picture: Picture) -> Picture:
        """Lined drains along the foot of every second bench, and the edge drain round the site."""
        for level in (0.15, 2.1, 3.2):
            off = np.abs(self.pit_depth - level * self.bench)
            picture = mix(
                picture, picture * 0.6, ramp(np.abs(off - 1.6), 1.2, 0.2) * 0.5 * self.inside
            )
            picture = mix(picture, (186, 182, 170), ramp(off, 1.5, 0.5) * 0.75 * self.inside)
        return picture

    def _saplings(self, picture: Picture, rng: np.random.Generator) -> Picture:
        """Rows that follow the contour lines: young crowns along lines of equal depth."""
        height, width = self.shape
        spacing = 7.0
        count = int(height * width / 9)
        points = rng.uniform(0, 1, (count, 2)) * (width - 1, height - 1)
        x, y = points[:, 0].astype(int), points[:, 1].astype(int)
        depth = np.where(self.pit_depth > 0, self.pit_depth, self.edge)
        on_row = np.abs(depth[y, x] % spacing - spacing / 2) < 0.5
        water = ramp(self.pit_depth, self.deepest * 0.72, self.deepest * 0.7)
        planted = (
            ramp(fbm(rng, self.shape, 80, 3), 0.3, 0.36)
            * water
            * self.inside
            * ramp(self.edge, 2, 6)
        )
        planted = planted * (1 - ramp(self.road, 0.05, 0.2))
        points = _thinned(points[on_row & inside(points, planted)], 3.6)
        return plant(picture, points, rng.uniform(1.0, 1.9, len(points)), rng, (48, 78, 36), 1.7)


def _thinned(points: np.ndarray, cell: float) -> np.ndarray:
    """At most one point per cell, so that crowns do not pile up."""
    keys = (points // cell).astype(np.int64)
    _, first = np.unique(keys[:, 0] * 100_003 + keys[:, 1], return_index=True)
    return np.asarray(points[np.sort(first)])
