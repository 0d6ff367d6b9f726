"""Schools, care, sport and culture."""

import random
from dataclasses import replace
from typing import Any

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.ground import Ground, Place, Plot
from projects.demo.shapes.points import Facility, even, is_urban, scatter
from projects.demo.shapes.streets import Town

_OPEN = ["8:00-17:00", "8:30-16:30", "9:00-20:00", "8:00-20:00"]
# Places added by the six kindergartens: 1,080, beyond the thousand promised.
_KINDERGARTENS = [
    ("建设街道", "新建", 270), ("湖滨街道", "改建", 150), ("东湖街道", "新建", 240),
    ("和平街道", "扩建", 120), ("泰来镇", "新建", 180), ("依安镇", "扩建", 120),
]  # fmt: skip
_PARKS = [
    ("北华街道", "齐齐哈尔产教融合", 420_000, 9000),
    ("通江街道", "讷河产教融合", 260_000, 4500),
]


def kindergartens(ground: Ground) -> list[DemoSite]:
    rng = random.Random("kindergartens")
    plot = Plot(ground, river_m=200)
    sites = []
    for number, (town, nature, places) in enumerate(_KINDERGARTENS, start=1):
        place = ground.place(town)
        spot = plot.put(rng, place, (100, 700), lambda frame: frame.point())
        words = {
            "nature": nature,
            "places": places,
            "classes": places // 30,
            "floor_area_m2": places * 11.0,
        }
        name = f"{NAME_MARK}{place.short}公办幼儿园{number}"
        sites.append(
            DemoSite(f"YE-{place.district}-{number:02}", name, place.district, spot, words)
        )
    return sites


def vocational_parks(ground: Ground) -> list[DemoSite]:
    rng = random.Random("vocational-parks")
    plot = Plot(ground, river_m=600)
    sites = []
    for number, (town, name, ground_m2, places) in enumerate(_PARKS, start=1):
        place = ground.place(town)
        width = (ground_m2 * 1.5) ** 0.5
        ring = [
            (0.0, 0.0),
            (width, 0.0),
            (width, width / 1.5),
            (width * 0.1, width / 1.5),
            (0.0, width * 0.55),
        ]
        geom = plot.put(rng, place, (900, 2200), lambda frame, ring: frame.polygon(ring), ring)
        words = {
            "floor_area_m2": round(ground_m2 * 0.62),
            "claimed_area_mu": round(measure.m2_to_mu(measure.area_m2(geom)), 1),
            "places": places,
        }
        code = f"ZJ-{place.district}-{number:02}"
        sites.append(DemoSite(code, f"{NAME_MARK}{name}职业教育园区", place.district, geom, words))
    return sites


def creative_park(ground: Ground) -> list[DemoSite]:
    place = ground.place("龙华街道")
    geom = Town(ground).build(random.Random("creative-park"), place, (0.9, 1.0))
    words = {"floor_area_m2": 36_000.0, "enterprises": 42}
    name = f"{NAME_MARK}铁锋文化创意产业园"
    return [DemoSite(f"WC-{place.district}-01", name, place.district, geom, words)]


def school_repairs(ground: Ground) -> list[DemoSite]:
    counts = dict.fromkeys(
        ["230221", "230223", "230224", "230225", "230227", "230229", "230230", "230231", "230281"],
        2,
    )
    sites = scatter(ground, Facility("school-repair", "XS", "学校修缮", counts, _school_words))
    return [
        replace(site, attributes={**site.attributes, "school": site.name.replace("修缮", "")})
        for site in sites
    ]


def _school_words(rng: random.Random, _place: Place) -> dict[str, Any]:
    part = rng.choice(["校舍", "食堂", "宿舍", "旱厕", "旱厕"])
    area = rng.randint(60, 160) if part == "旱厕" else rng.randint(400, 2600)
    return {"school": "", "part": part, "floor_area_m2": float(area)}


def senior_universities(ground: Ground) -> list[DemoSite]:
    return scatter(
        ground, Facility("elder-univ", "LN", "老年大学分校", even(ground, 20), _elder_words, True)
    )


def _elder_words(rng: random.Random, _place: Place) -> dict[str, Any]:
    area = rng.randint(260, 1200)
    return {
        "operator": "演示·老年大学",
        "floor_area_m2": float(area),
        "places": area // 4,
        "courses": rng.randint(5, 16),
        "open_hours": "8:30-16:30",
    }


def day_care(ground: Ground) -> list[DemoSite]:
    return scatter(ground, Facility("day-care", "RJ", "日间照料站", even(ground, 208), _care_words))


def _care_words(rng: random.Random, place: Place) -> dict[str, Any]:
    area = rng.randint(120, 600)
    return {
        "operator": rng.choice(["演示·社区居委会", "演示·养老服务公司", "演示·村民委员会"]),
        "floor_area_m2": float(area),
        "places": area // 18,
        "setting": "城市社区" if is_urban(place) else "农村社区",
        "open_hours": rng.choice(_OPEN[:2]),
    }


def childcare(ground: Ground) -> list[DemoSite]:
    counts = {code: 2 if index % 2 == 0 else 1 for index, code in enumerate(ground.districts)}
    return scatter(ground, Facility("childcare", "TY", "普惠托育", counts, _nursery_words, True))


def _nursery_words(rng: random.Random, _place: Place) -> dict[str, Any]:
    places = rng.randint(4, 10) * 10
    return {
        "operator": "演示·托育机构",
        "floor_area_m2": places * 9.0,
        "places": places,
        "open_hours": "7:30-17:30",
    }


def fitness(ground: Ground) -> list[DemoSite]:
    return scatter(ground, Facility("fitness", "JS", "健身设施", even(ground, 26), _fitness_words))


def _fitness_words(rng: random.Random, _place: Place) -> dict[str, Any]:
    kinds = {
        "体育公园": 24_000,
        "健身步道": 6_000,
        "笼式场地": 800,
        "健身广场": 2_400,
        "冰雪场地": 5_000,
    }
    kind = rng.choice(list(kinds))
    return {
        "facility": kind,
        "ground_area_m2": float(round(kinds[kind] * rng.uniform(0.7, 1.3), -1)),
        "open_hours": "6:00-21:00",
    }


def culture(ground: Ground) -> list[DemoSite]:
    return scatter(ground, Facility("culture", "WH", "文化场所", even(ground, 80), _culture_words))


def _culture_words(rng: random.Random, place: Place) -> dict[str, Any]:
    kinds = ["图书馆", "文化馆", "村社文化室"] if is_urban(place) else ["综合文化站", "村社文化室"]
    venue = rng.choice(kinds)
    area = {"图书馆": 1800, "文化馆": 1500, "综合文化站": 420, "村社文化室": 130}[
        venue
    ] * rng.uniform(0.7, 1.4)
    return {
        "venue": venue,
        "floor_area_m2": float(round(area)),
        "seats": round(area / 7),
        "open_hours": rng.choice(_OPEN),
    }
