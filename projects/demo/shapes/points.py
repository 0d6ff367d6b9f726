"""Facilities as points near the towns' centres, spread over districts as people are."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.ground import Ground, Place, Plot

Words = Callable[[random.Random, Place], dict[str, Any]]
URBAN = ("230202", "230203", "230204", "230205", "230206")


@dataclass(frozen=True, slots=True)
class Facility:
    """code: prefix of site codes; noun: ends the name; counts: by district; words: the attributes."""

    seed: str
    code: str
    noun: str
    counts: Mapping[str, int]
    words: Words
    urban_only: bool = False
    reach_m: tuple[float, float] = (60.0, 800.0)


def scatter(ground: Ground, facility: Facility) -> list[DemoSite]:
    """One point for each, towns of a district in turn."""
    rng = random.Random(facility.seed)
    plot = Plot(ground, river_m=200, gap_m=60)
    sites = []
    for district, count in facility.counts.items():
        towns = _towns(ground, district, facility.urban_only)
        for number in range(1, count + 1):
            place = towns[(number - 1) % len(towns)]
            spot = plot.put(rng, place, facility.reach_m, lambda frame: frame.point())
            code = f"{facility.code}-{district}-{number:02}"
            name = f"{NAME_MARK}{ground.names[district]}{place.short}{facility.noun}{number:02}"
            sites.append(DemoSite(code, name, district, spot, facility.words(rng, place)))
    return sites


def _towns(ground: Ground, district: str, urban_only: bool) -> list[Place]:
    places = ground.by_district[district]
    urban = [place for place in places if is_urban(place)]
    return urban if urban_only and urban else places


def is_urban(place: Place) -> bool:
    return place.name.endswith("街道")


def even(ground: Ground, total: int) -> dict[str, int]:
    """The total spread over all districts, what is left over to the first ones."""
    base, more = divmod(total, len(ground.districts))
    return {code: base + (index < more) for index, code in enumerate(ground.districts)}
