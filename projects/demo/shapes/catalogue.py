"""All files of the demonstration: which programme, which CRS, which encoding.

They differ on purpose, as those of real bureaus do: GBK tables without a word about it, three Gauss-Krüger
zones with and without the zone in the easting, columns of ten bytes, a file without its .prj.
"""

from projects.demo.shapes import energy, greening, housing, land, mines, pipes, river, social
from projects.demo.shapes.dataset import Dataset
from projects.demo.shapes.ground import Ground

_FOXPRO_GBK = 0x4D
_MINE_COLUMNS = {
    "code": "XMBH",
    "name": "XMMC",
    "district": "XQ",
    "patch_no": "TBBH",
    "mineral": "KZ",
    "mining_mode": "KCFS",
    "patch_class": "TBDL",
    "patch_subclass": "TBXL",
    "patch_part": "TBSX",
    "closed_year": "GBND",
    "land_class": "SDDL",
    "land_owner": "SYQ",
    "problem": "STWT",
    "restoration_mode": "NXFFS",
    "restored_use": "NXFFX",
    "claimed_area_mu": "SBZLMJ",
    "verified_area_mu": "TBHDMJ",
    "damaged_area_ha": "SHTDMJ",
}


def datasets(ground: Ground) -> list[Dataset]:
    """Every file, in the order in which they are imported."""
    return [*_land(ground), *_water(ground), *_city(ground), *_energy(ground), *_people(ground)]


def _land(ground: Ground) -> list[Dataset]:
    west, east = greening.west(ground), greening.east(ground)
    return [
        Dataset("mines_west", "mine_restore", "矿山图斑（西部）", 4529, "gbk", mines.west(ground), names=_MINE_COLUMNS),
        Dataset("mines_east", "mine_restore", "矿山图斑（东部）", 4530, "gbk", mines.east(ground), _FOXPRO_GBK,
                names=_MINE_COLUMNS),
        Dataset("greening_west", "greening", "绿化小班（西部）", 4499, "gbk", west),
        Dataset("greening_east", "greening", "绿化小班（东部）", 4530, "gbk", east, _FOXPRO_GBK),
        Dataset("landscapes", "shanshui", "山水修复", 4490, "utf-8", land.landscapes(ground), cpg="UTF-8"),
    ]  # fmt: skip


def _water(ground: Ground) -> list[Dataset]:
    return [
        Dataset(
            "nen_reaches",
            "nen_eco",
            "嫩江治理河段",
            4490,
            "utf-8",
            river.reaches(ground),
            cpg="UTF-8",
        ),
        Dataset("watersheds", "soil_watershed", "小流域", 4530, "gbk", land.watersheds(ground)),
        Dataset(
            "gullies", "soil_watershed", "侵蚀沟", 4530, "gbk", land.gullies(ground), cpg="936"
        ),
        Dataset(
            "water_sources",
            "water_source",
            "水源保护区",
            4490,
            "gbk",
            land.water_sources(ground),
            _FOXPRO_GBK,
        ),
    ]


def _city(ground: Ground) -> list[Dataset]:
    estates, shanties, railway = housing.all_housing(ground)
    return [
        Dataset("pipes", "pipe_renew", "老旧管网", 4550, "gbk", pipes.network(ground), _FOXPRO_GBK),
        Dataset("heat_line", "fufa_heat", "富发供热管线", 4529, "gbk", pipes.heat_line(ground)),
        Dataset(
            "heat_stations", "fufa_heat", "富发供热站", 4529, "gbk", pipes.heat_stations(ground)
        ),
        Dataset("wastewater", "wwtp3", "污水处理厂三期", 4529, "gbk", energy.wastewater(ground)),
        Dataset(
            "sludge", "sludge_power", "污泥发电", 4326, "utf-8", energy.sludge(ground), cpg="UTF-8"
        ),
        Dataset("old_estates", "old_estate", "老旧小区", 4529, "gbk", estates),
        Dataset("shanties", "shanty", "棚户区", 4529, "gbk", shanties, cpg="GBK"),
        Dataset("railway_housing", "sgyy", "铁路家属区", 4550, "gbk", railway),
    ]


def _energy(ground: Ground) -> list[Dataset]:
    return [
        Dataset(
            "renewable", "renewable", "绿电场站", 4490, "utf-8", energy.plants(ground), cpg="UTF-8"
        ),
        Dataset("boilers", "boiler", "燃煤锅炉", 4326, "gbk", energy.boilers(ground)),
    ]


def _people(ground: Ground) -> list[Dataset]:
    return [
        Dataset(
            "kindergartens",
            "kindergarten",
            "公办幼儿园",
            4326,
            "utf-8",
            social.kindergartens(ground),
            cpg="UTF-8",
        ),
        Dataset(
            "school_repairs",
            "school_repair",
            "校舍修缮",
            4326,
            "gbk",
            social.school_repairs(ground),
        ),
        Dataset(
            "vocational_parks",
            "vocational_park",
            "职教园区",
            4490,
            "gbk",
            social.vocational_parks(ground),
        ),
        Dataset(
            "senior_universities",
            "elder_univ",
            "老年大学",
            4326,
            "gbk",
            social.senior_universities(ground),
        ),
        Dataset(
            "day_care", "day_care", "日间照料", 4326, "utf-8", social.day_care(ground), cpg="UTF-8"
        ),
        Dataset(
            "childcare", "childcare", "普惠托育", 4326, "gbk", social.childcare(ground), _FOXPRO_GBK
        ),
        Dataset(
            "fitness", "fitness", "健身设施", 4490, "gbk", social.fitness(ground), has_prj=False
        ),
        Dataset("culture", "culture", "文化场所", 4326, "utf-8", social.culture(ground)),
        Dataset(
            "creative_park", "creative_park", "文创园", 4529, "gbk", social.creative_park(ground)
        ),
    ]
