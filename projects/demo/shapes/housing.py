"""Old estates, shanty areas and railway housing: parcels of the towns' street grids."""

import random

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.ground import Ground
from projects.demo.shapes.streets import Town

_ESTATES = {
    "230202": 22,
    "230203": 21,
    "230204": 22,
    "230205": 7,
    "230206": 14,
    "230207": 4,
    "230208": 4,
}
SHANTY_HOUSEHOLDS = 3258
_SHANTIES = {"230202": 3, "230204": 4, "230205": 2, "230206": 3, "230221": 1, "230281": 1}
_RAILWAY = [("站前街道", 3), ("南浦街道", 2), ("新兴街道", 2), ("龙华街道", 1)]
_LUCKY = "安康福和新华平阳光明兴盛东湖春晖百花文苑祥瑞友谊"
_WORKS = [
    "外墙保温",
    "屋面防水",
    "小区道路",
    "雨污分流",
    "供热管线",
    "弱电入地",
    "照明",
    "安防",
    "停车位",
]


def all_housing(ground: Ground) -> tuple[list[DemoSite], list[DemoSite], list[DemoSite]]:
    """Old estates, shanty areas, railway housing: none stands on another's ground."""
    town = Town(ground)
    return _estates(ground, town), _shanties(ground, town), _railway(ground, town)


def _estates(ground: Ground, town: Town) -> list[DemoSite]:
    rng = random.Random("old-estates")
    sites = []
    for district, count in _ESTATES.items():
        places = [place for place in ground.by_district[district] if place.name.endswith("街道")]
        for number in range(1, count + 1):
            place = places[number % len(places)]
            geom = town.build(rng, place, (0.55, 0.95))
            name = f"{NAME_MARK}{place.short}{_two(rng)}小区{number:02}"
            words = _estate_words(rng, measure.area_m2(geom))
            sites.append(DemoSite(f"LJ-{district}-{number:02}", name, district, geom, words))
    return sites


def _two(rng: random.Random) -> str:
    at = rng.randrange(0, len(_LUCKY) - 1, 2)
    return _LUCKY[at : at + 2]


def _estate_words(rng: random.Random, ground_m2: float) -> dict[str, object]:
    """Six storeys at a floor-area ratio of 1.1 to 1.5, 62 to 78 square metres to a flat."""
    floor_m2 = ground_m2 * rng.uniform(1.1, 1.5)
    households = round(floor_m2 / rng.uniform(62, 78))
    classes = ["基础类", "基础类和完善类", "基础类、完善类和提升类"]
    works = sorted(rng.sample(_WORKS, rng.randint(4, 7)), key=_WORKS.index)
    return {
        "built_year": rng.randint(1978, 2000),
        "blocks": max(1, round(households / 58)),
        "households": households,
        "floor_area_10k_m2": round(floor_m2 / 10_000, 2),
        "renewal_class": rng.choice(classes),
        "works": "、".join(works),
        "parking_spaces": round(households * rng.uniform(0.1, 0.3)),
        "consent_rate": round(rng.uniform(82, 99), 1),
        "management": rng.choice(["物业企业", "社区托管", "居民自治"]),
    }


def _shanties(ground: Ground, town: Town) -> list[DemoSite]:
    rng = random.Random("shanties")
    codes = [code for code, count in _SHANTIES.items() for _ in range(count)]
    sites, left = [], SHANTY_HOUSEHOLDS
    for index, district in enumerate(codes):
        remaining = len(codes) - index
        households = left if remaining == 1 else round(left / remaining * rng.uniform(0.75, 1.2))
        left -= households
        place = ground.by_district[district][index % len(ground.by_district[district])]
        geom = town.build(rng, place, (0.8, 1.0))
        name = f"{NAME_MARK}{place.short}棚户区{index + 1:02}片区"
        sites.append(
            DemoSite(
                f"PH-{district}-{index + 1:02}",
                name,
                district,
                geom,
                _shanty_words(rng, households),
            )
        )
    return sites


def _shanty_words(rng: random.Random, households: int) -> dict[str, object]:
    signed = round(households * rng.uniform(0.7, 1.0))
    return {
        "households": households,
        "signed_households": signed,
        "cleared_households": round(signed * rng.uniform(0.6, 0.95)),
        "resettlement": rng.choice(["货币化", "实物", "货币化和实物"]),
        "flats": round(households * rng.uniform(0.4, 0.8)),
    }


def _railway(ground: Ground, town: Town) -> list[DemoSite]:
    rng = random.Random("railway-housing")
    sites: list[DemoSite] = []
    for name, count in _RAILWAY:
        place = ground.place(name)
        for _ in range(count):
            number = len(sites) + 1
            geom = town.build(rng, place, (0.6, 0.9))
            households = round(measure.area_m2(geom) * 1.2 / 65)
            words = {
                "utility": rng.choice(["供水", "供热", "物业", "综合"]),
                "households": households,
                "blocks": max(1, round(households / 55)),
            }
            title = f"{NAME_MARK}{place.short}铁路家属区{number}"
            sites.append(
                DemoSite(f"SG-{place.district}-{number:02}", title, place.district, geom, words)
            )
    return sites
