"""Works under and above ground: pipes, heating plant, pump station, sewage works, wind, solar."""

import numpy as np

from projects.demo.imagery.canvas import Canvas, Colour
from projects.demo.imagery.photo_housing import yard
from projects.demo.imagery.things import (
    STEEL,
    barrier,
    block,
    cables,
    car,
    excavator,
    heap,
    hoarding,
    windows,
)


def pipes(c: Canvas) -> None:
    """A street: worn, with an open trench and new pipe, and with fresh asphalt."""
    c.skyline((118, 122, 120), 40, 0.7)
    walk = [(150, 144, 134), (168, 162, 150)]
    c.lay(walk, rough=0.25, size_m=0.6)
    road = c.band(-5, 6.5)
    if c.role == "after":
        c.lay([(66, 68, 72), (80, 82, 84)], road, rough=0.14, size_m=0.4)
        c.stripe((236, 232, 214), np.where(np.mod(c.y, 6) < 3.4, c.x - 0.75, 99), 0.15)
        for x in (-4.7, 6.2):
            c.stripe((236, 234, 226), c.x - x, 0.13)
    else:
        c.lay([(104, 102, 98), (128, 125, 118), (92, 89, 84)], road, rough=0.4, size_m=1.2)
        c.lay([(78, 76, 72), (92, 89, 84)], np.minimum(road, (c.grain(5) - 0.6) * 20), rough=0.3)
        c.stripe((62, 60, 56), np.where(road > 0, np.abs(c.grain(2.4) - 0.5) * 5, 9), 0.1, 0.7)
    for x in (-5.0, 6.5):
        c.stripe((196, 194, 186), c.x - x, 0.24)
    if c.role == "during":
        c.lay([(74, 60, 46), (52, 42, 34)], c.band(-2.4, -0.2), rough=0.5)
        c.lay([(40, 33, 27), (56, 46, 36)], c.band(-2.0, -0.6), rough=0.4)
        for x, width, tone in (
            (-1.32, 0.56, (32, 34, 38)),
            (-1.42, 0.12, (92, 98, 106)),
            (-1.15, 0.05, (58, 110, 176)),
        ):
            c.stripe(tone, c.x - x, width)
    c.raise_solids()
    _street_fronts(c)
    if c.role == "during":
        for y in np.arange(34.0, 8.0, -5):
            heap(c, -3.9, float(y), 1.3, 0.8, (122, 98, 72))
        excavator(c, -0.6, 27, 0.95)
        for k in range(3):
            c.box(2.6 + k * 0.75, 3.2 + k * 0.75, 11, 17, 0, 0.6, (40, 44, 50))
        barrier(c, 0.2, 6.0, 9.5)
    elif c.role == "after":
        car(c, 1.6, 19, (204, 206, 208))
    else:
        _overhead(c)


def _overhead(c: Canvas) -> None:
    cables(c, -7.4, 8.6, 15, 6.6, 10)
    for x in (-7.4, 8.6):
        c.line([(x, 15, 0), (x, 15, 7.2)], (112, 106, 98), 0.24)


def _street_fronts(c: Canvas) -> None:
    for y in (88.0, 68.0, 50.0, 34.0):
        wall: Colour = [(184, 172, 152), (196, 178, 150), (172, 162, 150)][int(c.rng.integers(3))]
        block(c, -30, -11, y, 5, wall, depth=13, shabby=c.role == "before")
        block(c, 12.5, 32, y, 5, wall, depth=13, shabby=c.role == "before")
    for y in (60.0, 46.0, 36.0, 28.0, 21.0):
        c.tree(-8.4, y, 6.4)
        c.tree(10, y + 3, 6.4)
        if c.role == "after":
            c.lamp(7.4, y, 7)


def heating(c: Canvas) -> None:
    """A heating plant: rusting, under construction, running."""
    _plant(c, (150, 128, 108), (206, 214, 220), (58, 110, 160))
    x, y = 15.0, 52.0
    tall = 20 if c.role == "during" else 33
    for z in range(0, tall, 3):
        red = c.role == "after" and (z // 3) % 3 == 0
        w = 1.7 - z * 0.018
        c.wall(x - w, x + w, y, z, z + 3, (196, 84, 64) if red else (190, 186, 178), 1.0)
        c.wall(x + w * 0.3, x + w, y - 0.01, z, z + 3, (40, 40, 44), 1, 60)
    if c.role == "after":
        for i in range(16):
            px, py = c.at((x + 0.6 * i, y, 34 + 0.7 * i))
            r = 14 + i * 7
            c.draw.ellipse((px - r, py - r * 0.6, px + r, py + r * 0.6), fill=(244, 246, 248, 34))


def _plant(c: Canvas, old: Colour, new: Colour, trim: Colour) -> None:
    yard(c, paved=c.role == "after")
    c.raise_solids()
    wall = old if c.role == "before" else new
    c.box(-26, 4, 44, 66, 0, 15, wall)
    c.wall(-26, 4, 43.97, 11.2, 12.4, trim if c.role == "after" else old, 0.9)
    windows(c, -25, 3, 44, 2, 8, floor_m=4.4, base=2.0, shabby=c.role == "before")
    c.box(4, 13, 41, 52, 0, 7.5, wall)
    windows(c, 4.6, 12.4, 41, 2, 3, shabby=c.role == "before")
    c.wall(-14, -10, 43.9, 0, 4.6, STEEL)
    if c.role == "during":
        for px in np.arange(-26.0, 5, 5):
            c.line([(px, 43.6, 0), (px, 43.6, 17)], (172, 92, 62), 0.3)
        for z in (6.0, 11.0, 16.6):
            c.line([(-26, 43.6, z), (4, 43.6, z)], (172, 92, 62), 0.26)
        hoarding(c, -28, 28, 26)
        excavator(c, 8, 22, 1.1)
        heap(c, -12, 22, 3, 1.4, (146, 124, 94))
    else:
        for k in range(3):
            c.line([(-28, 40 - k, 3 + k * 0.2), (16, 40 - k, 3 + k * 0.2)], (196, 200, 204) if c.role == "after"
                   else (126, 96, 76), 0.5)  # fmt: skip
        for px in (-24.0, -14.0, -4.0, 8.0):
            c.line([(px, 38, 0), (px, 38, 3.2)], STEEL, 0.2)
    for px in (-21, -12, 12, 20):
        c.tree(px, 26, 5.4)


def pump(c: Canvas) -> None:
    """A heat exchange or pump station: a low hall in a compound."""
    yard(c, paved=c.role == "after")
    c.raise_solids()
    block(
        c,
        -50,
        -24,
        56,
        6,
        (206, 190, 162) if c.role == "after" else (160, 152, 140),
        shabby=c.role == "before",
    )
    block(
        c,
        20,
        52,
        60,
        6,
        (206, 190, 162) if c.role == "after" else (160, 152, 140),
        shabby=c.role == "before",
    )
    wall: Colour = (150, 112, 90) if c.role == "before" else (216, 222, 224)
    c.box(-11, 11, 32, 41, 0, 5.2, wall)
    windows(c, -10, 2, 32, 1, 4, base=1.8, shabby=c.role == "before")
    c.wall(4, 8.4, 31.9, 0, 3.6, (60, 108, 158) if c.role == "after" else (104, 92, 80))
    c.wall(-11.3, 11.3, 31.8, 4.8, 5.6, (60, 108, 158) if c.role == "after" else (112, 96, 82))
    if c.role == "during":
        for k in range(4):
            c.box(-9 + k * 1.0, -8.2 + k * 1.0, 22, 30, 0, 0.8, (52, 58, 64))
        hoarding(c, -24, -3, 19)
        heap(c, 8, 23, 2.8, 1.3, (146, 124, 94))
    for px in (-20, -14, 15, 21):
        c.tree(px, 27, 5.6)


def sewage(c: Canvas) -> None:
    """Settling tanks from the service road."""
    c.skyline((100, 112, 96), 52, 0.8)
    c.grass()
    c.lay([(150, 146, 138), (164, 160, 150)], c.band(-3.2, 3.2), rough=0.15)
    if c.role != "after":
        c.lay([(126, 106, 80), (148, 126, 96)], np.abs(c.x) - 3.6 + c.grain(3), rough=0.5)
    for cx, cy in ((-15.0, 27.0), (15.0, 27.0), (-15.0, 56.0), (15.0, 56.0)):
        ring = np.asarray(10.6 - np.hypot(c.x - cx, c.y - cy), np.float32)
        if c.role == "before":
            c.lay([(110, 112, 82), (92, 96, 70)], ring - 2 + c.grain(4) * 3, rough=0.2)
            continue
        c.lay([(178, 176, 170), (196, 194, 188)], ring, rough=0.15)
        inner: list[Colour] = (
            [(66, 96, 92), (92, 122, 116)]
            if c.role == "after"
            else [(150, 146, 138), (118, 114, 106)]
        )
        c.lay(inner, ring - 1.0, rough=0.12)
        if c.role == "after":
            c.stripe((188, 198, 200), ring - 1.7, 0.25)
    c.raise_solids()
    block(
        c,
        -9,
        13,
        84,
        2,
        (208, 214, 216) if c.role != "before" else (170, 158, 142),
        shabby=c.role == "before",
    )
    if c.role == "before":
        return
    for cx, cy in ((-15.0, 56.0), (15.0, 56.0), (-15.0, 27.0), (15.0, 27.0)):
        c.line([(cx - 10, cy, 1.0), (cx + 10, cy, 1.0)], (90, 128, 158), 0.16)
        c.line([(cx - 10, cy, 1.7), (cx + 10, cy, 1.7)], (220, 190, 70), 0.07)
        for k in np.arange(-10, 10.1, 2):
            c.line([(cx + k, cy, 0.9), (cx + k, cy, 1.7)], (220, 190, 70), 0.06)
    if c.role == "during":
        excavator(c, 5, 17, 1.0)
        heap(c, -7, 15, 2.4, 1.2, (146, 124, 94))
    else:
        for y in (40.0, 20.0):
            c.lamp(3.8, y, 5.5)


def wind(c: Canvas) -> None:
    """Turbines over farmland."""
    c.skyline((112, 124, 102), 26, 0.5)
    c.grass()
    c.lay([(150, 136, 106), (170, 154, 122)], c.band(-1.8, 1.8, wobble=0.5), rough=0.3)
    c.raise_solids()
    spots = [
        (-120.0, 330.0),
        (-30.0, 400.0),
        (110.0, 360.0),
        (-70.0, 210.0),
        (52.0, 170.0),
        (-20.0, 120.0),
    ]
    standing = {"before": 0, "during": 3, "after": 6}[c.role]
    for index, (x, y) in enumerate(spots[:standing]):
        _turbine(c, x, y, index)
    if c.role == "during":
        c.line([(-20, 110, 0), (-20, 110, 34)], (236, 238, 240), 3.2)
        c.line([(-12, 108, 0), (-22, 108, 62)], (222, 150, 48), 1.2)
        excavator(c, 5, 26, 1.0)
        heap(c, -7, 22, 2.5, 1.1, (126, 104, 76))
    for x in np.arange(-80, 80, 9.0):
        c.tree(float(x), 96 + float(c.rng.uniform(-4, 4)), 7)


def _turbine(c: Canvas, x: float, y: float, index: int) -> None:
    white: Colour = (240, 242, 244)
    c.poly([(x - 1.9, y, 0), (x + 1.9, y, 0), (x + 1.1, y, 62), (x - 1.1, y, 62)], white, 0.95)
    c.poly(
        [(x + 0.4, y, 0), (x + 1.9, y, 0), (x + 1.1, y, 62), (x + 0.2, y, 62)],
        (150, 158, 168),
        1,
        110,
    )
    for blade in range(3):
        a = index * 0.7 + blade * 2.094
        tip, side = np.array([np.sin(a), np.cos(a)]) * 38, np.array([np.cos(a), -np.sin(a)])
        root, thick = side * 0.7, side * 1.7
        near = (x + tip[0] * 0.22 + thick[0], y - 1, 62 + tip[1] * 0.22 + thick[1])
        c.poly([(x + root[0], y - 1, 62 + root[1]), near,
                (x + tip[0], y - 1, 62 + tip[1]), (x - root[0], y - 1, 62 - root[1])], white)  # fmt: skip
    c.poly(
        [(x + 2 * np.cos(t), y - 1.2, 62 + 2 * np.sin(t)) for t in np.linspace(0, 6, 14)],
        white,
        0.9,
    )


def solar(c: Canvas) -> None:
    """Rows of panels on rough grassland."""
    c.skyline((116, 124, 104), 34, 0.6)
    c.grass()
    c.lay([(152, 138, 108), (172, 158, 128)], c.band(-1.7, 1.7, wobble=0.4), rough=0.3)
    c.raise_solids()
    built = {"before": 0, "during": 4, "after": 9}[c.role]
    for y in (80.0, 66.0, 54.0, 44.0, 36.0, 29.0, 23.0, 18.0, 14.0)[:built]:
        for left in (-46.0, 3.4):
            _panels(c, left, left + 42.5, y)
    if c.role == "during":
        for y in (29.0, 22.0):
            for x in np.arange(-30, 30, 3.4):
                if abs(x) > 3:
                    c.line([(float(x), y, 0), (float(x), y, 1.7)], (182, 186, 190), 0.12)
        excavator(c, 5, 19, 0.9)
    if c.role == "before":
        for _ in range(40):
            c.bush(float(c.rng.uniform(-40, 40)), float(c.rng.uniform(16, 90)), 0.8)


def _panels(c: Canvas, x0: float, x1: float, y: float) -> None:
    c.shadow([(x0, y), (x1, y), (x1, y + 2.6), (x0, y + 2.6)], 0.8)
    for x in np.arange(x0 + 1, x1, 4):
        c.line([(float(x), y + 1, 0), (float(x), y + 1, 1.6)], (150, 154, 158), 0.12)
    low, high = 0.75, 2.15
    c.poly([(x0, y, low), (x1, y, low), (x1, y + 2.3, high), (x0, y + 2.3, high)], (38, 58, 98))
    c.poly(
        [(x0, y + 1.2, 1.5), (x1, y + 1.2, 1.5), (x1, y + 2.3, high), (x0, y + 2.3, high)],
        (110, 144, 186),
        1,
        90,
    )
    for x in np.arange(x0, x1 + 0.1, 1.06):
        c.line([(float(x), y, low), (float(x), y + 2.3, high)], (176, 186, 198), 0.03)
    c.line(
        [(x0, y + 1.15, (low + high) / 2), (x1, y + 1.15, (low + high) / 2)], (176, 186, 198), 0.03
    )
    c.line([(x0, y, low), (x1, y, low)], (196, 202, 208), 0.06)
