"""Reaches of the Nen's main stem: a bank between two chainages, counted from the north along the river."""

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry import LineString

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import Frame
from projects.demo.shapes.ground import Ground

_STEP_M = 200.0


@dataclass(frozen=True, slots=True)
class Reach:
    """from_km, length_km: along the river; left is the eastern bank, for the Nen runs south."""

    district: str
    name: str
    from_km: float
    length_km: float
    is_left: bool


_REACHES = [
    Reach("230281", "二克浅", 38.0, 4.2, True),
    Reach("230281", "拉哈", 80.5, 5.1, True),
    Reach("230225", "东阳", 112.0, 3.8, False),
    Reach("230227", "友谊", 138.0, 4.6, True),
    Reach("230208", "莽格吐", 146.5, 3.4, False),
    Reach("230227", "塔哈", 171.0, 3.9, True),
    Reach("230208", "雅尔塞", 193.0, 4.4, False),
    Reach("230203", "明月岛北", 199.0, 2.6, True),
    Reach("230202", "江安", 209.0, 3.2, True),
    Reach("230206", "红岸", 239.0, 3.6, False),
    Reach("230224", "江桥", 310.0, 4.8, True),
]


def reaches(ground: Ground) -> list[DemoSite]:
    rng = random.Random("nen")
    return [_site(ground, rng, number, reach) for number, reach in enumerate(_REACHES, start=1)]


def _site(ground: Ground, rng: random.Random, number: int, reach: Reach) -> DemoSite:
    line = _bank(ground, reach)
    drawn_km = measure.length_m(line) / 1000
    to_km = reach.from_km + reach.length_km
    words = {
        "river": "嫩江干流",
        "reach": f"{reach.name}段",
        "chainage_from": chainage(reach.from_km),
        "chainage_to": chainage(to_km),
        "bank": "左岸" if reach.is_left else "右岸",
        "claimed_length_km": round(drawn_km * rng.uniform(0.98, 1.04), 2),
        "revetment_km": round(drawn_km * rng.uniform(0.4, 0.8), 2),
        "slope_km": round(drawn_km * rng.uniform(0.3, 0.6), 2),
        "structures": rng.randint(0, 4),
        "earthwork_10k_m3": round(drawn_km * rng.uniform(2.5, 6), 1),
        "water_class": "Ⅲ类",
    }
    name = f"{NAME_MARK}嫩江干流{reach.name}段{words['bank']}治理工程"
    return DemoSite(f"NJ-{reach.district}-{number:02}", name, reach.district, line, words)


def chainage(km: float) -> str:
    """K12+345: kilometres and metres."""
    metres = round(km * 1000)
    return f"K{metres // 1000}+{metres % 1000:03}"


def _bank(ground: Ground, reach: Reach) -> LineString:
    """The river's line moved to the bank, as far as the district's schematic border asks."""
    points = _stations(ground.river, reach)
    for off_m in range(220, 4000, 60):
        line = _beside(points, off_m if reach.is_left else -off_m)
        if ground.districts[reach.district].contains(line):
            return line
    raise ValueError(f"{reach.name} does not lie in {reach.district}")


def _stations(river: LineString, reach: Reach) -> list[tuple[float, float]]:
    """Points every 200 m between the chainages, lon/lat."""
    travelled, found = 0.0, []
    begin, end = reach.from_km * 1000, (reach.from_km + reach.length_km) * 1000
    coords = list(river.coords)
    for (lon, lat), (to_lon, to_lat) in pairwise(coords):
        length = measure.length_m(LineString([(lon, lat), (to_lon, to_lat)]))
        first = math.ceil(max(begin - travelled, 0) / _STEP_M)
        for step in range(first, int(length // _STEP_M) + 1):
            if begin <= travelled + step * _STEP_M <= end:
                part = step * _STEP_M / length
                found.append((lon + (to_lon - lon) * part, lat + (to_lat - lat) * part))
        travelled += length
    return found


def _beside(points: list[tuple[float, float]], off_m: float) -> LineString:
    """Each point moved to the left of the way by off_m, with the slow swing of a natural bank."""
    (lon, lat), (to_lon, to_lat) = points[0], points[-1]
    squeeze = math.cos(math.radians(lat))
    east, north = (to_lon - lon) * squeeze, to_lat - lat
    length = math.hypot(east, north)
    moved = []
    for step, (x, y) in enumerate(points):
        swing = off_m + 45 * math.sin(step / 2.7) + 25 * math.sin(step / 1.3)
        moved.append(Frame(x, y).lonlat(-north / length * swing, east / length * swing))
    return LineString(moved)
