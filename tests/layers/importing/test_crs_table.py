"""Every CRS that data of this city come in, with a .prj that is right, missing or wrong, all over the city."""

from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import parse_crs, transform
from layers.importing.crs_guess import Bounds, Decision, decide, turned
from layers.importing.handling import Handling
from layers.importing.problems import Code
from layers.importing.staging import StagedRow, opened, stage
from tests.layers.importing.samples import shapefile

CITY = BBox(122.4, 45.7, 126.8, 49.0)
DEGREES = [4490, 4326]
PREFIXED = [4529, 4530, 4499, 4500]  # three and six degrees: 41, 42, 21, 22 before the easting
PLAIN = [4550, 4551, 4510, 4511, 32651, 32652]
FORMS = [*DEGREES, *PREFIXED, *PLAIN, 3857]
# Xian 80, Beijing 54, New Beijing: geographic, three and six degrees, with and without prefix.
NULL_DATUMS = [4610, 2365, 2366, 2386, 2387, 2334, 2345, 4214, 2417, 2418, 2438, 2439, 21421, 4555]
NAMES_BY_ESRI = {
    4490: "GCS_China_Geodetic_Coordinate_System_2000",
    4529: "CGCS2000_3_Degree_GK_Zone_41",
    4530: "CGCS2000_3_Degree_GK_Zone_42",
    4550: "CGCS2000_3_Degree_GK_CM_123E",
    4551: "CGCS2000_3_Degree_GK_CM_126E",
    4499: "CGCS2000_GK_Zone_21",
    4510: "CGCS2000_GK_CM_123E",
    4326: "GCS_WGS_1984",
    32651: "WGS_1984_UTM_Zone_51N",
    3857: "WGS_1984_Web_Mercator_Auxiliary_Sphere",
}
PLACES = st.builds(
    lambda lon, lat: box(lon, lat, lon + 0.01, lat + 0.01),
    st.floats(CITY.west, CITY.east - 0.01),
    st.floats(CITY.south, CITY.north - 0.01),
)
few = settings(max_examples=25, deadline=None)


def bounds_in(srid: int, place: BaseGeometry) -> Bounds:
    west, south, east, north = transform(place, 4326, srid).bounds
    return west, south, east, north


def is_home(crs: int, bounds: Bounds, place: BaseGeometry) -> bool:
    """Whether these numbers, in this CRS, are the place: a box in one CRS is a little larger in another."""
    return bool(transform(box(*bounds), crs).buffer(0.002).contains(place)) and (
        transform(box(*bounds), crs).centroid.distance(place.centroid) < 0.002
    )


def assert_not_wrong_unasked(decision: Decision, bounds: Bounds, place: BaseGeometry) -> None:
    """Decided rightly, or asked with the right one among what is offered; each guess is told."""
    told = {problem.code for problem in decision.problems}
    if decision.crs is not None:
        assert is_home(decision.crs.srid or 0, bounds, place)
        assert Code.CRS_GUESSED in told
    else:
        assert Code.AMBIGUOUS_CRS in told
        assert any(is_home(one.srid or 0, bounds, place) for one in decision.candidates)


@pytest.mark.parametrize("form", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
@pytest.mark.parametrize("srid", FORMS)
@few
@given(place=PLACES)
def test_a_right_prj_in_any_dialect(srid: int, form: str, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    decision = decide(CRS.from_epsg(srid).to_wkt(form), bounds, CITY)
    assert decision.crs is not None
    assert decision.decided_by == "stated"
    assert decision.crs.srid == srid
    assert not decision.swapped
    assert not decision.problems


@pytest.mark.parametrize("srid", NAMES_BY_ESRI)
def test_the_spelling_is_esris(srid: int) -> None:
    wkt = CRS.from_epsg(srid).to_wkt("WKT1_ESRI")
    assert f'"{NAMES_BY_ESRI[srid]}"' in wkt
    assert parse_crs(wkt).srid == srid


@pytest.mark.parametrize("srid", [4529, 4530, 4550, 4551, 4499, 4500, 4511])
def test_a_zone_under_a_name_of_ones_own_is_known_by_its_parameters(srid: int) -> None:
    wkt = CRS.from_epsg(srid).to_wkt("WKT1_ESRI")
    named = wkt.replace(wkt.split('"')[1], "齐齐哈尔市规划坐标", 1)
    found = parse_crs(named).srid
    assert found is not None
    place = box(124.0, 47.0, 124.01, 47.01)
    assert is_home(found, bounds_in(srid, place), place)


@pytest.mark.parametrize("srid", [*DEGREES, *PREFIXED, 3857])
@few
@given(place=PLACES)
def test_no_prj_and_numbers_that_tell(srid: int, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    decision = decide(None, bounds, CITY)
    assert decision.crs is not None
    assert decision.crs.srid == (4490 if srid in DEGREES else srid)
    assert [one.code for one in decision.problems] == [Code.CRS_GUESSED]


@pytest.mark.parametrize("srid", PLAIN)
@few
@given(place=PLACES)
def test_no_prj_and_numbers_that_may_not_tell(srid: int, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    assert_not_wrong_unasked(decide(None, bounds, CITY), bounds, place)


@pytest.mark.parametrize("srid", FORMS)
@few
@given(place=PLACES)
def test_no_prj_and_the_northing_first(srid: int, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    decision = decide(None, turned(bounds), CITY)
    assert decision.swapped
    assert Code.AXES_SWAPPED in {one.code for one in decision.problems}
    assert_not_wrong_unasked(decision, bounds, place)


@pytest.mark.parametrize("srid", FORMS)
@few
@given(place=PLACES)
def test_a_right_prj_and_the_northing_first(srid: int, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    decision = decide(parse_crs(srid).wkt, turned(bounds), CITY)
    assert decision.crs is not None
    assert decision.crs.srid == srid
    assert decision.swapped
    assert [one.code for one in decision.problems] == [Code.AXES_SWAPPED]


@pytest.mark.parametrize("stated", FORMS)
@pytest.mark.parametrize("srid", FORMS)
@settings(max_examples=8, deadline=None)
@given(place=PLACES)
def test_a_wrong_prj_moves_nothing_out_of_the_city_in_silence(
    srid: int, stated: int, place: BaseGeometry
) -> None:
    """Where the stated CRS brings the numbers into the city as well, nobody can know better.

    Where it brings them beside it they may be a neighbour's, and it is said what else fits; else it is refused.
    """
    bounds = bounds_in(srid, place)
    decision = decide(parse_crs(stated).wkt, bounds, CITY)
    if decision.crs is not None:
        assert decision.crs.srid == stated
        found = transform(box(*(turned(bounds) if decision.swapped else bounds)), stated)
        if CITY.expand(0.25).to_polygon().contains(found):
            return
        assert [one.code for one in decision.problems] == [Code.OTHER_CRS_FITS]
    else:
        assert [one.code for one in decision.problems] == [Code.WRONG_CRS]
    assert any(is_home(one.srid or 0, bounds, place) for one in decision.candidates)


@pytest.mark.parametrize("srid", NULL_DATUMS)
@few
@given(place=PLACES)
def test_a_datum_without_parameters_wherever_it_is(srid: int, place: BaseGeometry) -> None:
    bounds = bounds_in(srid, place)
    for wkt in (parse_crs(srid).wkt, CRS.from_epsg(srid).to_wkt("WKT1_ESRI")):
        refused = decide(wkt, bounds, CITY)
        assert refused.crs is None
        assert [one.code for one in refused.problems] == [Code.NULL_DATUM_CRS]
        taken = decide(wkt, bounds, CITY, handling=Handling(accept_datum=True))
        assert taken.crs is not None
        assert taken.crs.null_datum
        assert [one.code for one in taken.problems] == [Code.DATUM_ACCEPTED]


@pytest.mark.parametrize("srid", FORMS)
@pytest.mark.parametrize("prj", ["right", "missing", "nonsense"])
@pytest.mark.parametrize("is_turned", [False, True])
def test_the_whole_way_of_a_shapefile(tmp_path: Path, srid: int, prj: str, is_turned: bool) -> None:
    place = box(123.2, 47.3, 123.21, 47.31)
    corners = list(transform(place, 4326, srid).exterior.coords)
    ring = [(y, x) if is_turned else (x, y) for x, y in corners]
    stated = {"right": srid, "missing": None, "nonsense": "<html>404</html>"}[prj]
    chosen = None if prj == "right" or srid not in PLAIN else srid
    path = shapefile(tmp_path, [ring], crs=stated)
    with opened([path]) as source:
        found = list(stage(source, kinds={"Polygon"}, bbox=CITY, crs=chosen))
    (row,) = [one for one in found if isinstance(one, StagedRow)]
    assert shapely.hausdorff_distance(row.geometry, place) < 1e-8
