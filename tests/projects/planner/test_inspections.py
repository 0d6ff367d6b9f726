"""The calendar and the page of what lacks evidence: each number is that of the list which it opens."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import assigning, evidence
from projects.assigning import Request
from projects.evidence import NewPhoto
from projects.models import Assignment, District, Programme, Site
from projects.planner.inspections.month import Month
from tests.conftest import Cast
from tests.factories import bring_to, make_programme, make_site, picture, square

NOVEMBER = dt.date(2025, 11, 1)


def moment(day: int, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2025, 11, day, hour))


@pytest.fixture
def sites(parks: Programme, cast: Cast) -> list[Site]:
    """Three in the west, one in the east; visits on the 3rd (twice at one site), the 4th and the last night."""
    west, east = District.objects.order_by("code")
    found = [
        make_site(parks, f"K-{n}", district=west, geom=square(123.5 + n / 30)) for n in range(3)
    ]
    found.append(make_site(parks, "K-E", district=east, geom=square(124.2)))
    visits = [(0, cast.bob, moment(3)), (0, cast.charlie, moment(3, 15)), (1, cast.bob, moment(3))]
    visits += [(3, cast.bob, moment(4)), (2, cast.bob, moment(30, 23))]
    for at, who, when in visits:
        evidence.add_inspection(found[at], by=who, at=when, note=f"第{at}处")
    days = Request(dt.date(2025, 11, 10), dt.date(2025, 11, 20), "补拍")
    for who in (cast.bob, cast.charlie):
        assigning.ask(found[:2], who, days, by=cast.alice)
    return found


@pytest.fixture
def planner(cast: Cast) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(cast.alice)
    return client


def counts(page: str, kind: str) -> dict[str, int]:
    """Address → number, of the calendar's cells."""
    shape = rf'<a class="count {kind}[^"]*" href="([^"]+)"><span aria-hidden="true">\S (\d+)</span>'
    return {unescape(address): int(number) for address, number in re.findall(shape, page)}


def listed(planner: Client, address: str) -> int:
    found = re.search(r"<h1>[^<]*<small>(\d+)</small>", planner.get(address).content.decode())
    assert found is not None
    return int(found[1])


def test_each_number_opens_exactly_its_sites(planner: Client, sites: list[Site]) -> None:
    page = planner.get("/planner/inspections/?month=2025-11").content.decode()
    visited, due = counts(page, "visited"), counts(page, "due")
    assert list(visited.values()) == [2, 1, 1]
    assert list(due.values()) == [2]
    for address, number in (visited | due).items():
        assert listed(planner, address) == number, address
        items = planner.get(address.replace("/planner/", "/layers/sites/items.geojson"))
        assert len(items.json()["features"]) == number, address
    for address, number in re.findall(r'<li><a href="([^"]+)"[^>]*><b>(\d+)</b>', page):
        assert listed(planner, unescape(address)) == int(number), address


def test_it_is_narrowed_and_what_it_opens_as_well(planner: Client, sites: list[Site]) -> None:
    page = planner.get("/planner/inspections/?month=2025-11&inspector=charlie").content.decode()
    assert list(counts(page, "visited").values()) == [1]
    (address,) = counts(page, "visited")
    assert "inspector=charlie" in address
    assert listed(planner, address) == 1
    page = planner.get("/planner/inspections/?month=2025-11&district=230203").content.decode()
    assert list(counts(page, "visited").values()) == [1]
    assert counts(page, "due") == {}


def test_a_day_lists_its_visits_and_what_is_due(planner: Client, sites: list[Site]) -> None:
    page = planner.get("/planner/inspections/?day=2025-11-03").content.decode()
    assert page.count("第0处") == 2
    assert "第3处" not in page
    assert "补拍" in planner.get("/planner/inspections/?day=2025-11-20").content.decode()


def test_a_planner_counts_only_the_own_districts(
    planner: Client, sites: list[Site], cast: Cast
) -> None:
    Assignment.objects.filter(user=cast.alice).delete()
    Assignment.objects.create(user=cast.alice, district=District.objects.get(code="230203"))
    page = planner.get("/planner/inspections/?month=2025-11&day=2025-11-03").content.decode()
    assert list(counts(page, "visited").values()) == [1]
    assert "第0处" not in page


def test_an_empty_month_leads_to_the_last_visit(planner: Client, sites: list[Site]) -> None:
    page = planner.get("/planner/inspections/?month=2026-03").content.decode()
    assert "?day=2025-11-30" in page


@pytest.mark.parametrize(
    "query", ["month=2025", "month=2025-13", "month=0001-01", "day=x", "day=9999-12-31", "year=1"]
)
def test_what_it_cannot_read_is_refused(planner: Client, city: object, query: str) -> None:
    assert planner.get(f"/planner/inspections/?{query}").status_code == 400


def test_months_are_whole_weeks_from_monday(db: None) -> None:
    month = Month(NOVEMBER)
    weeks = month.weeks()
    assert {len(week) for week in weeks} == {7}
    assert weeks[0] == [None] * 5 + [dt.date(2025, 11, 1), dt.date(2025, 11, 2)]
    assert (month.last, str(month.previous), str(month.following)) == (
        dt.date(2025, 11, 30),
        "2025-10",
        "2025-12",
    )
    assert str(Month(dt.date(2025, 12, 1)).following) == "2026-01"


def test_however_many_visits_the_queries_are_as_many(
    planner: Client, sites: list[Site], cast: Cast
) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert planner.get(path).status_code == 200
        return len(captured)

    paths = ["/planner/inspections/?day=2025-11-03", "/planner/inspections/evidence/"]
    few = [queries(path) for path in paths]
    for hour in range(8, 20):
        evidence.add_inspection(sites[2], by=cast.bob, at=moment(3, hour), note="x")
    parks = sites[0].programme
    more = [make_site(parks, f"N-{n}", geom=square(123.5 + n / 40)) for n in range(6)]
    assigning.ask(more, cast.bob, Request(NOVEMBER, dt.date(2025, 11, 3)), by=cast.alice)
    assert [queries(path) for path in paths] == few == [15, 7]


# Without evidence.


@pytest.fixture
def bare(sites: list[Site]) -> list[Site]:
    """K-0 was pictured today, K-1 long ago, K-2 is finished with a picture from before; K-E has none; W-1 neither."""
    now = timezone.now()
    ages = {0: now, 1: now - dt.timedelta(days=45), 2: now}
    for at, when in ages.items():
        photo = NewPhoto(picture(colour=("red", "green", "blue")[at]), "before", taken_at=when)
        evidence.add_photo(sites[at], photo, by=None)
    bring_to(sites[2], "started", "done")
    wells = make_programme("wells", "Point")
    return [*sites, make_site(wells, "W-1")]


def test_what_lacks_evidence_is_counted_and_opened(planner: Client, bare: list[Site]) -> None:
    page = planner.get("/planner/inspections/evidence/").content.decode()
    figures = re.findall(r'<li><a href="([^"]+)"><b>(\d+)</b>', page)
    assert [int(number) for _address, number in figures] == [2, 3, 1]
    cells = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a>', page)
    assert len(cells) > 8
    for address, number in figures + cells:
        assert listed(planner, unescape(address)) == int(number), address
    page = planner.get("/planner/inspections/evidence/?days=60&programme=parks").content.decode()
    figures = re.findall(r'<li><a href="([^"]+)"><b>(\d+)</b>', page)
    assert [int(number) for _address, number in figures] == [1, 1, 1]
    for address, number in figures:
        assert listed(planner, unescape(address)) == int(number), address


def test_the_numbers_lead_to_the_map_an_export_and_asking(
    planner: Client, bare: list[Site]
) -> None:
    page = planner.get("/planner/inspections/evidence/").content.decode()
    for start in (
        "/?evidence=none",
        "/planner/export/choose/?evidence=none",
        "/planner/tasks/new/?evidence=none",
    ):
        assert f'href="{start}"' in page
        assert planner.get(start).status_code == 200
