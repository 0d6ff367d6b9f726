"""Totals are made of sites; overlaps count once; every number on the board opens the sites that it counts."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import LineString

from gis_projects.geo import measure
from projects import rollup
from projects.evidence import NewPhoto, add_photo
from projects.models import District, Programme, Site, Target
from projects.rollup import TargetFigures
from tests.factories import bring_to, make_programme, make_site, make_target, picture, square


def figures(*targets: Target) -> list[TargetFigures]:
    return rollup.figures(targets, Site.objects.visible_to(AnonymousUser()))


def values(figure: TargetFigures) -> list[float]:
    return [stage.value for stage in figure.stages]


def accept(site: Site) -> Site:
    add_photo(site, NewPhoto(picture(), "after"), by=None)
    return bring_to(site, "started", "done", "accepted")


def test_a_count_has_four_stages(parks: Programme) -> None:
    for number in range(4):
        make_site(parks, f"A-{number}", geom=square(123.6 + number / 50))
    one, two, three, _four = Site.objects.order_by("code")
    bring_to(one, "started")
    bring_to(two, "started", "done")
    accept(three)
    [figure] = figures(make_target(parks))
    assert values(figure) == [4, 3, 2, 1]
    assert [stage.share for stage in figure.stages] == [1, 0.75, 0.5, 0.25]
    assert figure.is_kept is False


def test_overlapping_ground_counts_once(parks: Programme) -> None:
    one, two = square(123.6), square(123.605)
    make_site(parks, "A", geom=one, attributes={"claimed_mu": 1200.0})
    make_site(parks, "B", geom=two, attributes={"claimed_mu": 1300.0})
    make_site(parks, "C", geom=square(123.8))
    target = make_target(
        parks, kind="sum", measure="area", unit="亩", value=5000, value_field="claimed_mu"
    )
    [figure] = figures(target)
    together = measure.union_area_m2([one, two]) + measure.area_m2(square(123.8))
    assert values(figure)[0] == pytest.approx(measure.m2_to_mu(together), rel=1e-9)
    simple = sum(Site.objects.values_list("area_m2", flat=True))
    assert measure.mu_to_m2(values(figure)[0]) < simple * 0.9
    assert figure.claimed == 2500


def test_the_accepted_figure_is_that_of_accepted_sites(parks: Programme) -> None:
    accept(make_site(parks, "A", attributes={"accepted_mu": 900.0}))
    make_site(parks, "B", geom=square(123.8), attributes={"accepted_mu": 500.0})
    target = make_target(parks, measure="area", unit="亩", accepted_field="accepted_mu", kind="sum")
    [figure] = figures(target)
    assert figure.accepted == 900
    assert figure.claimed is None


def test_a_length_is_drawn_not_typed(pipes: Programme) -> None:
    line = LineString([(123.6, 47.1), (123.6, 47.2)])
    make_site(pipes, geom=line, attributes={"system": "供热"})
    total = make_target(pipes, "all", kind="sum", measure="length", unit="公里", value=10)
    gas = make_target(
        pipes, "gas", kind="sum", measure="length", unit="公里", value=5, where={"system": "燃气"}
    )
    of_all, of_gas = figures(total, gas)
    assert values(of_all)[0] == pytest.approx(measure.length_m(line) / 1000, rel=1e-9)
    assert values(of_gas) == [0, 0, 0, 0]


def test_households_are_summed_and_the_promise_is_kept(parks: Programme) -> None:
    for number, households in enumerate((120, 80)):
        accept(
            make_site(
                parks,
                f"A-{number}",
                geom=square(123.6 + number / 50),
                attributes={"households": households},
            )
        )
    target = make_target(
        parks, kind="sum", measure="households", unit="户", value=200, value_field="households"
    )
    [figure] = figures(target)
    assert values(figure) == [200, 200, 200, 200]
    assert figure.is_kept is True


def test_each_district_has_its_number(wells: Programme) -> None:
    east = District.objects.get(code="230203")
    make_site(wells, "A")
    make_site(wells, "B")
    target = make_target(wells, kind="per_unit", comparator="range", value=1, value_max=2)
    [figure] = figures(target)
    assert (figure.units_within, figure.units_total, figure.is_kept) == (1, 2, False)
    make_site(wells, "C", district=east)
    [figure] = figures(target)
    assert (figure.units_within, figure.is_kept) == (2, True)


def test_a_milestone_is_reached_at_its_state_or_beyond(wells: Programme) -> None:
    target = make_target(
        wells, kind="milestone", comparator="none", value=None, milestone_state="done"
    )
    site = bring_to(make_site(wells), "started")
    assert figures(target)[0].reached == 0
    bring_to(site, "done")
    [figure] = figures(target)
    assert (figure.reached, figure.is_kept) == (1, True)


def test_an_indicator_has_no_sites_and_says_so(city: object) -> None:
    [figure] = figures(make_target(None))
    assert figure.stages == []
    assert not figure.target.is_mapped


def test_the_number_of_queries_does_not_grow(parks: Programme) -> None:
    from django.db import connection

    targets = [make_target(parks, f"t{number}") for number in range(6)]
    for number in range(6):
        make_site(parks, f"A-{number}", geom=square(123.6 + number / 300))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        figures(*targets)
    assert len(captured) == 3


def test_every_number_on_the_board_opens_its_sites(
    parks: Programme, pipes: Programme, client: Client
) -> None:
    for number in range(3):
        make_site(parks, f"A-{number}", geom=square(123.6 + number / 50))
    bring_to(Site.objects.get(code="A-0"), "started")
    make_site(pipes, "L", attributes={"system": "燃气"})
    make_target(parks, "count")
    make_target(pipes, "gas", kind="sum", measure="length", unit="公里", where={"system": "燃气"})
    make_target(pipes, "heat", kind="sum", measure="length", unit="公里", where={"system": "供热"})
    page = client.get("/targets/").content.decode()
    links = re.findall(r'href="/\?target=(\w+)&amp;stage=(\w+)"', page)
    assert len(links) == 3 * 4
    expected = {
        stage: n
        for stage, n in zip(
            ("mapped", "started", "completed", "accepted"), (3, 1, 0, 0), strict=True
        )
    }
    for key, stage in links:
        assert client.get(f"/?target={key}&stage={stage}").status_code == 200
        data = client.get(f"/layers/sites/items.geojson?target={key}&stage={stage}").json()
        count = len(data["features"])
        if key == "count":
            assert count == expected[stage]
        else:
            assert count == (1 if key == "gas" and stage == "mapped" else 0)


def test_the_board_shows_what_is_not_mapped(parks: Programme, client: Client) -> None:
    make_target(parks, "here")
    make_target(None, "elsewhere", measure="", kind="ratio", unit="%", value=62, comparator="ge")
    page = client.get("/targets/").content.decode()
    assert "共 2 项目标：1 项在地图上有项目点，1 项为没有项目点的指标" in page
    assert "≥ 62 %" in page
    assert page.count('<span class="tag">未上图</span>') == 1
    assert "修复矿山四处" in page


def test_a_secret_programme_is_no_part_of_the_public_total(city: object) -> None:
    secret = make_programme("secret", published=False)
    make_site(secret)
    [figure] = figures(make_target(secret))
    assert values(figure) == [0, 0, 0, 0]
