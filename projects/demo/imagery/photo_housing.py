"""Homes and public buildings: compound, shantytown, building, school, culture."""

import numpy as np

from projects.demo.imagery.canvas import Canvas, Colour
from projects.demo.imagery.things import (
    block,
    cables,
    car,
    excavator,
    heap,
    hoarding,
    scaffold,
    windows,
)

_CARS: list[Colour] = [(196, 198, 202), (38, 46, 60), (150, 40, 40), (232, 232, 230), (52, 84, 128)]
_WARM: list[tuple[Colour, Colour]] = [
    ((226, 204, 170), (176, 98, 66)),
    ((230, 214, 182), (196, 132, 72)),
    ((222, 206, 188), (150, 84, 70)),
]


def yard(c: Canvas, *, paved: bool) -> None:
    """The ground between the blocks: broken concrete, or asphalt with kerbs and lawn."""
    c.skyline((108, 112, 108), 58, 0.7)
    if not paved:
        c.lay([(112, 106, 96), (140, 134, 124), (96, 90, 80)], rough=0.5, size_m=1.2)
        c.lay([(96, 84, 66), (122, 108, 86)], (c.grain(5) - 0.56) * 30, rough=0.5, soft_m=0.3)
        c.lay([(98, 110, 122), (134, 144, 150)], (c.grain(7) - 0.76) * 30, rough=0.08)
        crack = np.abs(c.grain(2.6) - 0.5) * 5
        c.stripe((66, 62, 56), np.asarray(crack, np.float32), 0.12, 0.7)
        return
    c.lay([(92, 94, 96), (106, 107, 108)], rough=0.16, size_m=0.5)
    c.grass(c.band(21, 27.5, "y"))
    c.lay([(176, 164, 146), (190, 178, 160)], c.band(18.6, 20.9, "y"), rough=0.1)
    for y in (18.6, 20.9, 27.5):
        c.stripe((206, 204, 198), c.y - y, 0.18)
    for x in np.arange(-14.0, 16.0, 2.8).tolist():
        c.stripe((236, 236, 230), np.where(c.band(12.6, 18, "y") > 0, c.x - x, 99), 0.13)


def compound(c: Canvas) -> None:
    """An old six-storey block: shabby, scaffolded, renewed."""
    warm, trim = _WARM[int(c.rng.integers(len(_WARM)))]
    role = c.role
    yard(c, paved=role == "after")
    c.raise_solids()
    far: Colour = (168, 160, 148) if role == "before" else warm
    block(c, -58, -30, 52, 6, far, trim=trim if role == "after" else None, shabby=role != "after")
    block(c, 26, 60, 60, 6, far, trim=trim if role == "after" else None, shabby=role == "before")
    if role == "after":
        block(c, -23, 19, 33, 6, warm, trim=trim)
    else:
        block(c, -23, 19, 33, 6, (156, 148, 136), shabby=True)
    if role == "during":
        c.wall(3, 19, 32.9, 0.6, 17.8, (214, 208, 190), 1, 130)
        scaffold(c, -23, 19, 31.6, 18.4)
        heap(c, 13, 22, 3.2, 1.3, (176, 166, 148))
        for row in range(5):
            c.box(-14, -10.4, 20, 22, row * 0.34, row * 0.34 + 0.32, (222, 216, 196))
        hoarding(c, -20, -4, 17)
    _compound_front(c)


def _compound_front(c: Canvas) -> None:
    places = [(-19.0, 26.0), (-8.0, 26.5), (4.0, 26.0), (15.0, 26.5)]
    for x, y in places[:: 1 if c.role == "after" else 2]:
        c.tree(x, y, float(c.rng.uniform(5.6, 7)))
    if c.role == "after":
        for x in np.arange(-20, 20, 1.5).tolist():
            c.bush(float(x), 22.2, 0.9, (88, 116, 54) if c.rng.random() < 0.8 else (170, 92, 92))
        for x in (-12.0, 0.0, 12.0):
            c.lamp(x, 20.9)
        for slot in (-14.0, -5.6, 5.6):
            car(c, slot + 0.2, 15.5, _CARS[int(c.rng.integers(len(_CARS)))])
    if c.role == "before":
        for pole in (-17.0, 12.0):
            c.line([(pole, 19, 0), (pole, 19, 7.6)], (112, 106, 98), 0.24)
        cables(c, -17, 12, 19, 7.2, 12)
        cables(c, -44, -17, 19, 7.2, 6)
        cables(c, 12, 44, 19, 7.0, 6)
        car(c, 3, 15, (132, 128, 124))
        heap(c, -9, 17, 1.5, 0.7, (112, 96, 80))


def shantytown(c: Canvas) -> None:
    """Low brick rows; the cleared ground; towers."""
    c.skyline((112, 114, 110), 50, 0.7)
    if c.role == "after":
        yard(c, paved=True)
    else:
        c.lay([(104, 92, 76), (138, 124, 102), (90, 80, 66)], rough=0.5, size_m=1.4)
        c.lay([(98, 108, 116), (126, 134, 138)], (c.grain(6) - 0.84) * 30, rough=0.1)
    c.raise_solids()
    if c.role == "after":
        for x, y, tall in ((-46.0, 74, 18), (14.0, 82, 18), (-16.0, 62, 18)):
            block(c, x, x + 24, y, tall, (228, 214, 190), trim=(168, 106, 78), columns=7)
        for x in (-20.0, -12.0, -3.0, 6.0, 14.0, 21.0):
            c.tree(x, 26, float(c.rng.uniform(5, 6.6)))
        for x in (-12.0, 2.0, 14.0):
            c.lamp(x, 20.9)
        car(c, 6, 15.5, _CARS[0])
        return
    _low_rows(c)
    if c.role == "during":
        for x, y in ((-9, 17), (-1, 22), (7, 18), (13, 24), (-16, 23)):
            heap(c, x, y, float(c.rng.uniform(2.4, 4)), float(c.rng.uniform(1, 2)), (150, 116, 94))
        excavator(c, 1.5, 16, 1.1)
        hoarding(c, -30, -8, 12)
    else:
        cables(c, -12, 13, 15, 5.6, 10)
        for pole in (-12.0, 13.0):
            c.line([(pole, 15, 0), (pole, 15, 6)], (104, 92, 76), 0.2)


def _low_rows(c: Canvas) -> None:
    rows = [(42, 9), (31, 8), (21, 8)] if c.role == "before" else [(44, 9)]
    for y, count in rows:
        for index in range(count):
            x = -38 + index * 8.6 + float(c.rng.uniform(0, 1.6))
            brick = [(148, 92, 72), (136, 100, 82), (158, 110, 86)][int(c.rng.integers(3))]
            c.box(x, x + 7.4, y, y + 5, 0, 2.7, brick)
            roof: Colour = (96, 88, 82) if c.rng.random() < 0.7 else (74, 104, 138)
            c.poly(
                [
                    (x - 0.4, y - 0.4, 2.6),
                    (x + 7.8, y - 0.4, 2.6),
                    (x + 7.4, y + 2.5, 4.1),
                    (x, y + 2.5, 4.1),
                ],
                roof,
            )
            windows(c, x + 0.2, x + 5, y, 1, 2, frame=(120, 132, 120), shabby=True)
            c.wall(x + 5.4, x + 6.4, y - 0.03, 0, 2.0, (92, 72, 56))
            c.line([(x + 3, y + 1, 3.4), (x + 3, y + 1, 4.9)], (112, 78, 64), 0.4)
        c.tree(-4 + float(c.rng.uniform(-20, 20)), y - 2, 6)


def _public_building(c: Canvas, old: Colour, new: Colour, trim: Colour, floors: int) -> None:
    yard(c, paved=c.role == "after")
    c.raise_solids()
    for x in (-40.0, -31.0, 30.0, 39.0):
        c.tree(x, 50, 9)
    if c.role == "during":
        block(c, -22, 22, 36, floors, (168, 164, 156), columns=11)
        scaffold(c, -22, 22, 34.4, floors * 2.9 + 1)
        hoarding(c, -24, 24, 24)
        heap(c, -13, 20, 2.6, 1.2, (170, 156, 130))
        _crane(c, 27, 48)
        return
    renewed = c.role == "after"
    block(c, -22, 22, 36, floors, new if renewed else old, trim=trim if renewed else None,
          shabby=not renewed, columns=11)  # fmt: skip
    _entrance(c, trim if renewed else (120, 116, 108), renewed)
    for x in (-18.0, -11.0, 11.0, 18.0):
        c.tree(x, 27, float(c.rng.uniform(4.6, 6)))
    if renewed:
        for x in np.arange(-20, 20, 1.6).tolist():
            if abs(x) > 5:
                c.bush(float(x), 22.4, 0.8)
        c.lamp(-8, 20.9)
        c.lamp(8, 20.9)


def _entrance(c: Canvas, trim: Colour, renewed: bool) -> None:
    c.box(-4.6, 4.6, 33, 36, 0, 3.9, trim)
    c.wall(-3.6, 3.6, 32.96, 0.2, 3.0, (78, 100, 118))
    for x in (-1.8, 0.0, 1.8):
        c.wall(x - 0.05, x + 0.05, 32.94, 0.2, 3.0, (226, 228, 226) if renewed else (140, 138, 130))
    c.slab(-5, 5, 31.6, 33, 0.2, (190, 186, 178))


def _crane(c: Canvas, x: float, y: float) -> None:
    for side in (-0.7, 0.7):
        c.line([(x + side, y, 0), (x + side, y, 27)], (214, 164, 52), 0.16)
    zig = [(x + (-0.7 if i % 2 else 0.7), y, i * 1.4) for i in range(20)]
    c.line(zig, (214, 164, 52), 0.09)
    c.line([(x - 32, y, 26.4), (x + 11, y, 26.4)], (214, 164, 52), 0.3)
    c.line([(x, y, 30), (x - 24, y, 26.6)], (180, 140, 60), 0.06)
    c.line([(x, y, 30), (x + 10, y, 26.6)], (180, 140, 60), 0.06)
    c.line([(x - 22, y, 26.4), (x - 22, y, 17)], (60, 60, 60), 0.05)
    c.box(x + 7.5, x + 11, y, y + 1, 24.6, 26.2, (150, 150, 148))


def building(c: Canvas) -> None:
    """Any public building, four floors."""
    _public_building(c, (172, 162, 146), (224, 210, 186), (126, 92, 76), 4)


def school(c: Canvas) -> None:
    """Kindergarten, school or campus: three bright floors and a running track."""
    _public_building(c, (176, 160, 138), (240, 226, 196), (206, 112, 62), 3)
    if c.role != "after":
        return
    for index, tone in enumerate([(220, 92, 70), (236, 176, 62), (92, 150, 96), (72, 130, 184)]):
        c.wall(-20 + index * 3.4, -17.4 + index * 3.4, 35.9, 0.7, 1.3, tone)
    c.line([(14, 24, 0), (14, 24, 9.5)], (200, 204, 206), 0.1)
    c.wall(14.05, 16.6, 24, 7.8, 9.4, (204, 48, 40))


def culture(c: Canvas) -> None:
    """A culture venue: glass between stone piers."""
    _public_building(c, (160, 152, 142), (214, 204, 188), (150, 62, 48), 3)
    if c.role == "after":
        for x in np.arange(-21, 22, 6.0).tolist():
            c.box(x - 0.45, x + 0.45, 35.2, 36, 0, 9.6, (230, 222, 206))
        c.wall(-12, 12, 35.1, 9.7, 11.2, (142, 54, 44))
        for index in range(6):
            c.wall(-8.6 + index * 3, -7.0 + index * 3, 35.05, 9.95, 10.95, (240, 214, 150))
