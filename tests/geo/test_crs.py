"""CRSs: spellings, zones, and transformations against figures that do not come from PROJ."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import LineString, Point

from gis_projects.geo import crs

A, F = 6_378_137.0, 1 / 298.257222101
E2 = F * (2 - F)

ESRI_ZONE = (
    'PROJCS["{name}",GEOGCS["{gcs}",DATUM["{datum}",SPHEROID["{ell}",{a},{rf}]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",{fe}],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{cm}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
CGCS = {
    "gcs": "GCS_China_Geodetic_Coordinate_System_2000",
    "datum": "D_China_2000",
    "ell": "CGCS2000",
    "a": 6378137.0,
    "rf": 298.257222101,
}
XIAN = {"gcs": "GCS_Xian_1980", "datum": "D_Xian_1980", "ell": "Xian_1980", "a": 6378140.0}
BEIJING = {
    "gcs": "GCS_Beijing_1954",
    "datum": "D_Beijing_1954",
    "ell": "Krasovsky_1940",
    "a": 6378245.0,
}


def meridian_arc_m(lat: float) -> float:
    """Distance from the equator along the meridian, by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    phi = math.radians(lat) * (nodes + 1) / 2
    radius = A * (1 - E2) / (1 - E2 * np.sin(phi) ** 2) ** 1.5
    return float(np.sum(weights * radius) * math.radians(lat) / 2)


@pytest.mark.parametrize(
    ("srid", "meridian", "easting"),
    [
        (4528, 120, 40_500_000),
        (4529, 123, 41_500_000),
        (4530, 126, 42_500_000),
        (4549, 120, 500_000),
        (4550, 123, 500_000),
        (4551, 126, 500_000),
        (4499, 123, 21_500_000),
        (4500, 129, 22_500_000),
        (4510, 123, 500_000),
        (4511, 129, 500_000),
    ],
)
def test_it_puts_the_central_meridian_where_the_zone_says(
    srid: int, meridian: float, easting: float
) -> None:
    point = crs.transform(Point(meridian, 47.3), 4490, srid)
    assert point.x == pytest.approx(easting, abs=1e-6)
    assert point.y == pytest.approx(meridian_arc_m(47.3), abs=1e-6)


@given(st.floats(122, 127), st.floats(45.8, 49), st.sampled_from([4529, 4530, 4550, 4551, 4499]))
def test_it_comes_back_to_where_it_started(lon: float, lat: float, srid: int) -> None:
    there = crs.transform(Point(lon, lat), 4326, srid)
    back = crs.transform(there, srid, 4326)
    assert (back.x, back.y) == pytest.approx((lon, lat), abs=1e-10)


def test_it_keeps_lon_before_lat() -> None:
    mercator = crs.transform(Point(123.9, 47.3), 4326, 3857)
    assert mercator.x == pytest.approx(math.radians(123.9) * A, rel=1e-12)


def test_it_copies_the_numbers_between_cgcs2000_and_wgs84() -> None:
    assert crs.transform(Point(123.9, 47.3), 4490, 4326).equals_exact(Point(123.9, 47.3), 0)


def test_it_transforms_arrays_as_it_does_single_ones() -> None:
    lines = np.array([LineString([(123 + i / 100, 47), (123, 47.5)]) for i in range(20)] + [None])
    together = crs.transform_array(lines, 4326, 4529)
    assert together[-1] is None
    for one, line in zip(together[:-1], lines[:-1], strict=True):
        assert one.equals_exact(crs.transform(line, 4326, 4529), 1e-9)


def test_it_reports_a_coordinate_that_cannot_be_transformed() -> None:
    with pytest.raises(crs.TransformFailed):
        crs.transform(Point(1e12, 1e12), 4529, 4326)


@pytest.mark.parametrize(
    ("spelling", "srid"),
    [
        (4529, 4529),
        ("4529", 4529),
        ("EPSG:4529", 4529),
        ("epsg:4490", 4490),
        ("urn:ogc:def:crs:EPSG::4326", 4326),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", 3857),
        (
            ESRI_ZONE.format(name="CGCS2000_3_Degree_GK_Zone_41", fe=41500000.0, cm=123, **CGCS),
            4529,
        ),
        (ESRI_ZONE.format(name="CGCS2000_3_Degree_GK_CM_126E", fe=500000.0, cm=126, **CGCS), 4551),
        (ESRI_ZONE.format(name="CGCS2000_GK_Zone_21", fe=21500000.0, cm=123, **CGCS), 4499),
        (ESRI_ZONE.format(name="our own name", fe=42500000.0, cm=126, **CGCS), 4530),
    ],
)
def test_it_reads_a_crs_in_each_spelling(spelling: str | int, srid: int) -> None:
    assert crs.parse_crs(spelling).srid == srid


def test_it_reads_its_own_esri_wkt_for_every_zone() -> None:
    for srid in [*range(4513, 4555), *range(4491, 4502), 4490]:
        text = CRS.from_epsg(srid).to_wkt("WKT1_ESRI")
        assert crs.parse_crs(text).srid == srid


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "nonsense",
        "EPSG:999999",
        "99999999",
        "PROJCS[",
        "+proj=longlat",
        "/etc/passwd",
        "x" * 30000,
    ],
)
def test_it_refuses_what_is_no_crs(spelling: str) -> None:
    with pytest.raises(crs.UnsupportedCRS):
        crs.parse_crs(spelling)


@pytest.mark.parametrize(
    "spelling",
    [
        4610,
        4214,
        4555,
        2365,
        2436,
        ESRI_ZONE.format(
            name="Xian_1980_3_Degree_GK_Zone_41", fe=41500000, cm=123, rf=298.257, **XIAN
        ),
        ESRI_ZONE.format(name="Beijing_1954_GK_Zone_21", fe=21500000, cm=123, rf=298.3, **BEIJING),
        ESRI_ZONE.format(
            name="local",
            fe=500000,
            cm=123,
            gcs="own",
            datum="D_User",
            ell="own",
            a=6378245.0,
            rf=298.3,
        ),
    ],
)
def test_it_knows_the_datums_that_proj_shifts_by_nothing(spelling: str | int) -> None:
    assert crs.is_null_datum(crs.parse_crs(spelling).wkt)
    assert crs.parse_crs(spelling).null_datum


@pytest.mark.parametrize("srid", [4326, 4490, 4529, 3857, 32651, 4284, 27700])
def test_it_does_not_suspect_the_others(srid: int) -> None:
    assert not crs.is_null_datum(srid)


def test_it_describes_a_crs_for_people() -> None:
    assert crs.describe(4529) == "CGCS2000 / 3-degree Gauss-Kruger zone 41 (EPSG:4529)"
    assert crs.parse_crs(4490).is_geographic


@pytest.mark.parametrize(
    "text",
    [
        'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257],EXTENSION["PROJ4_GRIDS","@/etc/passwd"]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925],EXTENSION["PROJ4","+nadgrids=/etc/passwd"]]',
        'GEOGCRS["x",PARAMETERFILE["Latitude and longitude difference file","/etc/passwd"]]',
        "+proj=longlat +geoidgrids = /etc/passwd",
    ],
)
def test_no_text_names_a_file_for_proj_to_open(text: str) -> None:
    with pytest.raises(crs.UnsupportedCRS, match="grid"):
        crs.parse_crs(text)


def test_the_null_grid_of_web_mercator_is_no_file() -> None:
    assert crs.parse_crs(CRS.from_epsg(3857).to_wkt("WKT1_GDAL")).srid == 3857


@pytest.mark.parametrize("srid", [4510, 4550, 4511, 4552, 4529, 4551, 4326, 3857, 32651, 2365])
@pytest.mark.parametrize("form", ["WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"])
def test_of_twins_the_one_that_is_named(srid: int, form: str) -> None:
    assert crs.parse_crs(CRS.from_epsg(srid).to_wkt(form)).srid == srid


def test_a_number_that_the_parameters_contradict_is_not_believed() -> None:
    wkt = CRS.from_epsg(4550).to_wkt("WKT1_GDAL")
    lying = wkt.replace('AUTHORITY["EPSG","4550"]', 'AUTHORITY["EPSG","4551"]')
    assert lying != wkt
    assert crs.parse_crs(lying).srid in {4510, 4550}
    assert crs.parse_crs(wkt.replace('["EPSG","4550"]', '["EPSG","999999"]')).srid in {4510, 4550}
