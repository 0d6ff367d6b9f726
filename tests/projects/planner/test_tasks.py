"""A planner asks inspectors for visits, from one site's page and from a filtered list."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import assigning
from projects.assigning import Request
from projects.models import Assignment, City, District, Programme, Site, SiteAssignment
from tests.conftest import Cast
from tests.factories import make_site, square

DAY = dt.timedelta(days=1)


@pytest.fixture
def sites(parks: Programme) -> list[Site]:
    """Two in the west, one in the east."""
    west, east = District.objects.order_by("code")
    places = [(west, 123.6), (west, 123.7), (east, 124.1)]
    return [
        make_site(parks, f"T-{n}", district=district, geom=square(lon))
        for n, (district, lon) in enumerate(places)
    ]


@pytest.fixture
def planner(cast: Cast, city: City) -> Client:
    """Of the western district."""
    Assignment.objects.filter(user=cast.alice).delete()
    Assignment.objects.create(user=cast.alice, district=District.objects.get(code="230202"))
    client = Client(headers={"accept": "text/html"})
    client.force_login(cast.alice)
    return client


def form(cast: Cast, *sites: Site, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    values = {"inspector": cast.bob.pk, "begins_on": today, "due_on": today + DAY, "note": "看围挡"}
    return {**values, "sites": [site.pk for site in sites], **changes}


def test_many_at_once_from_a_filtered_list(planner: Client, cast: Cast, sites: list[Site]) -> None:
    page = planner.get("/planner/tasks/new/?programme=parks").content.decode()
    assert "T-0" in page
    assert "T-2" not in page
    response = planner.post("/planner/tasks/new/?programme=parks", form(cast, *sites[:2]))
    assert (response.status_code, response["Location"]) == (302, "/planner/tasks/")
    assert {row.site.code for row in SiteAssignment.objects.open()} == {"T-0", "T-1"}
    row = SiteAssignment.objects.first()
    assert row is not None
    assert (row.user, row.asked_by, row.note) == (cast.bob, cast.alice, "看围挡")
    page = planner.get("/planner/tasks/?inspector=bob&district=230202").content.decode()
    assert page.count("看围挡") == 2


def test_one_from_its_page_and_back_to_it(planner: Client, cast: Cast, sites: list[Site]) -> None:
    address = f"/planner/tasks/new/?site={sites[0].pk}"
    assert address in planner.get(f"/planner/sites/{sites[0].pk}/").content.decode()
    response = planner.post(address, form(cast, sites[0]))
    assert response["Location"] == f"/planner/sites/{sites[0].pk}/"
    page = planner.get(response["Location"]).content.decode()
    assert "看围挡" in page
    assert "巡查任务" in page


def test_what_another_district_has_can_neither_be_seen_nor_asked_for(
    planner: Client, cast: Cast, sites: list[Site]
) -> None:
    foreign = planner.get(f"/planner/tasks/new/?site={sites[2].pk}")
    nothing = planner.get(f"/planner/tasks/new/?site={uuid.uuid4()}")
    assert foreign.status_code == nothing.status_code == 404
    assert planner.post("/planner/tasks/new/", form(cast, sites[2])).status_code == 422
    planner.post("/planner/tasks/new/", form(cast, sites[0], sites[2]))
    assert [row.site for row in SiteAssignment.objects.all()] == [sites[0]]
    assigning.ask([sites[2]], cast.bob, Request(timezone.localdate()), by=cast.dora)
    row = SiteAssignment.objects.get(site=sites[2])
    assert "T-2" not in planner.get("/planner/tasks/").content.decode()
    assert planner.post("/planner/tasks/withdraw/", {"task": row.pk}).status_code == 404
    assert SiteAssignment.objects.get(pk=row.pk).is_open


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sites": []}, "至少选择一个"),
        ({"due_on": "2020-01-01"}, "结束"),
        ({"inspector": ""}, "必填"),
        ({"begins_on": "x"}, "日期"),
    ],
)
def test_what_is_lacking_is_said_and_the_ticks_are_kept(
    planner: Client, cast: Cast, sites: list[Site], change: dict[str, Any], word: str
) -> None:
    response = planner.post("/planner/tasks/new/", form(cast, sites[1]) | change)
    page = response.content.decode()
    assert response.status_code == 422
    assert word in page
    assert page.count(" checked") == len(change.get("sites", [1]))
    assert not SiteAssignment.objects.exists()


def test_only_inspectors_who_are_here_can_be_asked(
    planner: Client, cast: Cast, sites: list[Site]
) -> None:
    type(cast.charlie).objects.filter(pk=cast.charlie.pk).update(is_active=False)
    for who in (cast.alice, cast.dora, cast.charlie):
        response = planner.post("/planner/tasks/new/", form(cast, sites[0], inspector=who.pk))
        assert response.status_code == 422


@pytest.mark.parametrize("body", [{"sites": ["x"]}, {"sites": ["1"]}])
def test_no_number_of_a_site_is_refused(
    planner: Client, cast: Cast, sites: list[Site], body: dict[str, Any]
) -> None:
    assert planner.post("/planner/tasks/new/", form(cast) | body).status_code == 400


def test_chosen_ones_are_withdrawn(planner: Client, cast: Cast, sites: list[Site]) -> None:
    assigning.ask(sites[:2], cast.bob, Request(timezone.localdate()), by=cast.alice)
    first, second = SiteAssignment.objects.order_by("site__code")
    assert planner.post("/planner/tasks/withdraw/", {"task": [first.pk]}).status_code == 302
    assert planner.post("/planner/tasks/withdraw/", {"task": ["x"]}).status_code == 400
    assert list(SiteAssignment.objects.open()) == [second]
    assert "T-0" in planner.get("/planner/tasks/?show=withdrawn").content.decode()


def test_however_many_the_queries_are_as_many(
    planner: Client, cast: Cast, parks: Programme, sites: list[Site]
) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert planner.get(path).status_code == 200
        return len(captured)

    paths = ("/planner/tasks/", "/planner/tasks/new/")
    assigning.ask(sites[:1], cast.bob, Request(timezone.localdate()), by=cast.alice)
    few = [queries(path) for path in paths]
    more = [make_site(parks, f"M-{n}", geom=square(123.5 + n / 40)) for n in range(8)]
    assigning.ask(more, cast.bob, Request(timezone.localdate()), by=cast.alice)
    assert [queries(path) for path in paths] == few
    assert max(few) <= 14, few
