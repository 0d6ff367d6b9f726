"""Places for people: an activity room and an outdoor fitness court."""

import numpy as np

from projects.demo.imagery.canvas import Canvas, Colour
from projects.demo.imagery.photo_housing import yard
from projects.demo.imagery.things import block, heap, hoarding


def interior(c: Canvas) -> None:
    """A hall for day care or a senior university: worn; gutted; furnished."""
    wall: Colour = {"before": (176, 172, 156), "during": (168, 164, 158), "after": (238, 230, 214)}[
        c.role
    ]
    floors: dict[str, list[Colour]] = {
        "before": [(118, 110, 100), (136, 128, 116)],
        "during": [(140, 136, 130), (158, 154, 146)],
        "after": [(186, 146, 102), (204, 164, 118)],
    }
    c.lay(floors[c.role], rough=0.2, size_m=0.8)
    if c.role == "after":
        for x in np.arange(-5, 5.1, 0.5):
            c.stripe((158, 118, 80), c.x - float(x), 0.03, 0.6)
        c.lay(
            [(255, 240, 212), (246, 226, 190)],
            np.minimum(c.band(-2.6, 1.2), c.band(6, 8.6, "y")),
            rough=0.1,
            soft_m=1.5,
        )
    c.raise_solids()
    c.poly([(-5, 2.2, 3.5), (5, 2.2, 3.5), (5, 12, 3.5), (-5, 12, 3.5)], (244, 242, 236), 0.93)
    c.wall(-5, 5, 12, 0, 3.5, wall)
    c.flank(-5, 1.6, 12, 0, 3.5, wall, 0.9)
    c.flank(5, 1.6, 12, 0, 3.5, wall, 0.78)
    _room_windows(c)
    if c.role == "before":
        for _ in range(26):
            x, z = c.rng.uniform(-4.8, 4.4), c.rng.uniform(0.4, 3.3)
            c.wall(
                x,
                x + c.rng.uniform(0.2, 0.9),
                11.99,
                z,
                z + c.rng.uniform(0.1, 0.6),
                (136, 128, 108),
                1,
                70,
            )
        for x, y in ((-3, 9), (1.5, 8), (3.2, 10)):
            _table(c, x, y, (112, 88, 66))
    elif c.role == "during":
        for x in np.arange(-5, 5, 0.6):
            c.line([(float(x), 11.9, 0), (float(x), 11.9, 3.5)], (186, 190, 194), 0.05)
        heap(c, -2.4, 8, 1.0, 0.55, (176, 170, 160))
        for k in range(5):
            c.box(1.6, 3.8, 7.4, 8.6, k * 0.14, k * 0.14 + 0.13, (214, 206, 188))
        c.line([(2.6, 10, 0), (3.1, 10, 2.4)], (196, 170, 90), 0.07)
        c.line([(3.6, 10, 0), (3.1, 10, 2.4)], (196, 170, 90), 0.07)
    else:
        _furnish(c)


def _room_windows(c: Canvas) -> None:
    for y in (4.2, 6.8, 9.4):
        c.flank(-4.99, y, y + 1.8, 0.9, 2.9, (206, 226, 240), 1.05)
        c.flank(-4.985, y, y + 1.8, 0.9, 1.7, (150, 178, 132), 1.0, 130)
        for at in (y, y + 0.9, y + 1.8):
            c.line([(-4.97, at, 0.9), (-4.97, at, 2.9)], (246, 246, 242), 0.07)
    lamp: Colour = (255, 252, 238) if c.role == "after" else (206, 204, 192)
    for y in (4.0, 6.5, 9.0, 11.2):
        for x in (-2.2, 2.2):
            c.slab(x - 0.6, x + 0.6, y - 0.18, y + 0.18, 3.48, lamp, 1.08)


def _table(c: Canvas, x: float, y: float, tone: Colour) -> None:
    c.shadow([(x - 0.8, y), (x + 0.8, y), (x + 0.8, y + 0.8), (x - 0.8, y + 0.8)], 0.2)
    for leg in (-0.75, 0.72):
        c.line([(x + leg, y, 0), (x + leg, y, 0.74)], (92, 92, 94), 0.05)
    c.slab(x - 0.85, x + 0.85, y, y + 0.8, 0.76, tone, 1.1)
    c.wall(x - 0.85, x + 0.85, y, 0.7, 0.76, tone, 0.8)
    for seat in (-0.45, 0.45):
        c.box(x + seat - 0.2, x + seat + 0.2, y - 0.5, y - 0.15, 0.42, 0.47, (84, 128, 146))
        c.wall(x + seat - 0.2, x + seat + 0.2, y - 0.5, 0.5, 0.86, (84, 128, 146), 0.9)


def _furnish(c: Canvas) -> None:
    c.wall(-5, 5, 11.99, 0, 1.0, (196, 154, 112))
    c.wall(-2.2, 2.2, 11.97, 1.3, 2.8, (250, 250, 246))
    c.wall(-2.1, 2.1, 11.96, 1.4, 2.7, (58, 92, 84))
    for index, tone in enumerate([(206, 96, 72), (228, 176, 84), (104, 148, 116)]):
        c.wall(2.7 + index * 0.75, 3.3 + index * 0.75, 11.96, 1.6, 2.4, tone)
    for x, y in ((-4.4, 11.2), (4.4, 11.2)):
        c.box(x - 0.2, x + 0.2, y, y + 0.3, 0, 0.45, (226, 222, 214))
        c.tree(x, y, 1.5, tone=(72, 116, 62))
    for y in (10.0, 8.2, 6.4):
        for x in (-2.8, 0.1, 3.0):
            _table(c, x, y, (222, 188, 142))


def fitness(c: Canvas) -> None:
    """A worn corner of a compound; under construction; a court with equipment."""
    yard(c, paved=c.role == "after")
    if c.role == "after":
        court = np.minimum(c.band(-12, 12), c.band(8, 18.4, "y"))
        c.lay([(150, 66, 54), (166, 78, 64)], court, rough=0.14, size_m=0.5)
        c.lay([(56, 116, 92), (68, 130, 104)], court - 0.9, rough=0.12, size_m=0.5)
        c.stripe((240, 240, 234), court - 0.9, 0.12)
    c.raise_solids()
    renewed = c.role == "after"
    for x, y in ((-52, 54), (-16, 60), (22, 54)):
        block(c, x, x + 30, y, 6, (222, 202, 170) if renewed else (164, 154, 142), shabby=c.role == "before",
              trim=(172, 104, 76) if renewed else None)  # fmt: skip
    for x in (-22, -15, -7, 2, 10, 17, 24):
        c.tree(x, 25, float(c.rng.uniform(5, 6.4)))
    if c.role == "before":
        heap(c, -6, 15, 2, 0.8, (118, 104, 86))
        _equipment(c, (128, 112, 96), 2)
    elif c.role == "during":
        hoarding(c, -18, 2, 20)
        heap(c, -6, 15, 2.4, 1.1, (176, 164, 140))
        heap(c, 5, 16, 1.8, 0.9, (150, 148, 144))
        for k in range(4):
            c.box(7, 9.4, 13, 14.6, k * 0.2, k * 0.2 + 0.18, (166, 78, 64))
    else:
        _equipment(c, (232, 170, 48), 6)
        c.lamp(-11.5, 18)
        c.lamp(10.5, 18)


def _equipment(c: Canvas, tone: Colour, count: int) -> None:
    """Bars, walkers, twisters: steel tube in two colours."""
    blue: Colour = (48, 98, 160) if count > 2 else tone
    for index, x in enumerate((-9.5, -5.5, -1.5, 2.5, 6.0, 9.0)[:count]):
        y = 15.5 if index % 2 else 13.0
        c.shadow([(x - 0.9, y), (x + 0.9, y), (x + 0.9, y + 0.5), (x - 0.9, y + 0.5)], 0.7)
        if index % 3 == 0:
            for side, top in ((-1.1, 2.5), (0.0, 2.5), (1.1, 2.0)):
                c.line([(x + side, y, 0), (x + side, y, top)], blue, 0.11)
            c.line([(x - 1.1, y, 2.4), (x, y, 2.4)], tone, 0.08)
            c.line([(x, y, 1.9), (x + 1.1, y, 1.9)], tone, 0.08)
        elif index % 3 == 1:
            c.line(
                [(x - 0.8, y, 0), (x - 0.5, y, 1.5), (x + 0.5, y, 1.5), (x + 0.8, y, 0)], blue, 0.11
            )
            for swing in (-0.25, 0.25):
                c.line([(x + swing, y, 1.5), (x + swing * 2.2, y, 0.25)], tone, 0.09)
                c.line(
                    [(x + swing * 2.2 - 0.2, y, 0.22), (x + swing * 2.2 + 0.2, y, 0.22)],
                    (60, 62, 66),
                    0.08,
                )
        else:
            c.line([(x, y, 0), (x, y, 1.5)], blue, 0.14)
            c.line([(x - 0.7, y, 1.4), (x + 0.7, y, 1.4)], tone, 0.09)
            for side in (-0.6, 0.6):
                px = [
                    (x + side + 0.3 * np.cos(a), y, 0.3 + 0.06 * np.sin(a))
                    for a in np.linspace(0, 6, 14)
                ]
                c.poly(px, tone)
