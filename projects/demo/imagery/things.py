"""Things that stand in several pictures: blocks of flats, cars, fences, machines, scaffolding."""

import numpy as np

from projects.demo.imagery.canvas import Canvas, Colour

STEEL = (96, 108, 116)


def windows(c: Canvas, x0: float, x1: float, y: float, floors: int, columns: int, *, floor_m: float = 2.9,
            base: float = 0.9, frame: Colour = (226, 228, 228), shabby: bool = False) -> None:  # fmt: skip
    """Rows of windows on a front, each with frame, glass and a reflection."""
    bay = (x1 - x0) / columns
    for floor in range(floors):
        z = base + floor * floor_m
        for column in range(columns):
            left = x0 + (column + 0.22) * bay
            right = left + bay * 0.56
            dark = c.rng.uniform(0.7, 1.15)
            c.wall(
                left - 0.09,
                right + 0.09,
                y - 0.02,
                z - 0.1,
                z + 1.58,
                frame,
                0.92 if shabby else 1.0,
            )
            c.wall(left, right, y - 0.03, z, z + 1.5, (70, 88, 104), dark)
            c.poly([(left, y - 0.04, z + 0.5), (right, y - 0.04, z + 1.1), (right, y - 0.04, z + 1.5),
                    (left, y - 0.04, z + 1.5)], (166, 188, 204), dark, 110)  # fmt: skip
            middle = (left + right) / 2
            c.wall(middle - 0.04, middle + 0.04, y - 0.05, z, z + 1.5, frame)
            c.wall(left - 0.16, right + 0.16, y - 0.06, z - 0.2, z - 0.1, (150, 148, 142))
            if shabby and c.rng.random() < 0.3:
                c.wall(left + 0.1, right - 0.1, y - 0.3, z - 0.15, z + 0.5, (172, 170, 160), 0.9)


def block(c: Canvas, x0: float, x1: float, y: float, floors: int, wall: Colour, *, depth: float = 12.0,
          trim: Colour | None = None, shabby: bool = False, columns: int = 0) -> None:  # fmt: skip
    """A slab block of flats with flank, plinth, parapet and, when shabby, stains."""
    top = floors * 2.9 + 1.0
    c.box(x0, x1, y, y + depth, 0, top, wall)
    for floor in range(floors if trim else 0):
        z = 0.55 + floor * 2.9
        c.wall(x0, x1, y - 0.01, z + 2.2, z + 2.5, trim or wall)
    if shabby:
        _stains(c, x0, x1, y, top)
    columns = columns or max(3, int((x1 - x0) / 3.3))
    windows(c, x0, x1, y, floors, columns, shabby=shabby)
    c.wall(x0, x1, y - 0.03, 0, 0.6, (122, 118, 112))
    c.wall(x0 - 0.2, x1 + 0.2, y - 0.1, top - 0.15, top + 0.5, trim or wall, 0.88)


def _stains(c: Canvas, x0: float, x1: float, y: float, top: float) -> None:
    for _ in range(46):
        x, z = c.rng.uniform(x0, x1 - 0.6), c.rng.uniform(2, top)
        drop, width = c.rng.uniform(1, 4.5), c.rng.uniform(0.15, 0.9)
        low = max(0.3, z - drop)
        c.poly([(x, y - 0.01, z), (x + width, y - 0.01, z), (x + width * 0.7, y - 0.01, low),
                (x + width * 0.4, y - 0.01, low)], (72, 66, 58), 1, 46)  # fmt: skip
    for _ in range(9):
        x, z = c.rng.uniform(x0, x1 - 2), c.rng.uniform(0.8, top - 2)
        w, h = c.rng.uniform(0.6, 2.2), c.rng.uniform(0.4, 1.4)
        points = [(x + w * np.cos(a) * c.rng.uniform(0.7, 1), y - 0.015, z + h * np.sin(a) * c.rng.uniform(0.7, 1))
                  for a in np.linspace(0, 6, 9)]  # fmt: skip
        c.poly(points, (142, 104, 84), 1, 170)


def scaffold(c: Canvas, x0: float, x1: float, y: float, top: float) -> None:
    """Tubes, planks, and green netting over two thirds of a front."""
    c.wall(x0, x0 + (x1 - x0) * 0.62, y, 0.4, top * 0.86, (74, 132, 92), 1.0, 122)
    for x in np.arange(x0, x1 + 0.1, 2.1):
        c.line([(x, y - 0.1, 0), (x, y - 0.1, top + 0.8)], (152, 146, 128), 0.1)
    for z in np.arange(1.9, top + 0.5, 1.9):
        c.line([(x0, y - 0.1, z), (x1, y - 0.1, z)], (146, 138, 120), 0.09)
        c.wall(x0, x1, y - 0.12, z - 0.12, z - 0.02, (178, 142, 88))
    for x in np.arange(x0, x1 - 4, 6.3):
        c.line(
            [(x, y - 0.12, 0), (x + 4.2, y - 0.12, top * 0.5), (x, y - 0.12, top)],
            (156, 150, 132),
            0.07,
        )


def car(c: Canvas, x: float, y: float, colour: Colour) -> None:
    """A parked car, seen from its side."""
    c.shadow([(x, y), (x + 4.3, y), (x + 4.3, y + 1.7), (x, y + 1.7)], 0.5)
    body = [
        (0, 0.35),
        (0.05, 0.85),
        (0.9, 0.98),
        (1.55, 1.45),
        (3.1, 1.47),
        (3.85, 1.0),
        (4.3, 0.9),
        (4.32, 0.38),
    ]
    c.poly([(x + px, y, z) for px, z in body], colour)
    c.poly(
        [(x + px, y, z) for px, z in [(1.1, 1.0), (1.62, 1.38), (3.05, 1.4), (3.6, 1.02)]],
        (58, 72, 84),
    )
    c.wall(x + 2.25, x + 2.33, y, 0.5, 1.4, colour, 0.8)
    c.wall(x, x + 4.32, y, 0.35, 0.52, colour, 0.62)
    for wheel in (0.85, 3.4):
        for radius, tone in ((0.34, (30, 30, 32)), (0.19, (150, 152, 156))):
            points = [
                (x + wheel + radius * np.cos(a), y - 0.02, 0.34 + radius * np.sin(a))
                for a in np.linspace(0, 6, 16)
            ]
            c.poly(points, tone)


def excavator(c: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A tracked excavator in profile, boom to the left."""
    yellow = (226, 168, 44)
    c.shadow([(x, y), (x + 4 * size, y), (x + 4 * size, y + 2), (x, y + 2)], 1.2 * size)

    def shape(points: list[tuple[float, float]], colour: Colour, factor: float = 1.0) -> None:
        c.poly([(x + px * size, y, z * size) for px, z in points], colour, factor)

    shape([(0.2, 0), (4, 0), (4.3, 0.45), (4, 0.9), (0.2, 0.9), (-0.1, 0.45)], (48, 48, 50))
    shape([(0.3, 1.0), (4.4, 1.0), (4.5, 2.1), (2.2, 2.2), (0.3, 1.7)], yellow)
    shape([(0.5, 1.5), (2.1, 1.5), (2.1, 3.1), (0.8, 3.1)], yellow, 0.85)
    shape([(0.7, 1.9), (1.9, 1.9), (1.9, 2.9), (0.95, 2.9)], (90, 112, 124))
    shape([(0.5, 1.6), (-1.9, 4.4), (-1.6, 4.7), (0.9, 2.2)], yellow, 0.95)
    shape([(-2.0, 4.6), (-3.6, 1.9), (-3.2, 1.8), (-1.5, 4.5)], yellow, 0.8)
    shape([(-3.7, 2.0), (-3.0, 1.9), (-2.8, 0.9), (-3.9, 0.8), (-4.1, 1.4)], (70, 68, 64))


def barrier(c: Canvas, x0: float, x1: float, y: float) -> None:
    """Red and white site fence."""
    for index, x in enumerate(np.arange(x0, x1, 1.0)):
        c.wall(x, min(x + 1.0, x1), y, 0.55, 0.85, (206, 62, 46) if index % 2 else (240, 238, 232))
        c.line([(x, y, 0), (x, y, 1.0)], (216, 190, 60), 0.07)


def hoarding(c: Canvas, x0: float, x1: float, y: float, tone: Colour = (62, 118, 164)) -> None:
    """A site fence of blue sheets with a white band."""
    for index, x in enumerate(np.arange(x0, x1, 1.8)):
        c.wall(x, min(x + 1.8, x1), y, 0, 2.1, tone, 1.0 if index % 2 else 0.93)
    c.wall(x0, x1, y - 0.01, 1.5, 1.72, (240, 240, 236))


def heap(c: Canvas, x: float, y: float, radius: float, height: float, tone: Colour) -> None:
    """A loose heap with a lit and a dark side and some lumps."""
    c.shadow(
        [(x - radius, y), (x + radius, y), (x + radius, y + radius), (x - radius, y + radius)],
        height * 0.5,
    )
    angles = np.linspace(0, np.pi, 22)
    edge = [
        (x + radius * np.cos(a), y, height * np.sin(a) ** 1.5 * c.rng.uniform(0.9, 1.06))
        for a in angles
    ]
    c.poly(edge, tone)
    c.poly([(x + radius, y, 0), *[p for p in edge[:11]], (x, y, 0)], tone, 0.74, 150)
    for _ in range(50):
        u, size = c.rng.uniform(-0.85, 0.85), c.rng.uniform(0.02, 0.08) * height + 0.03
        z = c.rng.random() * height * (1 - u * u) * 0.9
        px = x + u * radius
        c.poly([(px - size, y, z), (px, y, z + size), (px + size, y, z), (px, y, z - size * 0.7)], tone,
               float(c.rng.uniform(0.7, 1.2)))  # fmt: skip


def cables(c: Canvas, x0: float, x1: float, y: float, z: float, count: int = 7) -> None:
    """Tangled overhead lines, each with its own sag."""
    t = np.linspace(0, 1, 24)
    for _ in range(count):
        a, b, sag = z + c.rng.normal(0, 0.5), z + c.rng.normal(0, 0.5), c.rng.uniform(0.4, 1.8)
        points = [(x0 + (x1 - x0) * k, y, a + (b - a) * k - sag * 4 * k * (1 - k)) for k in t]
        c.line(points, (38, 38, 40), 0.035)


def sign(c: Canvas, x: float, y: float, tone: Colour = (42, 104, 168), width: float = 2.4) -> None:
    """A board on two posts with lines that stand for writing."""
    for post in (x + 0.15, x + width - 0.15):
        c.line([(post, y, 0), (post, y, 1.2)], STEEL, 0.08)
    c.wall(x, x + width, y - 0.01, 1.0, 2.3, tone)
    c.wall(x + 0.1, x + width - 0.1, y - 0.02, 1.9, 2.15, (244, 244, 240))
    for row in (1.2, 1.42, 1.64):
        c.wall(
            x + 0.3, x + width - c.rng.uniform(0.4, 0.9), y - 0.02, row, row + 0.08, (226, 232, 238)
        )
