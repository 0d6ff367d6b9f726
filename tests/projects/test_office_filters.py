"""What was visited, what is asked for, what lacks photographs: the same sites in the list and on the map."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from projects import assigning, evidence
from projects.assigning import Request
from projects.evidence import NewPhoto
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import bring_to, make_site, picture, square

DAY = dt.timedelta(days=1)
ITEMS = "/layers/sites/items.geojson"


def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def sites(parks: Programme, cast: Cast) -> dict[str, Site]:
    """fresh: pictured and visited by bob today; old: pictured long ago; bare: asked of bob; done: finished."""
    names = ("fresh", "old", "bare", "done")
    found = {
        name: make_site(parks, name, geom=square(123.5 + n / 30)) for n, name in enumerate(names)
    }
    now = timezone.now()
    photos = {
        "fresh": NewPhoto(picture(), "during", taken_at=now),
        "old": NewPhoto(picture(colour="red"), "before", taken_at=now - 40 * DAY),
        "done": NewPhoto(picture(colour="blue"), "before", taken_at=now),
    }
    for name, photo in photos.items():
        evidence.add_photo(found[name], photo, by=None)
    bring_to(found["done"], "started", "done")
    evidence.add_inspection(found["fresh"], by=cast.bob, at=now, note="x")
    evidence.add_inspection(found["old"], by=cast.charlie, at=now - 40 * DAY, note="x")
    assigning.ask([found["bare"]], cast.bob, Request(today(), today() + 2 * DAY), by=cast.alice)
    return found


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("evidence=none", {"bare"}),
        ("evidence=stale", {"old", "bare"}),
        ("evidence=stale&days=50", {"bare"}),
        ("evidence=finished", {"done"}),
        ("visited={today}", {"fresh"}),
        ("visited=../{today}", {"fresh", "old"}),
        ("visited=2020-01-01/{yesterday}", {"old"}),
        ("visited=../{today}&inspector=charlie", {"old"}),
        ("inspector=bob", {"fresh"}),
        ("due=open", {"bare"}),
        ("due=open&inspector=charlie", set()),
        ("due={in_two_days}", {"bare"}),
        ("due={today}/{in_two_days}", {"bare"}),
        ("due={today}", set()),
        ("due=late", set()),
    ],
)
def test_list_map_and_export_agree(
    sites: dict[str, Site], cast: Cast, client: Client, query: str, codes: set[str]
) -> None:
    day = {"today": today(), "yesterday": today() - DAY, "in_two_days": today() + 2 * DAY}
    query = query.format(**day)
    client.force_login(cast.alice)
    drawn = client.get(f"{ITEMS}?{query}").json()["features"]
    assert {one["properties"]["code"] for one in drawn} == codes
    page = client.get(f"/planner/?{query}").content.decode()
    assert {name for name in sites if f"<td>{name}</td>" in page} == codes
    assert f"{len(codes)}" in client.get(f"/planner/export/choose/?{query}").content.decode()
    home = client.get(f"/?{query}").content.decode()
    assert "target-note" in home


def test_a_late_one_is_found_as_late(sites: dict[str, Site], cast: Cast, client: Client) -> None:
    late = Request(today() - 5 * DAY, today() - DAY)
    assigning.ask([sites["old"]], cast.bob, late, by=cast.alice)
    client.force_login(cast.alice)
    found = client.get(f"{ITEMS}?due=late").json()["features"]
    assert [one["properties"]["code"] for one in found] == ["old"]


@pytest.mark.parametrize(
    "query",
    ["visited=x", "visited=2026-02-30", "due=2026-1", "evidence=x", "days=0&evidence=stale"],
)
def test_what_it_cannot_read_is_refused(
    sites: dict[str, Site], cast: Cast, client: Client, query: str
) -> None:
    client.force_login(cast.alice)
    for path in (ITEMS, "/planner/"):
        assert client.get(f"{path}?{query}").status_code == 400, path


@pytest.mark.parametrize(
    "query", ["visited=2026-01-01", "inspector=bob", "due=open", "evidence=none", "days=3"]
)
def test_the_public_may_not_ask(sites: dict[str, Site], client: Client, query: str) -> None:
    for path in (ITEMS, "/"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400, path


def test_what_is_public_elsewhere_says_nothing_of_who_was_there(
    sites: dict[str, Site], cast: Cast, client: Client
) -> None:
    """A planner of another district sees the published sites, and nothing of the work at them."""
    Assignment.objects.filter(user=cast.alice).delete()
    Assignment.objects.create(user=cast.alice, district=District.objects.get(code="230203"))
    client.force_login(cast.alice)
    assert len(client.get(ITEMS).json()["features"]) == 4
    assert client.get(f"{ITEMS}?inspector=bob").json()["features"] == []
