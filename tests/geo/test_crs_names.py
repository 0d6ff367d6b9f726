"""Coordinate systems are named as the people who use them say."""

import pytest
from django.utils import translation

from gis_projects.geo.crs import describe
from gis_projects.geo.crs_names import crs_words

CHINESE = {
    4490: "CGCS2000 经纬度 (EPSG:4490)",
    4529: "CGCS2000 3度带第41带 (EPSG:4529)",
    4550: "CGCS2000 3度带，中央经线123°E (EPSG:4550)",
    4499: "CGCS2000 6度带第21带 (EPSG:4499)",
    4511: "CGCS2000 6度带，中央经线129°E (EPSG:4511)",
    4326: "WGS 84 经纬度 (EPSG:4326)",
    32651: "WGS 84 UTM 51N带 (EPSG:32651)",
    3857: "WGS 84 网络墨卡托 (EPSG:3857)",
    2365: "西安80 3度带第41带 (EPSG:2365)",
    21421: "北京54 6度带第21带 (EPSG:21421)",
}


@pytest.mark.parametrize("srid", CHINESE)
def test_the_systems_in_use_here_are_named_in_chinese(srid: int) -> None:
    with translation.override("zh-hans"):
        assert crs_words(describe(srid)) == CHINESE[srid]


@pytest.mark.parametrize("label", ["", "—", "local grid of the mine", "JGD2011 (EPSG:6668)"])
def test_any_other_name_stays_as_it_is(label: str) -> None:
    with translation.override("zh-hans"):
        assert crs_words(label) == label


def test_an_unknown_projection_of_a_known_datum_keeps_its_name() -> None:
    label = "WGS 84 / NSIDC Sea Ice Polar Stereographic North (EPSG:3413)"
    assert crs_words(label) == label
