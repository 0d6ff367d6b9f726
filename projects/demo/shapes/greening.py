"""Greening sub-compartments (小班): shelterbelts along fields and blocks on slopes, 100,000 mu as planned."""

import math
import random

from shapely.geometry import Polygon

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import XY, Frame, scaled
from projects.demo.shapes.ground import Ground, Place, Plot

PLANNED_MU = 100_000
_WEST = ["230208", "230221", "230224", "230225", "230205", "230206", "230204", "230203", "230207"]
_EAST = ["230223", "230227", "230229", "230230", "230231", "230281"]
_COUNT = {"west": 92, "east": 108}
_PLANNED = {"west": 46_000, "east": 54_000}
_BELT_SPECIES = ["小黑杨", "银中杨", "樟子松", "小黑杨、樟子松", "旱柳"]
_BLOCK_SPECIES = ["樟子松", "落叶松", "云杉", "山杏", "蒙古栎、樟子松", "沙棘", "榆树"]
# How far the drawn area may lie from the planned one: the plan is drawn before anybody measures.
_DRAWN_WITHIN = 0.008
# The two sites that share ground, and how much of it, in mu.
TWINS = ("LH-230231-03", "LH-230231-04")
_SHARED_MU = 6.0


def west(ground: Ground) -> list[DemoSite]:
    return _sites(ground, "west", _WEST)


def east(ground: Ground) -> list[DemoSite]:
    return _with_twin(_sites(ground, "east", _EAST))


def _sites(ground: Ground, side: str, districts: list[str]) -> list[DemoSite]:
    rng = random.Random(f"greening-{side}")
    plot = Plot(ground, river_m=900, gap_m=25)
    sites = []
    numbers = dict.fromkeys(districts, 0)
    for index, planned_mu in enumerate(_shares(rng, _COUNT[side], _PLANNED[side])):
        district = districts[index % len(districts)]
        places = ground.by_district[district]
        place = places[numbers[district] % len(places)]
        numbers[district] += 1
        is_belt = planned_mu < 320
        sites.append(_site(rng, plot, place, numbers[district], planned_mu, is_belt))
    return sites


def _shares(rng: random.Random, count: int, total: int) -> list[int]:
    """Planned areas in mu: four in ten belts, the rest blocks, together exactly the total."""
    raw = [
        rng.uniform(120, 290) if rng.random() < 0.4 else rng.uniform(480, 1000)
        for _ in range(count)
    ]
    belts = sum(value for value in raw if value < 320)
    factor = (total - belts) / (sum(raw) - belts)
    shares = [round(value if value < 320 else value * factor) for value in raw]
    largest = shares.index(max(shares))
    shares[largest] += total - sum(shares)
    return shares


def _site(
    rng: random.Random, plot: Plot, place: Place, number: int, planned_mu: int, is_belt: bool
) -> DemoSite:
    drawn_m2 = measure.mu_to_m2(planned_mu * (1 + rng.uniform(-_DRAWN_WITHIN, _DRAWN_WITHIN)))

    def draw(frame: Frame) -> Polygon:
        return frame.polygon(_belt(rng, drawn_m2) if is_belt else _block(rng, drawn_m2))

    geom = plot.put(rng, place, (1600, 7500), draw)
    kind = "农田防护林" if is_belt else "造林"
    return DemoSite(
        f"LH-{place.district}-{number:02}",
        f"{NAME_MARK}{place.name}{kind}{number:02}号小班",
        place.district,
        geom,
        _words(rng, number, planned_mu, is_belt),
    )


def _belt(rng: random.Random, area_m2: float) -> list[XY]:
    """A strip of 45 to 75 m along a field track, with one slight bend."""
    width = rng.uniform(45, 75)
    half, bend = area_m2 / width / 2, rng.uniform(-60, 60)
    top = [(-half, bend + width / 2), (0.0, width / 2), (half, bend + width / 2)]
    points = top + [(x, y - width) for x, y in reversed(top)]
    if rng.random() < 0.5:  # belts stand in both directions of the grid of fields
        points = [(y, x) for x, y in points]
    return scaled(points, area_m2)


def _block(rng: random.Random, area_m2: float) -> list[XY]:
    """A field's outline: a rectangle whose corners moved and whose sides follow the slope."""
    aspect = rng.uniform(0.5, 0.95)
    corners = [(-1.0, -aspect), (1.0, -aspect), (1.0, aspect), (-1.0, aspect)]
    points: list[XY] = []
    for (x, y), (to_x, to_y) in zip(corners, corners[1:] + corners[:1], strict=True):
        points.append((x + rng.uniform(-0.15, 0.15), y + rng.uniform(-0.15, 0.15)))
        for part in (1 / 3, 2 / 3):
            bulge = rng.uniform(-0.07, 0.07)
            length = math.hypot(to_x - x, to_y - y)
            nx, ny = (to_y - y) / length, (x - to_x) / length
            points.append((x + (to_x - x) * part + nx * bulge, y + (to_y - y) * part + ny * bulge))
    return scaled(points, area_m2)


def _words(rng: random.Random, number: int, planned_mu: int, is_belt: bool) -> dict[str, object]:
    spacing, per_mu = rng.choice([("2m×3m", 111), ("3m×3m", 74), ("2m×4m", 83), ("1.5m×3m", 148)])
    return {
        "compartment": f"{number // 6 + 1:03}",
        "sub_compartment": f"{number:03}",
        "plan_year": 2022,
        "work_year": 2022,
        "planting_mode": "人工造林" if is_belt or rng.random() < 0.8 else "退化林修复",
        "species": rng.choice(_BELT_SPECIES if is_belt else _BLOCK_SPECIES),
        "forest_type": "防护林",
        "spacing": spacing,
        "site_preparation": rng.choice(["穴状整地", "带状整地", "机械开沟"]),
        "seedlings": planned_mu * per_mu,
        "claimed_area_mu": float(planned_mu),
    }


def _with_twin(sites: list[DemoSite]) -> list[DemoSite]:
    """Redraw the second of TWINS against the first's side, so that the two share a few mu of ground."""
    first, second = (next(site for site in sites if site.code == code) for code in TWINS)
    twin = _beside(first, measure.mu_to_m2(float(second.attributes["claimed_area_mu"])))
    name = first.name.replace(first.code[-2:], second.code[-2:])  # it lies where the first does
    moved = DemoSite(second.code, name, second.district, twin, second.attributes)
    return [moved if site is second else site for site in sites]


def _beside(first: DemoSite, area_m2: float) -> Polygon:
    """A rectangle east of a polygon, pushed into it until it covers _SHARED_MU of it."""
    _west, south, east, north = first.geom.bounds
    frame = Frame(east, (south + north) / 2)
    side = math.sqrt(area_m2)
    into = 0.0
    while True:
        into += 1.0
        ring = [
            (-into, -side / 2),
            (side - into, -side / 2),
            (side - into, side / 2),
            (-into, side / 2),
        ]
        twin = frame.polygon(ring)
        if measure.m2_to_mu(measure.overlap_area_m2(first.geom, twin)) >= _SHARED_MU:
            return twin
