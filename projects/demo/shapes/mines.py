"""Mine patches (图斑): pits of 2 to 40 hectares near the towns that quarried."""

import math
import random

from gis_projects.geo import measure
from projects.demo.shapes.dataset import NAME_MARK, DemoSite
from projects.demo.shapes.frame import XY, scaled
from projects.demo.shapes.ground import Ground, Plot

# Town, how many patches, minerals: hills in the west yield stone, river plains sand, the east basalt and clay.
_WEST = [
    ("繁荣街道", 7, "建筑用花岗岩"),
    ("富强街道", 3, "建筑用花岗岩"),
    ("龙江镇", 4, "建筑用安山岩"),
    ("景星镇", 4, "建筑用石料"),
    ("七棵树镇", 3, "建筑用凝灰岩"),
    ("甘南镇", 3, "建筑用砂"),
    ("中兴乡", 3, "建筑用花岗岩"),
    ("塔哈镇", 2, "建筑用砂"),
]
_EAST = [
    ("二克浅镇", 3, "建筑用砂"),
    ("老莱镇", 2, "砖瓦用黏土"),
    ("克东镇", 3, "建筑用玄武岩"),
    ("宝泉镇", 2, "建筑用玄武岩"),
    ("依安镇", 3, "陶瓷土"),
    ("北联镇", 2, "建筑用玄武岩"),
]
_PARTS = ["采场", "采场", "采场", "固废堆场", "塌陷坑", "中转场"]


def west(ground: Ground) -> list[DemoSite]:
    return _mines(ground, _WEST, random.Random("mines-west"))


def east(ground: Ground) -> list[DemoSite]:
    return _mines(ground, _EAST, random.Random("mines-east"))


def _mines(ground: Ground, towns: list[tuple[str, int, str]], rng: random.Random) -> list[DemoSite]:
    plot = Plot(ground, river_m=1500, gap_m=120)
    sites = []
    numbers: dict[str, int] = {}
    for town, count, mineral in towns:
        place = ground.place(town)
        for _ in range(count):
            number = numbers[place.district] = numbers.get(place.district, 0) + 1
            area_ha = round(2 + 38 * rng.random() ** 2.2, 2)
            geom = plot.put(
                rng, place, (2200, 7000), lambda frame, ha: frame.polygon(_pit(rng, ha)), area_ha
            )
            words = _words(
                rng, place.district, number, mineral, measure.m2_to_mu(measure.area_m2(geom))
            )
            part = (
                "采石坑"
                if "石" in mineral or "岩" in mineral
                else "采土坑"
                if "土" in mineral
                else "采砂坑"
            )
            sites.append(
                DemoSite(
                    f"KS-{place.district}-{number:02}",
                    f"{NAME_MARK}{place.name}{part}{number:02}号图斑",
                    place.district,
                    geom,
                    words,
                )
            )
    return sites


def _pit(rng: random.Random, area_ha: float) -> list[XY]:
    """An irregular rim: three waves around an ellipse, and the ragged edge that excavators leave."""
    count = rng.randint(22, 34)
    waves = [(order, rng.uniform(0.05, 0.16), rng.uniform(0, math.tau)) for order in (2, 3, 5)]
    squash = rng.uniform(0.55, 0.9)
    points = []
    for step in range(count):
        angle = math.tau * (step + rng.uniform(-0.2, 0.2)) / count
        radius = 1 + sum(size * math.cos(order * angle + phase) for order, size, phase in waves)
        radius *= rng.uniform(0.95, 1.05)
        points.append((radius * math.cos(angle), squash * radius * math.sin(angle)))
    return scaled(points, area_ha * 10_000)


def _words(
    rng: random.Random, district: str, number: int, mineral: str, area_mu: float
) -> dict[str, object]:
    is_owned = rng.random() < 0.15
    return {
        "patch_no": f"TB{district}{2000 + number * 7:05}",
        "mineral": mineral,
        "mining_mode": "露天",
        "patch_class": "历史遗留矿山",
        "patch_subclass": "政府担责政策性关闭" if is_owned else "无主废弃",
        "patch_part": rng.choice(_PARTS),
        "closed_year": rng.randint(1996, 2016),
        "land_class": "采矿用地",
        "land_owner": rng.choice(["集体", "集体", "国有"]),
        "problem": rng.choice(["土地损毁", "植被破坏", "地质环境问题"]),
        "restoration_mode": rng.choice(["辅助再生", "生态重建", "自然恢复", "转型利用"]),
        "restored_use": rng.choice(["林地", "草地", "耕地"]),
        "claimed_area_mu": round(area_mu * rng.uniform(0.94, 1.0), 1),
        "verified_area_mu": round(area_mu, 1),
        "damaged_area_ha": round(area_mu / 15, 2),
    }
