"""Pipes under the streets of the central city, and the corridor that brings heat from Fularji."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shapely.geometry import LineString

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import Frame
from projects.demo.shapes.ground import Ground, Place
from projects.demo.shapes.streets import BLOCK_H, BLOCK_W, CENTRAL, frame_of, node_near

Node = tuple[int, int]


@dataclass(frozen=True, slots=True)
class System:
    """length_km: what is to be laid; off_m: from the middle of the street, so that systems lie side by side."""

    key: str
    code: str
    length_km: float
    off_m: float
    sizes: tuple[int, ...]
    grades: tuple[str, ...]
    materials: tuple[str, ...]
    old_materials: tuple[str, ...]
    pressures: tuple[float, ...]
    depth_m: tuple[float, float]
    pipes_in_trench: int


SYSTEMS = (
    System("供热", "GR", 48.5, 5.0, (150, 200, 250, 300, 400, 500, 600), ("供热一次网", "供热二次网"),
           ("预制直埋保温",), ("钢",), (1.0, 1.6), (1.4, 2.0), 2),
    System("燃气", "RQ", 29.5, -6.0, (110, 160, 200, 250, 315), ("燃气中压", "燃气低压"),
           ("PE",), ("灰口铸铁", "钢", "镀锌"), (0.1, 0.2, 0.4), (1.2, 2.0), 1),
    System("二次供水", "GS", 24.5, 9.0, (100, 150, 200, 300), ("二次供水",),
           ("球墨铸铁", "PE"), ("灰口铸铁", "镀锌", "PVC"), (0.6, 1.0), (2.1, 2.5), 1),
)  # fmt: skip
_RADIUS = 7
_CORRIDOR = [
    (123.646, 47.222),
    (123.71, 47.245),
    (123.765, 47.25),
    (123.82, 47.262),
    (123.872, 47.292),
    (123.915, 47.318),
]


def network(ground: Ground) -> list[DemoSite]:
    """Lines along streets until each system has its length; no two of one system share a street."""
    return [site for system in SYSTEMS for site in _system(ground, system)]


def _system(ground: Ground, system: System) -> list[DemoSite]:
    rng = random.Random(f"pipes-{system.code}")
    places = [
        place
        for code in CENTRAL
        for place in ground.by_district[code]
        if place.name.endswith("街道")
    ]
    used: set[tuple[Node, Node]] = set()
    sites: list[DemoSite] = []
    total_m = 0.0
    while total_m < system.length_km * 1000:
        place = places[len(sites) % len(places)] if rng.random() < 0.7 else rng.choice(places)
        nodes = _walk(rng, node_near(place))
        edges = {(min(pair), max(pair)) for pair in pairwise(nodes)}
        line = _laid(frame_of(place), nodes, system.off_m)
        if edges & used or not ground.districts[place.district].contains(line):
            continue
        used |= edges
        sites.append(_pipe(rng, system, place, nodes, line, len(sites) + 1))
        total_m += measure.length_m(line)
    return sites


def _walk(rng: random.Random, centre: Node) -> list[Node]:
    """Crossings along a street, at times round one corner."""
    column, row = (at + rng.randint(-_RADIUS, _RADIUS) for at in centre)
    is_east = rng.random() < 0.5
    nodes = [(column, row)]
    for step in range(rng.choice((1, 2, 2, 3))):
        if step and rng.random() < 0.2:
            is_east = not is_east
        column, row = (column + 1, row) if is_east else (column, row + 1)
        nodes.append((column, row))
    return nodes


def _laid(frame: Frame, nodes: list[Node], off_m: float) -> LineString:
    return frame.line([(column * BLOCK_W + off_m, row * BLOCK_H + off_m) for column, row in nodes])


def _pipe(
    rng: random.Random,
    system: System,
    place: Place,
    nodes: list[Node],
    line: LineString,
    number: int,
) -> DemoSite:
    street = _street(nodes)
    name = f"{NAME_MARK}{place.short}{street}{system.key}管网{number:03}段"
    drawn_km = measure.length_m(line) / 1000
    claimed_km = round(drawn_km * rng.uniform(0.995, 1.025), 3)
    words = {
        "system": system.key,
        "grade": rng.choice(system.grades),
        "street": street,
        "from_to": f"{_crossing(nodes[0])}至{_crossing(nodes[-1])}",
        "claimed_length_km": claimed_km,
        "pipe_length_km": round(claimed_km * system.pipes_in_trench, 3),
        "dn_mm": rng.choice(system.sizes),
        "material": rng.choice(system.materials),
        "old_material": rng.choice(system.old_materials),
        "laying": "直埋" if rng.random() < 0.9 else "地沟",
        "depth_m": round(rng.uniform(*system.depth_m), 1),
        "pressure_mpa": rng.choice(system.pressures),
        "year_laid": rng.randint(1983, 2002),
        "assessment": rng.choice(["立即改造", "立即改造", "限期改造"]),
    }
    if system.key == "供热":
        words["temperature_c"] = 130.0 if words["grade"] == "供热一次网" else 85.0
    return DemoSite(
        f"{system.code}-{place.district}-{number:03}", name, place.district, line, words
    )


def _street(nodes: list[Node]) -> str:
    """Invented names: 经 for streets that run north, 纬 for those that run east, by their place in the grid."""
    (column, row), (to_column, _to_row) = nodes[0], nodes[1]
    return f"纬{row + 41}街" if to_column != column else f"经{column + 31}路"


def _crossing(node: Node) -> str:
    return f"经{node[0] + 31}路纬{node[1] + 41}街"


def heat_line(ground: Ground) -> list[DemoSite]:
    """The corridor from the plant to the central city, in one section for each district that it crosses."""
    sites: list[DemoSite] = []
    for district, part in _by_district(ground, LineString(_CORRIDOR)):
        number = len(sites) + 1
        words = {
            "component": "长输管线",
            "claimed_length_km": round(measure.length_m(part) / 1000 * 1.02, 2),
            "dn_mm": 1400,
            "pressure_mpa": 2.5,
            "temperature_c": 130.0,
        }
        name = f"{NAME_MARK}富发供热长输管线{ground.names[district]}段"
        sites.append(DemoSite(f"FF-{district}-L{number}", name, district, part, words))
    return sites


def _by_district(ground: Ground, line: LineString) -> Iterator[tuple[str, LineString]]:
    """Pieces of 250 m, joined while they lie in one district; a piece on a border belongs to neither."""
    count = max(2, round(measure.length_m(line) / 250))
    points = [line.interpolate(step / count, normalized=True) for step in range(count + 1)]
    run: list[tuple[float, float]] = []
    here: str | None = None
    for one, other in pairwise(points):
        piece = LineString([one, other])
        found = next(
            (code for code, area in ground.districts.items() if area.contains(piece)), None
        )
        if found != here and here is not None and len(run) > 2:
            yield here, LineString(run)
        if found != here:
            run, here = [(one.x, one.y)], found
        run.append((other.x, other.y))
    if here is not None and len(run) > 2:
        yield here, LineString(run)


def heat_stations(ground: Ground) -> list[DemoSite]:
    """The main station at the plant, a booster on the way, stations that hand the heat over."""
    spots = [
        ("首站", "230206", 0.0, 0),
        ("中继泵站", "230208", 0.45, 0),
        ("隔压站", "230202", 0.98, 280_000),
    ]
    line = LineString(_CORRIDOR)
    sites = []
    for number, (component, district, at, households) in enumerate(spots, start=1):
        point = line.interpolate(at, normalized=True)
        words: dict[str, object] = {"component": component, "pressure_mpa": 2.5}
        if households:
            words |= {"households": households, "heated_area_10k_m2": 2240.0}
        spot = Frame(round(point.x, 5), round(point.y, 5)).point(120, 90)
        name = f"{NAME_MARK}富发供热{component}"
        sites.append(DemoSite(f"FF-{district}-Z{number}", name, district, spot, words))
    return sites
