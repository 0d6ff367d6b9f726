"""Planners give inspectors districts and programmes, for a time, and only of what they work on themselves."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import make_site
from tests.projects.sync.tablet import Tablet

PAGE = "/planner/tasks/inspectors/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def west(parks: Programme) -> District:
    return District.objects.get(code="230202")


@pytest.fixture
def planner(cast: Cast, west: District) -> Client:
    """Of all programmes in the west."""
    Assignment.objects.filter(user=cast.alice).delete()
    Assignment.objects.create(user=cast.alice, district=west)
    client = Client(headers={"accept": "text/html"})
    client.force_login(cast.alice)
    return client


def test_a_district_is_given_and_the_tablet_follows(
    planner: Client, cast: Cast, west: District, parks: Programme
) -> None:
    site = make_site(parks, district=west)
    bob = Tablet(cast.bob)
    bob.pull()
    given = {"inspector": cast.bob.pk, "district": west.pk, "note": "替班"}
    assert planner.post(PAGE, given).status_code == 302
    assert bob.client.get(f"/api/sync/changes?cursor={bob.cursor}").status_code == 410
    assert list(Site.objects.editable_by(cast.bob)) == [site]
    entry = AuditEntry.objects.filter(kind="assignment").first()
    assert entry is not None
    assert (entry.actor, entry.changed["note"]) == ("alice", [None, "替班"])
    assert "替班" in planner.get(PAGE).content.decode()


def test_giving_it_again_gives_it_other_days(
    planner: Client, cast: Cast, west: District, parks: Programme
) -> None:
    today = timezone.localdate()
    given = {"inspector": cast.bob.pk, "district": west.pk, "programme": parks.pk}
    for ends in (today, today + 9 * DAY):
        assert planner.post(PAGE, {**given, "ends_on": ends}).status_code == 302
    assert Assignment.objects.get(user=cast.bob).ends_on == today + 9 * DAY


@pytest.mark.parametrize("what", ["another district", "all districts", "one who is no inspector"])
def test_what_a_planner_does_not_have_cannot_be_given(
    planner: Client, cast: Cast, west: District, what: str
) -> None:
    east = District.objects.get(code="230203")
    given: dict[str, Any] = {"inspector": cast.bob.pk, "district": west.pk}
    given |= {
        "another district": {"district": east.pk},
        "all districts": {"district": ""},
        "one who is no inspector": {"inspector": cast.dora.pk},
    }[what]
    assert planner.post(PAGE, given).status_code == 422
    assert not Assignment.objects.exclude(user=cast.alice).exists()


def test_the_end_must_not_lie_before_the_start(planner: Client, cast: Cast, west: District) -> None:
    given = {"inspector": cast.bob.pk, "district": west.pk}
    days = {"begins_on": "2026-05-02", "ends_on": "2026-05-01"}
    assert planner.post(PAGE, given | days).status_code == 422


def test_it_ends_with_today_or_goes_when_it_has_not_begun(
    planner: Client, cast: Cast, west: District, parks: Programme
) -> None:
    today = timezone.localdate()
    row = Assignment.objects.create(user=cast.bob, district=west)
    later = Assignment.objects.create(
        user=cast.bob, district=west, programme=parks, begins_on=today + DAY
    )
    page = planner.get(PAGE).content.decode()
    assert page.count("今日结束") == page.count("撤回<") == 1
    for one, said in ((row, "今日结束"), (later, "已撤回")):
        page = planner.post(f"{PAGE}{one.pk}/end/", follow=True).content.decode()
        assert said in page
    assert Assignment.objects.get(user=cast.bob).ends_on == today


def test_another_s_and_a_planner_s_own_cannot_be_ended(
    planner: Client, cast: Cast, west: District
) -> None:
    east = District.objects.get(code="230203")
    foreign = Assignment.objects.create(user=cast.bob, district=east)
    own = Assignment.objects.get(user=cast.alice)
    for row in (foreign, own):
        assert planner.post(f"{PAGE}{row.pk}/end/").status_code == 404
    assert not Assignment.objects.filter(ends_on__isnull=False).exists()


def test_however_many_inspectors_the_queries_are_as_many(
    planner: Client, cast: Cast, west: District
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert planner.get(PAGE).status_code == 200
        return len(captured)

    few = queries()
    for number in range(6):
        user = User.objects.create_user(f"i{number}", role=Role.INSPECTOR)
        Assignment.objects.create(user=user, district=west)
    assert queries() == few <= 14
