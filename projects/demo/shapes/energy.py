"""Power and heat: renewable plants with 2,600 MW in all, the city's works at its edge, old boilers."""

import random

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import Frame
from projects.demo.shapes.ground import Ground, Plot

STOCK_MW = 2600.0
# Energy, town, MW, year in operation (None: being built in 2022). All in operation or built sum to STOCK_MW.
_PLANTS: list[tuple[str, str, float, int | None]] = [
    ("风电", "华民乡", 200.0, 2020), ("风电", "广厚乡", 200.0, 2020), ("风电", "头站镇", 150.0, 2019),
    ("风电", "平洋镇", 100.0, 2016), ("风电", "塔子城镇", 200.0, None), ("风电", "富海镇", 100.0, 2018),
    ("风电", "富路镇", 150.0, None), ("风电", "三兴镇", 100.0, 2017), ("风电", "兴国乡", 200.0, None),
    ("风电", "北联镇", 100.0, 2021), ("风电", "查哈阳乡", 150.0, None), ("风电", "老莱镇", 100.0, 2021),
    ("光伏", "汤池镇", 100.0, 2019), ("光伏", "大兴镇", 100.0, 2020), ("光伏", "榆树屯镇", 60.0, 2017),
    ("光伏", "卧牛吐达斡尔族镇", 80.0, 2018), ("光伏", "克利镇", 100.0, 2021), ("光伏", "巨宝镇", 80.0, None),
    ("光伏", "哈拉海乡", 60.0, 2018), ("光伏", "双阳镇", 50.0, None), ("光伏", "龙安桥镇", 60.0, 2020),
    ("生物质", "龙江镇", 30.0, 2019), ("生物质", "依安镇", 30.0, 2020), ("生物质", "讷河", 40.0, 2021),
    ("生物质", "甘南镇", 30.0, 2021), ("生物质", "拜泉镇", 30.0, None),
]  # fmt: skip
_UNIT_MW = {"风电": 4.0, "光伏": 0.1, "生物质": 15.0}
_HOURS = {"风电": 2600, "光伏": 1450, "生物质": 6500}
_BOILERS = [
    "富裕镇",
    "龙江镇",
    "依安镇",
    "泰来镇",
    "甘南镇",
    "克山镇",
    "克东镇",
    "拜泉镇",
    "红岸街道",
    "新兴街道",
    "南航街道",
    "卜奎街道",
]


def plants(ground: Ground) -> list[DemoSite]:
    rng = random.Random("renewable")
    plot = Plot(ground, river_m=1500, gap_m=200)
    sites = []
    for number, (energy, town, megawatts, year) in enumerate(_PLANTS, start=1):
        place = ground.place("通江街道" if town == "讷河" else town)
        geom = plot.put(
            rng,
            place,
            (2500, 6500),
            lambda frame, *words: _ground(rng, frame, *words),
            energy,
            megawatts,
        )
        words = {
            "energy": energy,
            "capacity_mw": megawatts,
            "connected_mw": megawatts if year else 0.0,
            "units": round(megawatts / _UNIT_MW[energy]),
            "unit_mw": _UNIT_MW[energy],
            "annual_gwh": round(megawatts * _HOURS[energy] * rng.uniform(0.95, 1.05) / 1000, 1),
            "commissioned_year": year,
        }
        kind = {"风电": "风电场", "光伏": "光伏电站", "生物质": "生物质电厂"}[energy]
        name = f"{NAME_MARK}{town.removesuffix('镇').removesuffix('乡')}{megawatts:.0f}兆瓦{kind}"
        sites.append(
            DemoSite(f"LD-{place.district}-{number:02}", name, place.district, geom, words)
        )
    return sites


def _ground(rng: random.Random, frame: Frame, energy: str, megawatts: float) -> BaseGeometry:
    """Wind farms are wide and ragged, solar fields rectangles of two hectares to a megawatt, a biomass plant small."""
    if energy == "风电":
        return _wind_farm(rng, frame, megawatts)
    width = (megawatts * 20_000 * 1.6) ** 0.5 if energy == "光伏" else 320.0
    height = width / 1.6
    return frame.polygon(
        [(0, 0), (width, 0), (width, height * 0.9), (width * 0.8, height), (0, height)]
    )


def _wind_farm(rng: random.Random, frame: Frame, megawatts: float) -> Polygon:
    """Some 0.12 square kilometres to a megawatt."""
    half = (megawatts * 120_000) ** 0.5 / 2
    ring = [
        (-1, -0.9),
        (-0.2, -1.1),
        (0.9, -0.8),
        (1.1, 0.1),
        (0.8, 0.9),
        (-0.1, 1.0),
        (-0.9, 0.8),
        (-1.15, 0.0),
    ]
    return frame.polygon(
        [(x * half * rng.uniform(0.9, 1.1), y * half * rng.uniform(0.9, 1.1)) for x, y in ring]
    )


def wastewater(ground: Ground) -> list[DemoSite]:
    place = ground.place("大民街道")
    frame = Frame(place.lon, place.lat, 8.0).moved(-300, -900, 8.0)
    words = {
        "capacity_10k_m3_d": 10.0,
        "process": "改良氧化沟加深度处理",
        "effluent_standard": "一级A",
        "service_area_km2": 46.0,
        "sewer_km": 21.5,
    }
    geom = frame.polygon([(0, 0), (420, 0), (420, 260), (300, 310), (0, 310)])
    return [DemoSite("WS-230202-01", f"{NAME_MARK}中心城区污水处理厂三期", "230202", geom, words)]


def sludge(ground: Ground) -> list[DemoSite]:
    place = ground.place("水师营满族镇")
    spot = Frame(place.lon, place.lat).point(1400, 900)
    words = {"sludge_t_d": 400.0, "capacity_mw": 6.0}
    return [DemoSite("WN-230205-01", f"{NAME_MARK}污泥处置发电项目", "230205", spot, words)]


def boilers(ground: Ground) -> list[DemoSite]:
    rng = random.Random("boilers")
    plot = Plot(ground, river_m=200, gap_m=100)
    sites = []
    for number, town in enumerate(_BOILERS, start=1):
        place = ground.place(town)
        spot = plot.put(rng, place, (150, 900), lambda frame: frame.point())
        words = {
            "owner": f"演示·{place.short}供热站",
            "tonnage_t_h": rng.choice([4.0, 6.0, 10.0, 20.0]),
            "boilers": rng.randint(1, 3),
            "action": rng.choice(["淘汰拆除", "改为集中供热", "改为清洁能源", "环保改造"]),
        }
        name = f"{NAME_MARK}{place.short}燃煤锅炉{number:02}"
        sites.append(
            DemoSite(f"GL-{place.district}-{number:02}", name, place.district, spot, words)
        )
    return sites
