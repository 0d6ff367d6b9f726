"""Single sites that an inspector is asked to visit, and districts that are somebody's for a time."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from projects import assigning, evidence
from projects.assigning import Request
from projects.models import Assignment, District, Programme, Site, SiteAssignment
from projects.models.assignment import KEPT_DAYS
from projects.querysets import WorkArea
from tests.conftest import Cast
from tests.factories import bring_to, make_site, square, state
from tests.projects.sync.tablet import Tablet

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture
def site(parks: Programme) -> Site:
    """In the west, which is nobody's."""
    return make_site(parks, published=False)


@pytest.fixture
def asked(site: Site, cast: Cast) -> SiteAssignment:
    request = Request(TODAY(), TODAY() + 3 * DAY, "看东门")
    assigning.ask([site], cast.bob, request, by=cast.alice)
    return SiteAssignment.objects.get()


def own(cast: Cast) -> set[str]:
    return set(Site.objects.editable_by(cast.bob).values_list("code", flat=True))


def visit(site: Site, cast: Cast, days_ago: int = 0) -> None:
    evidence.add_inspection(site, by=cast.bob, at=timezone.now() - days_ago * DAY, note="到")


def test_a_site_that_he_is_asked_for_is_his_and_no_other(
    asked: SiteAssignment, cast: Cast, parks: Programme
) -> None:
    make_site(parks, "B", geom=square(123.7), published=False)
    assert own(cast) == {"A-1"}
    assert {one.code for one in Site.objects.visible_to(cast.bob)} == {"A-1"}
    assert not Site.objects.editable_by(cast.charlie).exists()


def test_it_goes_with_the_role(asked: SiteAssignment, cast: Cast) -> None:
    Assignment.objects.create(user=cast.bob, district=District.objects.get(code="230203"))
    cast.bob.role = "planner"
    cast.bob.save()
    assert own(cast) == set()


def test_asking_again_changes_the_days_and_makes_no_second_one(
    asked: SiteAssignment, site: Site, cast: Cast
) -> None:
    same = Request(asked.begins_on, asked.due_on, asked.note)
    assert assigning.ask([site], cast.bob, same, by=cast.alice) == assigning.Asked(0, 0)
    later = Request(TODAY(), TODAY() + 9 * DAY, "看西门")
    assert assigning.ask([site], cast.bob, later, by=cast.alice) == assigning.Asked(0, 1)
    found = SiteAssignment.objects.get()
    assert (found.due_on, found.note) == (later.due_on, "看西门")
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteAssignment.objects.create(user=cast.bob, site=site, begins_on=TODAY())


def test_every_word_of_it_is_in_the_site_s_trail(
    asked: SiteAssignment, site: Site, cast: Cast
) -> None:
    assigning.withdraw(asked, by=cast.alice)
    assert not assigning.withdraw(asked, by=cast.alice)
    entries = AuditEntry.objects.filter(kind="site", subject=str(site.pk)).order_by("sequence")
    told = [one.changed["asked"] for one in entries if "asked" in one.changed]
    words = f"bob · {asked.begins_on}/{asked.due_on} · 看东门"
    assert told == [[None, words], [words, None]]
    assert {one.actor for one in entries if "asked" in one.changed} == {"alice"}


def test_withdrawn_it_is_his_no_more(asked: SiteAssignment, cast: Cast) -> None:
    assigning.withdraw(asked, by=cast.alice)
    assert own(cast) == set()


def test_his_visit_answers_it_and_the_site_stays_for_a_while(
    asked: SiteAssignment, site: Site, cast: Cast
) -> None:
    visit(site, cast)
    asked.refresh_from_db()
    assert asked.inspection == site.inspections.get()
    assert not asked.is_open
    assert own(cast) == {"A-1"}
    SiteAssignment.objects.update(done_at=timezone.now() - (KEPT_DAYS + 1) * DAY)
    assert own(cast) == set()


@pytest.mark.parametrize(("days_ago", "who"), [(1, "bob"), (0, "charlie"), (0, "nobody")])
def test_another_s_visit_or_one_before_its_day_answers_nothing(
    asked: SiteAssignment, site: Site, cast: Cast, days_ago: int, who: str
) -> None:
    by = getattr(cast, who, None)
    evidence.add_inspection(site, by=by, at=timezone.now() - days_ago * DAY, note="到")
    asked.refresh_from_db()
    assert asked.is_open


def test_however_many_sites_the_queries_are_as_many(cast: Cast, parks: Programme) -> None:
    sites = [make_site(parks, f"Q-{n}", geom=square(123.5 + n / 40)) for n in range(12)]

    def queries(some: list[Site]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assigning.ask(some, cast.bob, Request(TODAY()), by=cast.alice)
        return len(captured)

    assert queries(sites[:2]) == queries(sites[2:])


# Districts and programmes for a time.


def assign(cast: Cast, begins: int | None, ends: int | None) -> None:
    days = [None if one is None else TODAY() + one * DAY for one in (begins, ends)]
    Assignment.objects.create(
        user=cast.bob, programme=Programme.objects.get(), begins_on=days[0], ends_on=days[1]
    )


@pytest.mark.parametrize(
    ("begins", "ends", "is_his"),
    [(None, None, True), (0, 0, True), (-3, None, True), (1, None, False), (None, -1, False)],
)
def test_a_programme_is_his_on_its_days(
    site: Site, cast: Cast, begins: int | None, ends: int | None, is_his: bool
) -> None:
    assign(cast, begins, ends)
    assert own(cast) == ({"A-1"} if is_his else set())
    assert WorkArea(cast.bob).covers(site.programme_id, None) == is_his


def test_a_planner_whose_assignments_have_ended_has_nothing_and_not_the_whole_city(
    site: Site, cast: Cast
) -> None:
    Assignment.objects.filter(user=cast.alice).update(ends_on=TODAY() - DAY)
    assert not Site.objects.editable_by(cast.alice).exists()
    assert not WorkArea(cast.alice).is_everywhere


# What the tablet learns of it.


def test_the_tablet_hears_of_it_with_its_next_changes_and_fetches_nothing_anew(
    site: Site, cast: Cast
) -> None:
    bob = Tablet(cast.bob)
    bob.pull()
    assigning.ask([site], cast.bob, Request(TODAY(), TODAY() + DAY, "拍照"), by=cast.alice)
    bob.pull()
    (found,) = bob.sites.values()
    assert found["asked"] == [
        {
            "by": "alice",
            "begins_on": str(TODAY()),
            "due_on": str(TODAY() + DAY),
            "note": "拍照",
        }
    ]
    result = bob.push_one(
        bob.write("inspection", {"site": [None, str(site.pk)], "note": [None, "x"]})
    )
    assert result["status"] == "applied"
    bob.pull()
    assert bob.sites[str(site.pk)]["asked"] == []


def test_withdrawn_the_site_is_gone_from_the_tablet(asked: SiteAssignment, cast: Cast) -> None:
    bob = Tablet(cast.bob)
    bob.pull()
    assert set(bob.sites) == {str(asked.site_id)}
    assigning.withdraw(asked, by=cast.alice)
    bob.pull()
    assert bob.sites == {}


def test_what_another_is_asked_for_is_not_told(
    asked: SiteAssignment, cast: Cast, parks: Programme
) -> None:
    Assignment.objects.create(user=cast.charlie, programme=parks)
    charlie = Tablet(cast.charlie)
    charlie.pull()
    assert charlie.sites[str(asked.site_id)]["asked"] == []


def test_when_only_time_takes_a_site_away_everything_is_fetched_anew(
    asked: SiteAssignment, site: Site, cast: Cast
) -> None:
    bob = Tablet(cast.bob)
    visit(site, cast)
    bob.pull()
    SiteAssignment.objects.update(done_at=timezone.now() - (KEPT_DAYS + 1) * DAY)
    assert bob.client.get(f"/api/sync/changes?cursor={bob.cursor}").status_code == 410
    bob.cursor, bob.sites = None, {}
    bob.pull()
    assert bob.sites == {}


def test_a_site_of_his_own_district_that_lapses_costs_no_fetching(
    asked: SiteAssignment, site: Site, cast: Cast, parks: Programme
) -> None:
    Assignment.objects.create(user=cast.bob, programme=parks)
    bob = Tablet(cast.bob)
    visit(site, cast)
    bob.pull()
    SiteAssignment.objects.update(done_at=timezone.now() - (KEPT_DAYS + 1) * DAY)
    assert bob.client.get(f"/api/sync/changes?cursor={bob.cursor}").status_code == 200


def test_a_district_that_ends_overnight_is_another_scope(site: Site, cast: Cast) -> None:
    assign(cast, None, 0)
    bob = Tablet(cast.bob)
    bob.pull()
    Assignment.objects.filter(user=cast.bob).update(ends_on=TODAY() - DAY)
    assert bob.client.get(f"/api/sync/changes?cursor={bob.cursor}").status_code == 410


def test_the_plain_list_begins_with_it_even_when_the_site_is_accepted(
    site: Site, cast: Cast, parks: Programme, client: Client
) -> None:
    bring_to(site, "started", "done")
    Site.objects.filter(pk=site.pk).update(state=state(parks, "accepted"))
    make_site(parks, "A-0", geom=square(123.7))
    Assignment.objects.create(user=cast.bob, programme=parks)
    client.force_login(cast.bob)
    assert "A-1" not in client.get("/field/plain/").content.decode()
    assigning.ask([site], cast.bob, Request(TODAY(), TODAY() + DAY, "再看一次"), by=cast.alice)
    page = client.get("/field/plain/").content.decode()
    assert "再看一次" in page
    assert page.index("演示·A-1") < page.index("演示·A-0")
