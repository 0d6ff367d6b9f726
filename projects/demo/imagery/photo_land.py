"""Land and water: mine, greening, river, gully, water source."""

import numpy as np

from projects.demo.imagery.canvas import Canvas, Colour
from projects.demo.imagery.noise import Field
from projects.demo.imagery.things import barrier, excavator, heap, sign


def _rows(c: Canvas, xs: Field, ys: Field, height: float, keep: Field | None = None) -> None:
    """Trees from far to near."""
    for y in sorted(map(float, ys), reverse=True):
        for x in xs:
            px = float(x) + float(c.rng.normal(0, 0.15))
            if keep is not None and keep[int(abs(px)) % len(keep)] < 0.1:
                continue
            sx, _ = c.at((px, y, 0))
            if -200 < sx < 2800:
                c.tree(
                    px,
                    y + float(c.rng.normal(0, 0.15)),
                    height * float(c.rng.uniform(0.85, 1.15)),
                    slim=0.8,
                )


def mine(c: Canvas) -> None:
    """The wall of an open pit with its benches; regraded; grown over."""
    c.skyline((122, 130, 118), 80, 0.3)
    rock: list[Colour] = [(142, 130, 112), (176, 162, 138), (122, 110, 94)]
    if c.role == "after":
        c.grass()
    else:
        c.lay(rock, rough=0.6, size_m=1.6)
    c.lay([(164, 148, 118), (186, 170, 140)], c.band(-2.2, 2.4, wobble=0.6), rough=0.3)
    c.raise_solids()
    for index in range(5):
        _bench(c, 88.0 - index * 9, 20.0 - index * 4.4)
    if c.role == "before":
        for x, y, r in ((-15, 30, 6), (13, 26, 5), (-8, 20, 2.4)):
            heap(c, x, y, r, r * 0.5, (158, 146, 128))
    elif c.role == "during":
        excavator(c, 6, 24, 1.3)
        heap(c, -9, 26, 5, 1.8, (112, 92, 68))
        heap(c, 13, 19, 2.4, 1, (112, 92, 68))
    else:
        _rows(
            c,
            np.arange(-20, 21, 3.3).astype(np.float32),
            np.array([42, 34, 27, 21], np.float32),
            2.2,
        )


def _bench(c: Canvas, y: float, top: float) -> None:
    """One step of the pit wall across the picture, its edge rough."""
    xs = np.linspace(-75, 75, 60)
    sway = np.cumsum(c.rng.normal(0, 0.32, len(xs)))
    sway -= np.linspace(sway[0], sway[-1], len(xs))
    arch = np.clip(1.1 - (xs / 78) ** 2, 0.1, 1)
    crest = top * arch + sway * (0.8 if c.role == "before" else 0.25)
    face: Colour = {"before": (164, 150, 128), "during": (146, 126, 96), "after": (96, 122, 58)}[
        c.role
    ]
    shade = 0.82 + 0.05 * ((int(y) * 7) % 5)
    c.poly(
        [
            (xs[0], y, 0),
            *[(x, y, max(z, 0.1)) for x, z in zip(xs, crest, strict=True)],
            (xs[-1], y, 0),
        ],
        face,
        shade,
    )
    marks = 240 if c.role == "before" else 150
    for _ in range(marks):
        i = int(c.rng.integers(2, len(xs) - 2))
        x, z = xs[i] + c.rng.uniform(-1.2, 1.2), crest[i] * c.rng.uniform(0.72, 0.99)
        low = z - c.rng.uniform(0.8, 4) * (1 if c.role == "before" else 0.35)
        width = c.rng.uniform(0.1, 0.7) * (1 if c.role == "before" else 1.6)
        c.poly([(x, y, z), (x + width, y, z), (x + width * 0.8, y, low), (x + width * 0.1, y, low)], face,
               float(c.rng.uniform(0.66, 1.2)), 105)  # fmt: skip
    light: Colour = (204, 190, 164) if c.role != "after" else (150, 168, 96)
    c.line([(x, y, z) for x, z in zip(xs, crest, strict=True)], light, 0.35, 200)
    if c.role == "after":
        for i in range(3, len(xs) - 3, 2):
            c.tree(float(xs[i]), y - 0.5, 2.4)


def greening(c: Canvas) -> None:
    """Bare saline ground; planting; rows of young trees."""
    c.skyline((98, 112, 88), 44, 0.8)
    c.lay([(142, 126, 98), (168, 152, 122), (126, 110, 84)], rough=0.4, size_m=1.5)
    if c.role == "before":
        c.lay([(206, 200, 184), (226, 222, 210)], (c.grain(8) - 0.5) * 26, rough=0.25, soft_m=0.6)
        c.stripe((112, 98, 76), np.asarray(np.abs(c.grain(2.0) - 0.5) * 5, np.float32), 0.07, 0.5)
    elif c.role == "after":
        c.grass(np.asarray(np.abs(np.mod(c.x, 4) - 2) - 0.55 + (c.grain(1.5) - 0.5), np.float32))
    c.lay([(164, 148, 118), (184, 168, 138)], c.band(-1.6, 1.6, wobble=0.3), rough=0.3)
    if c.role == "during":
        for x in np.arange(-26, 27, 4.0):
            if abs(x) > 2:
                c.stripe((92, 76, 56), c.x - float(x), 0.9, 0.7)
    c.raise_solids()
    if c.role == "before":
        for _ in range(60):
            c.bush(
                float(c.rng.uniform(-45, 45)), float(c.rng.uniform(11, 90)), 0.45, (136, 124, 84)
            )
        return
    xs = np.array([x for x in np.arange(-30, 31, 4.0) if abs(x) > 2], np.float32)
    ys = np.geomspace(9, 78, 12 if c.role == "after" else 8).astype(np.float32)
    _rows(c, xs, ys, 3.3 if c.role == "after" else 1.9)
    if c.role == "during":
        barrier(c, -9, -4, 11)
        heap(c, 7, 13, 1.1, 0.6, (96, 76, 54))
    else:
        sign(c, 3.6, 11)


def river(c: Canvas) -> None:
    """The bank to the right of the water: collapsing; being lined; lattice and lawn."""
    c.skyline((92, 108, 84), 40, 0.8)
    edge = np.asarray(c.x - 0.12 * c.y, np.float32)
    c.grass()
    jag = (c.grain(6) - 0.5) * (7 if c.role == "before" else 0)
    soil: list[Colour] = [(118, 92, 64), (158, 130, 94), (100, 76, 54)]
    if c.role != "after":
        c.lay(soil, np.asarray(6.5 - edge + jag, np.float32), rough=0.6, size_m=1.4)
    water = np.asarray(-edge - 1 + jag * 0.7, np.float32)
    if c.role == "after":
        _lattice(c, edge)
    c.lay([(94, 116, 116), (132, 150, 150), (84, 106, 110)], water, rough=0.1, size_m=1.2)
    far = np.asarray(c.y - 95 - edge * 0.2, np.float32)
    c.grass(np.minimum(far, -edge))
    if c.role == "before":
        c.stripe((58, 42, 30), edge - 6.5 - jag, 0.9, 0.85)
        c.lay(
            [(196, 178, 142), (210, 194, 160)],
            np.minimum(water, (c.grain(14) - 0.6) * 30 - 1),
            rough=0.2,
        )
    c.raise_solids()
    for x in np.arange(-70, 10, 7.0):
        c.tree(float(x), 104 + float(c.rng.uniform(0, 8)), 9)
    if c.role == "before":
        for x, y in ((18.0, 46.0), (13.0, 30.0), (21.0, 24.0)):
            c.tree(x, y, 6, slim=0.7)
        for y in (34.0, 22.0, 15.0):
            heap(c, 4 + 0.12 * y, y, 1.5, 0.7, (124, 98, 70))
    elif c.role == "during":
        excavator(c, 9, 24, 1.25)
        for y in (36.0, 24.0, 16.0):
            heap(c, 2.6 + 0.12 * y, y, 1.9, 1.0, (158, 156, 150))
    else:
        for y in (78.0, 62.0, 49.0, 39.0, 31.0, 25.0):
            c.tree(17 + 0.12 * y, y, 5.4)
            c.lamp(9.6 + 0.12 * y, y + 3, 4.5)
        for y in np.geomspace(8, 80, 26):
            x = 8.9 + 0.12 * float(y)
            c.line([(x, float(y), 0), (x, float(y), 1.05)], (206, 204, 196), 0.14)


def _lattice(c: Canvas, edge: Field) -> None:
    concrete: Colour = (196, 194, 186)
    c.lay([(150, 148, 142), (182, 180, 172)], np.minimum(edge + 1, 0.9 - edge), rough=0.4)
    mesh = np.minimum(
        np.abs(np.mod(edge + c.y * 0.7, 2) - 1), np.abs(np.mod(edge - c.y * 0.7, 2) - 1)
    )
    on_slope = (edge > 0.9) & (edge < 8)
    c.stripe(concrete, np.where(on_slope, mesh, 9).astype(np.float32), 0.36, 0.95)
    for at in (0.9, 8.0):
        c.stripe(concrete, edge - at, 0.55)
    c.lay(
        [(150, 84, 66), (166, 96, 76)], np.minimum(edge - 9.4, 12.6 - edge), rough=0.15, size_m=0.5
    )
    for at in (9.4, 12.6):
        c.stripe((212, 210, 202), edge - at, 0.2)


def gully(c: Canvas) -> None:
    """An erosion gully in a black-soil field; check dams; grassed."""
    c.skyline((104, 114, 92), 36, 0.5)
    if c.role == "after":
        c.grass()
    else:
        c.lay([(96, 82, 64), (122, 106, 82), (82, 70, 56)], rough=0.45, size_m=1.3)
        furrow = np.asarray(np.abs(np.mod(c.x * 0.9 + c.y * 0.08, 1.1) - 0.55), np.float32)
        c.stripe((62, 52, 42), furrow, 0.3, 0.5)
    centre = np.asarray(2.2 * np.sin(c.y / 9) + (c.grain(7) - 0.5) * 3, np.float32)
    half = 1.9 + c.y * 0.03
    inside = np.asarray(half - np.abs(c.x - centre), np.float32)
    if c.role == "after":
        c.lay([(84, 112, 52), (118, 142, 74)], inside, rough=0.45)
        c.lay([(64, 92, 46), (92, 118, 60)], inside - 1.1, rough=0.4)
    else:
        c.lay([(140, 108, 74), (112, 84, 58)], inside, rough=0.6)
        c.lay([(70, 52, 38), (92, 70, 50)], np.minimum(inside, centre - c.x + 0.2), rough=0.5)
        c.lay([(52, 40, 32), (72, 56, 44)], inside - 1.3, rough=0.5)
        c.stripe((172, 140, 102), inside, 0.22, 0.8)
    c.raise_solids()
    if c.role != "before":
        for y in (44.0, 29.0, 19.0, 12.5):
            _check_dam(c, y)
    if c.role == "during":
        excavator(c, 7, 25, 1.0)
        heap(c, -8, 20, 2, 1, (158, 154, 146))
    if c.role == "after":
        for y in (60.0, 46.0, 35.0, 26.0, 20.0, 15.0):
            for side in (-1, 1):
                c.tree(side * (5.5 + y * 0.05) + 2.2 * float(np.sin(y / 9)), y, 3.4)
    else:
        for _ in range(26):
            c.bush(float(c.rng.uniform(-40, 40)), float(c.rng.uniform(20, 90)), 0.4, (128, 118, 76))


def _check_dam(c: Canvas, y: float) -> None:
    x, half = 2.2 * float(np.sin(y / 9)), 2.4 + y * 0.03
    c.box(x - half, x + half, y, y + 0.9, 0, 0.42, (160, 154, 144))
    for _ in range(46):
        px, z, r = (
            c.rng.uniform(x - half, x + half),
            c.rng.uniform(0.08, 0.36),
            c.rng.uniform(0.08, 0.2),
        )
        points = [
            (px + r * np.cos(a), y - 0.02, z + r * 0.7 * np.sin(a))
            for a in (0, 1.1, 2.2, 3.3, 4.4, 5.4)
        ]
        c.poly(points, (168, 162, 152), float(c.rng.uniform(0.66, 1.15)))


def water_source(c: Canvas) -> None:
    """A well field: open to all; being fenced; fenced, signed and green."""
    c.skyline((98, 112, 86), 46, 0.8)
    c.grass()
    c.lay([(156, 140, 110), (176, 160, 130)], c.band(-2, 2, wobble=0.5), rough=0.3)
    if c.role == "before":
        c.lay([(124, 106, 80), (146, 126, 96)], (c.grain(6) - 0.54) * 20, rough=0.5, soft_m=0.4)
    c.raise_solids()
    for x in np.arange(-60, 60, 8.0):
        c.tree(float(x), 70 + float(c.rng.uniform(-5, 5)), 8)
    old = c.role == "before"
    c.box(5, 12, 34, 40, 0, 3.4, (158, 118, 94) if old else (232, 228, 216))
    c.wall(4.7, 12.3, 33.9, 3.1, 3.7, (96, 88, 80) if old else (52, 112, 172))
    c.wall(7.6, 9.2, 33.95, 0, 2.3, (88, 78, 66) if old else (52, 112, 172))
    if old:
        heap(c, -6, 20, 1.8, 0.8, (118, 104, 88))
        heap(c, 4, 17, 1.2, 0.5, (132, 116, 96))
        return
    reach = 30.0 if c.role == "after" else -1.0
    for x in np.arange(-30.0, reach, 3):
        if abs(x + 1) > 2.4:
            c.line([(float(x), 22, 0), (float(x), 22, 2.1)], (54, 118, 88), 0.12)
            c.wall(float(x), float(x) + 3, 22, 0.15, 1.95, (64, 138, 100), 1, 44)
            for z in (0.2, 0.75, 1.3, 1.9):
                c.line([(float(x), 22, z), (float(x) + 3, 22, z)], (54, 118, 88), 0.05)
    if c.role == "during":
        heap(c, 6, 20, 1.4, 0.7, (122, 98, 70))
        excavator(c, 9, 25, 0.9)
    else:
        sign(c, 3.4, 15, (36, 112, 178), 3.0)
        for x in (-16, -11, -6.5, 15, 20):
            c.tree(x, 27, 5)
