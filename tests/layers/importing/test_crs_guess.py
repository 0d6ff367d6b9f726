"""Which CRS: stated, chosen, told by the numbers, or asked for; never a silent guess."""

import pytest
from shapely.geometry import box

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import parse_crs, transform
from layers.importing.crs_guess import Bounds, candidates, decide
from layers.importing.problems import Code

PLACE = box(123.9, 47.3, 124.0, 47.4)


def in_crs(srid: int) -> Bounds:
    west, south, east, north = transform(PLACE, 4326, srid).bounds
    return west, south, east, north


@pytest.mark.parametrize("srid", [4528, 4529, 4530, 4499])
def test_it_reads_a_zone_from_prefixed_eastings(city: BBox, srid: int) -> None:
    decision = decide(None, in_crs(srid), city)
    assert decision.crs is not None
    assert decision.crs.srid == srid
    assert [p.code for p in decision.problems] == [Code.CRS_GUESSED]
    assert not decision.problems[0].is_error


def test_it_takes_degrees_over_the_city_for_cgcs2000(city: BBox) -> None:
    decision = decide(None, in_crs(4326), city)
    assert decision.crs is not None
    assert decision.crs.srid == 4490
    assert decision.decided_by == "numbers"


def test_it_asks_when_eastings_have_no_prefix(city: BBox) -> None:
    decision = decide(None, in_crs(4550), city)
    assert decision.crs is None
    assert [p.code for p in decision.problems] == [Code.AMBIGUOUS_CRS]
    offered = {info.srid for info in decision.candidates}
    assert 4550 in offered
    assert len(offered) > 1
    assert "4550" in decision.problems[0].sentence()


def test_it_warns_when_one_meridian_alone_brings_eastings_into_the_city(city: BBox) -> None:
    decision = decide(None, in_crs(4551), city)
    assert decision.crs is not None
    assert decision.crs.srid == 4551
    assert [p.code for p in decision.problems] == [Code.CRS_GUESSED]


def test_it_offers_both_meridians_where_they_overlap(city: BBox) -> None:
    bounds = (480_000.0, 5_240_000.0, 481_000.0, 5_241_000.0)
    offered = [info.srid for info in candidates(bounds, city)]
    assert {4550, 4551} <= set(offered)
    asked = decide(None, bounds, city).problems[0]
    assert asked.code is Code.AMBIGUOUS_CRS
    assert 225 <= int(str(asked.params["km"])) <= 228
    assert f"{asked.params['km']} km apart" in asked.sentence()


@pytest.mark.parametrize(
    "bounds", [None, (0.0, 0.0, 1.0, 1.0), (1e7, 1e7, 2e7, 2e7), (float("nan"),) * 4]
)
def test_it_asks_when_the_numbers_fit_nothing(city: BBox, bounds: Bounds | None) -> None:
    decision = decide(None, bounds, city)
    assert decision.crs is None
    assert decision.problems[0].code is Code.UNKNOWN_CRS


def test_it_believes_what_is_stated(city: BBox) -> None:
    decision = decide(parse_crs(4550).wkt, in_crs(4550), city)
    assert decision.crs is not None
    assert (decision.crs.srid, decision.decided_by) == (4550, "stated")
    assert not decision.problems


def test_it_lets_a_person_decide(city: BBox) -> None:
    decision = decide(parse_crs(4551).wkt, in_crs(4550), city, chosen="4550")
    assert decision.crs is not None
    assert (decision.crs.srid, decision.decided_by) == (4550, "chosen")


def test_it_refuses_a_choice_that_is_no_crs(city: BBox) -> None:
    decision = decide(None, in_crs(4550), city, chosen="klingon")
    assert decision.crs is None
    assert decision.problems[0].code is Code.UNKNOWN_CRS


@pytest.mark.parametrize("srid", [4610, 4214, 2365, 2436])
def test_it_refuses_datums_whose_parameters_are_not_public(city: BBox, srid: int) -> None:
    for stated, chosen in [(parse_crs(srid).wkt, None), (None, srid)]:
        decision = decide(stated, None, city, chosen=chosen)
        assert decision.crs is None
        assert decision.problems[0].code is Code.NULL_DATUM_CRS
        assert "90 m" in decision.problems[0].sentence()


def test_it_refuses_degrees_that_are_none_and_offers_what_fits(city: BBox) -> None:
    decision = decide(parse_crs(4490).wkt, in_crs(4529), city)
    assert decision.crs is None
    assert decision.problems[0].code is Code.WRONG_CRS
    assert [info.srid for info in decision.candidates] == [4529]


def test_it_falls_back_on_numbers_when_the_prj_is_nonsense(city: BBox) -> None:
    decision = decide("<html>", in_crs(4529), city)
    assert decision.crs is not None
    assert decision.crs.srid == 4529


def test_it_serves_another_city_without_a_change() -> None:
    chengdu = BBox(102.9, 30.0, 105.0, 31.5)
    there = transform(box(104.0, 30.6, 104.1, 30.7), 4326, 4523).bounds
    decision = decide(None, there, chengdu)
    assert decision.crs is not None
    assert decision.crs.srid == 4523
