"""A bare, saline plot between fields, and the same plot planted in rows."""

import numpy as np
import shapely

from projects.demo.imagery.countryside import Countryside, inside
from projects.demo.imagery.frame import Frame, depth_inside, outline
from projects.demo.imagery.noise import Picture, fbm, gradient, mix, ramp, rng_for, smooth_noise
from projects.demo.imagery.plants import plant

_TONES = [(58, 92, 42), (44, 76, 40), (78, 104, 52), (52, 84, 52)]


class Greening:
    """The plot, its rows along the long side, and the surroundings of both dates."""

    def __init__(self, frame: Frame, seed: str) -> None:
        self.frame, self.seed, self.shape = frame, seed, frame.shape
        self.site = outline(frame.geometry)
        self.edge = depth_inside(self.shape, self.site)
        self.inside = ramp(self.edge, -1, 1.5)
        self.land = Countryside(seed, self.shape)
        corners = shapely.get_coordinates(shapely.oriented_envelope(self.site))[:3]
        one, other = corners[1] - corners[0], corners[2] - corners[1]
        side = one if np.hypot(*one) > np.hypot(*other) else other
        self.angle = float(np.arctan2(side[1], side[0]))
        x, y = frame.grid()
        cx, cy = self.site.centroid.coords[0]
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        self.along = ((x - cx) * cos + (y - cy) * sin).astype(np.float32)
        self.across = (-(x - cx) * sin + (y - cy) * cos).astype(np.float32)
        rough = fbm(rng_for(seed, "plot road"), self.shape, 30, 3)
        self.road = np.maximum(
            ramp(np.abs(self.along - 12 + rough * 3), 3.6, 2.2),
            ramp(np.abs(self.edge + 5 + rough * 2), 3.4, 2.0),
        )

    def surroundings(self, later: bool) -> Picture:
        picture = self.land.tracks(self.land.fields(later))
        free = ramp(self.edge, -10, -16)
        picture = self.land.village(picture, free)
        return self.land.belts(picture, free)

    def _roads(self, picture: Picture, rng: np.random.Generator) -> Picture:
        near = ramp(self.edge, -12, -8)
        wear = 0.75 + 0.25 * fbm(rng, self.shape, 8, 2)
        return mix(picture, (176, 162, 134), self.road * near * wear)

    def before(self) -> Picture:
        rng = rng_for(self.seed, "bare")
        tone = fbm(rng, self.shape, 90, 5)
        soil = gradient(tone, (126, 112, 88), (150, 134, 106), (166, 150, 122))
        salt = fbm(rng, self.shape, 64, 5)
        crust = ramp(salt, 0.5, 0.66)
        soil = mix(soil, (190, 182, 162), crust * 0.75)
        soil = mix(soil, (208, 203, 188), ramp(salt, 0.66, 0.8) * 0.7)
        tufts = ramp(fbm(rng, self.shape, 40, 4), 0.52, 0.68) * ramp(
            fbm(rng, self.shape, 4, 2), 0.42, 0.6
        )
        soil = mix(soil, (112, 112, 74), tufts * (1 - crust) * 0.75)
        old_furrows = np.sin(self.across * 1.1) * 0.022 * (1 - crust)
        grain = (
            0.86
            + 0.2 * fbm(rng, self.shape, 5, 3)
            + 0.06 * smooth_noise(rng, self.shape, 1.6)
            + old_furrows
        )
        soil = soil * grain[..., None]
        picture = mix(self.surroundings(False), soil, self.inside)
        damp = ramp(fbm(rng, self.shape, 110, 3), 0.3, 0.18) * self.inside
        picture = mix(picture, picture * np.array([0.72, 0.74, 0.76], np.float32), damp)
        return self._roads(picture, rng)

    def after(self) -> Picture:
        rng = rng_for(self.seed, "planted")
        tone = fbm(rng, self.shape, 80, 5)
        floor = gradient(tone, (92, 104, 58), (112, 118, 72), (138, 130, 92))
        floor = floor * (0.86 + 0.22 * fbm(rng, self.shape, 5, 3))[..., None]
        strip = ramp(np.abs(np.mod(self.across, 7.5) - 3.75), 1.0, 2.2)
        floor = mix(floor, (126, 112, 86), (1 - strip) * 0.45)
        picture = mix(self.surroundings(True), floor, self.inside)
        picture = self._roads(picture, rng)
        return self._belt(self._rows(picture, rng), rng)

    def _rows(self, picture: Picture, rng: np.random.Generator) -> Picture:
        reach = float(np.hypot(*self.shape))
        across, along = np.arange(-reach / 2, reach / 2, 7.5), np.arange(-reach / 2, reach / 2, 4.4)
        grid = np.stack(np.meshgrid(along, across), axis=-1).reshape(-1, 2)
        grid = grid + rng.normal(0, 0.35, grid.shape)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        cx, cy = self.site.centroid.coords[0]
        points = np.column_stack(
            [cx + grid[:, 0] * cos - grid[:, 1] * sin, cy + grid[:, 0] * sin + grid[:, 1] * cos]
        )
        alive = (
            ramp(fbm(rng, self.shape, 50, 3), 0.14, 0.2) * ramp(self.edge, 9, 11) * (1 - self.road)
        )
        kept = inside(points, alive) & (rng.random(len(points)) > 0.05)
        block = (np.floor(grid[:, 1] / 82) * 3 + (grid[:, 0] > 12) * 1).astype(int) % len(_TONES)
        for index, tone in enumerate(_TONES):
            chosen = points[kept & (block == index)]
            size = rng.uniform(1.35, 2.1, len(chosen)) * (1 + 0.12 * index)
            picture = plant(picture, chosen, size, rng, tone, 1.6)
        return picture

    def _belt(self, picture: Picture, rng: np.random.Generator) -> Picture:
        """Two rows of older poplars just inside the edge."""
        for depth, spacing in ((3.0, 5.0), (7.0, 5.0)):
            ring = self.site.buffer(-depth)
            ring = outline(ring) if not ring.is_empty else self.site
            steps = np.arange(0, ring.exterior.length, spacing)
            points = np.array([ring.exterior.interpolate(step).coords[0] for step in steps])
            points = points + rng.normal(0, 0.5, points.shape)
            points = points[inside(points, np.asarray(1 - self.road, np.float32))]
            picture = plant(
                picture, points, rng.uniform(2.0, 2.9, len(points)), rng, (46, 74, 36), 1.7
            )
        return picture
