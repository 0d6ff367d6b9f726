"""Small watersheds and gullies, protection zones of township water, integrated restoration of landscapes."""

import math
import random

from shapely.geometry import LineString, Polygon

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import XY, Frame, scaled
from projects.demo.shapes.ground import Ground, Plot

_WATERSHEDS = [
    ("爱农乡", 14.0),
    ("丰产乡", 9.5),
    ("润津乡", 11.0),
    ("古城镇", 8.0),
    ("老莱镇", 12.5),
    ("阳春乡", 7.5),
]
_GULLIES = [("新生乡", 620), ("上升乡", 410), ("昌盛乡", 880), ("双河镇", 350), ("宝泉镇", 540)]
_SOURCES = [
    "景星镇",
    "头站镇",
    "塔子城镇",
    "平洋镇",
    "查哈阳乡",
    "富路镇",
    "绍文乡",
    "三道镇",
    "依龙镇",
    "达呼店镇",
]
_LANDSCAPES = [
    ("扎龙镇", "湿地", 9000),
    ("哈拉海乡", "湿地", 5200),
    ("绍文乡", "草原", 3800),
    ("江桥蒙古族镇", "沙地", 2600),
]


def watersheds(ground: Ground) -> list[DemoSite]:
    rng = random.Random("watersheds")
    plot = Plot(ground, river_m=1000)
    sites = []
    for number, (town, square_km) in enumerate(_WATERSHEDS, start=1):
        place = ground.place(town)
        geom = plot.put(
            rng, place, (2500, 6000), lambda frame, km2: frame.polygon(_leaf(rng, km2)), square_km
        )
        drawn = measure.area_m2(geom) / 1e6
        words = {
            "watershed": f"演示·{place.short}小流域",
            "part": "小流域",
            "watershed_area_km2": round(drawn, 2),
            "eroded_area_km2": round(drawn * rng.uniform(0.45, 0.7), 2),
            "claimed_area_km2": round(drawn * rng.uniform(0.35, 0.45), 2),
            "check_dams": rng.randint(6, 30),
            "terraces_ha": round(drawn * rng.uniform(2, 6), 1),
            "hedge_belts_ha": round(drawn * rng.uniform(4, 9), 1),
            "erosion_modulus": round(rng.uniform(1100, 2400), 0),
            "vegetation_cover": round(rng.uniform(9, 18), 1),
        }
        code, name = f"ST-{place.district}-{number:02}", f"{NAME_MARK}{place.short}小流域综合治理"
        sites.append(DemoSite(code, name, place.district, geom, words))
    return sites


def _leaf(rng: random.Random, square_km: float) -> list[XY]:
    """A watershed is leaf-shaped: narrow at its mouth, widest two thirds up."""
    left, right = [], []
    for step in range(1, 9):
        t = step / 9
        half = 0.42 * math.sin(math.pi * t**1.3)
        left.append((t - 0.5, half * rng.uniform(0.85, 1.15)))
        right.append((t - 0.5, -half * rng.uniform(0.85, 1.15)))
    return scaled([(-0.5, 0.0), *left, (0.5, 0.0), *reversed(right)], square_km * 1e6)


def gullies(ground: Ground) -> list[DemoSite]:
    rng = random.Random("gullies")
    plot = Plot(ground, river_m=1000)
    sites = []
    for number, (town, length_m) in enumerate(_GULLIES, start=1):
        place = ground.place(town)
        geom = plot.put(rng, place, (1500, 5000), lambda frame, m: _gully(rng, frame, m), length_m)
        drawn = measure.length_m(geom)
        words = {
            "watershed": f"演示·{place.short}小流域",
            "part": "侵蚀沟",
            "gully_class": "大型" if drawn > 800 else "中型" if drawn > 450 else "小型",
            "gully_length_m": round(drawn, 1),
            "check_dams": max(2, round(drawn / 90)),
        }
        code, name = (
            f"QG-{place.district}-{number:02}",
            f"{NAME_MARK}{place.short}侵蚀沟{number:02}号治理",
        )
        sites.append(DemoSite(code, name, place.district, geom, words))
    return sites


def _gully(rng: random.Random, frame: Frame, length_m: float) -> LineString:
    count = 9
    step = length_m / count / 1.04
    return frame.line([(at * step, rng.uniform(-14, 14)) for at in range(count + 1)])


def water_sources(ground: Ground) -> list[DemoSite]:
    rng = random.Random("water-sources")
    plot = Plot(ground, river_m=800)
    sites = []
    for number, town in enumerate(_SOURCES, start=1):
        place = ground.place(town)
        radius = rng.choice([120.0, 200.0, 300.0])
        geom = plot.put(rng, place, (500, 1800), _round_zone, radius)
        words = {
            "source_name": f"演示·{place.name}水源地",
            "source_type": "地下水",
            "zone": "二级" if radius > 150 else "一级",
            "people_served": rng.randint(18, 120) * 100,
            "water_class": "Ⅲ类",
            "signs": rng.randint(4, 16),
            "fence_m": round(math.tau * radius * rng.uniform(0.4, 1.0)),
            "outfalls_removed": rng.randint(0, 5),
        }
        code, name = f"SY-{place.district}-{number:02}", f"{NAME_MARK}{place.short}水源保护区治理"
        sites.append(DemoSite(code, name, place.district, geom, words))
    return sites


def _round_zone(frame: Frame, radius: float) -> Polygon:
    """Zones of wells are circles, drawn with a corner every ten degrees."""
    turns = [math.tau * step / 36 for step in range(36)]
    return frame.polygon([(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns])


def landscapes(ground: Ground) -> list[DemoSite]:
    rng = random.Random("landscapes")
    plot = Plot(ground, river_m=1000)
    sites = []
    for number, (town, unit, area_mu) in enumerate(_LANDSCAPES, start=1):
        place = ground.place(town)
        area_km2 = measure.mu_to_m2(area_mu) / 1e6
        geom = plot.put(
            rng, place, (2500, 6500), lambda frame, km2: frame.polygon(_leaf(rng, km2)), area_km2
        )
        drawn = measure.m2_to_mu(measure.area_m2(geom))
        words = {"unit_type": unit, "claimed_area_mu": round(drawn * rng.uniform(0.95, 1.02))}
        code, name = f"SS-{place.district}-{number:02}", f"{NAME_MARK}{place.short}{unit}保护修复"
        sites.append(DemoSite(code, name, place.district, geom, words))
    return sites
