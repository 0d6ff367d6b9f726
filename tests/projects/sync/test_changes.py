"""What changed is found, whoever wrote it, and what is nobody's business is not told."""

from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from projects import editing, evidence
from projects.bulk.removal import remove_sites
from projects.bulk.writer import create_sites
from projects.editing import SiteDraft
from projects.models import Assignment, District, Installation, Operation, Programme, Site
from projects.sync import changes
from tests.conftest import Cast
from tests.factories import DAY, make_programme, make_site, picture, square, state
from tests.projects.sync.tablet import Tablet


def test_everything_is_fetched_in_pages_and_then_only_what_is_new(
    bob: Tablet, parks: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "SITES_A_PAGE", 3)
    sites = [make_site(parks, f"P-{number}") for number in range(7)]
    pages = bob.pull()
    assert [len(page["sites"]) for page in pages[:3]] == [3, 3, 1]
    assert set(bob.sites) == {str(site.pk) for site in sites}
    assert bob.pull()[0]["sites"] == []
    editing.update_site(sites[4], {"progress": 70})
    (page,) = bob.pull()
    assert [(one["code"], one["progress"]) for one in page["sites"]] == [("P-4", 70)]


def test_a_document_is_enough_to_work_with(bob: Tablet, parks: Programme) -> None:
    district = District.objects.first()
    site = make_site(parks, district=district, attributes={"households": 3})
    evidence.add_inspection(
        site,
        by=bob.user,
        at=timezone.now(),
        note="第一次",
        photos=[evidence.NewPhoto(picture(), "before")],
    )
    bob.pull()
    found = bob.sites[str(site.pk)]
    assert found["geometry"]["type"] == "Polygon"
    assert (found["district"], found["state"], found["phase"]) == ("230202", "planned", "planned")
    assert found["attributes"] == {"households": 3}
    assert [visit["note"] for visit in found["visits"]] == ["第一次"]
    assert [photo["role"] for photo in found["photos"]] == ["before"]
    assert bob.client.get(found["photos"][0]["url"]).status_code == 200


def write_by_hand(site: Site) -> None:
    editing.update_site(site, {"name": "改名"})


def write_by_step(site: Site) -> None:
    editing.move_site(site, state(site.programme, "started"), by=None, on=DAY)


def write_by_visit(site: Site) -> None:
    evidence.add_inspection(site, by=None, at=timezone.now(), note="x")


def write_by_photograph(site: Site) -> None:
    evidence.add_photo(site, evidence.NewPhoto(picture(), "during"), by=None)


@pytest.mark.parametrize(
    "write", [write_by_hand, write_by_step, write_by_visit, write_by_photograph]
)
def test_every_writer_is_seen(bob: Tablet, site: Site, write: Any) -> None:
    bob.pull()
    write(site)
    pages = bob.pull()
    assert [one["id"] for page in pages for one in page["sites"]] == [str(site.pk)]


def test_an_import_is_seen(bob: Tablet, parks: Programme) -> None:
    bob.pull()
    drafts = [SiteDraft(code=f"B-{n}", name="批量", geom=square(123.5 + n / 50)) for n in range(5)]
    create_sites(parks, drafts, by=None, on=DAY)
    bob.pull()
    assert sorted(one["code"] for one in bob.sites.values()) == [f"B-{n}" for n in range(5)]


def test_a_site_that_is_removed_or_no_longer_ones_own_is_forgotten(
    cast: Cast, parks: Programme
) -> None:
    west, east = District.objects.order_by("code")
    Assignment.objects.create(user=cast.bob, district=west)
    bob = Tablet(cast.bob)
    stays, moves, goes = (make_site(parks, code, district=west) for code in ("S", "M", "G"))
    bob.pull()
    assert len(bob.sites) == 3
    editing.update_site(moves, {"district": east})
    with transaction.atomic():
        remove_sites(parks, [goes.pk], by=None, progress=lambda _count: None)
    pages = bob.pull()
    assert set(bob.sites) == {str(stays.pk)}
    assert {gone for page in pages for gone in page["gone"]} == {str(moves.pk), str(goes.pk)}


def test_other_peoples_sites_are_not_told(bob: Tablet, parks: Programme) -> None:
    other = make_site(make_programme("secret"), "S-1", name="机密")
    bob.pull()
    editing.update_site(other, {"name": "仍机密"})
    told = orjson.dumps(bob.pull()).decode()
    assert "机密" not in told
    assert "S-1" not in told


@pytest.mark.parametrize("change", ["scope", "epoch"])
def test_in_another_scope_or_life_everything_is_fetched_anew(
    bob: Tablet, site: Site, change: str
) -> None:
    bob.pull()
    if change == "scope":
        Assignment.objects.create(user=bob.user, district=District.objects.first())
    else:
        Installation.begin_epoch()
    response = bob.client.get(f"/api/sync/changes?cursor={bob.cursor}")
    assert response.status_code == 410
    found = orjson.loads(response.content)
    assert (found["type"], found["reason"]) == ("/problems/resync-needed", change)
    bob.cursor = None
    bob.pull()
    assert set(bob.sites) == {str(site.pk)}


@pytest.mark.parametrize("cursor", ["x", "a.b", "a.b.c", "a.b.1.2.3", "..", "é.é.é"])
def test_a_cursor_that_is_none_is_refused(bob: Tablet, cursor: str) -> None:
    response = bob.client.get("/api/sync/changes", {"cursor": cursor})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_what_the_office_decides_reaches_the_tablet_that_asked(bob: Tablet, site: Site) -> None:
    op = bob.write("site", {"name": ["a", "b"]}, target=site.pk)
    refused = bob.push_one(op)
    bob.pull()
    row = Operation.objects.get()
    audit.record(audit.Event(audit.Action.UPDATED, "operation", str(row.pk), "x", {"a": (1, 2)}))
    (page,) = bob.pull()
    assert [one["op_id"] for one in page["operations"]] == [refused["op_id"]]


def test_however_many_sites_the_queries_are_as_many(
    bob: Tablet, parks: Programme, django_assert_num_queries: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            bob.client.get("/api/sync/changes")
        return len(captured)

    make_site(parks, "Q-0")
    queries()
    few = queries()
    for number in range(1, 12):
        make_site(parks, f"Q-{number}")
    assert queries() == few <= 14


def test_reference_data_is_fetched_only_when_it_changed(bob: Tablet, parks: Programme) -> None:
    first = bob.client.get("/api/sync/reference")
    found = orjson.loads(first.content)
    assert [one["key"] for one in found["programmes"]] == ["parks"]
    (plain,) = found["workflows"]
    assert {step["target"] for step in plain["steps"] if step["requires_photo"]} == {"accepted"}
    again = bob.client.get("/api/sync/reference", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    parks.name = "别名"
    parks.save()
    again = bob.client.get("/api/sync/reference", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
