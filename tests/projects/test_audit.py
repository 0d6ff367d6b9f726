"""Each change of a site, a programme or an assignment enters the audit trail once, with old and new."""

import datetime as dt
import json
import shutil
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry.base import BaseGeometry

from accounts import audit_guards
from accounts.audit_check import verify
from accounts.models import AuditEntry
from gis_projects.http.problems import GeometryInvalid, Problem
from projects import editing
from projects.bulk.writer import create_sites
from projects.city.loading import load_city
from projects.evidence import NewPhoto, add_inspection, add_photo
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import DAY, bring_to, make_programme, make_site, picture, square, state

NOW = dt.datetime(2022, 6, 1, tzinfo=dt.UTC)
CITY = Path(__file__).resolve().parents[2] / "cities" / "qiqihar"


def entries(site: Site) -> list[AuditEntry]:
    found = AuditEntry.objects.filter(kind="site", subject=str(site.pk))
    return list(found.order_by("sequence"))


def last(kind: str) -> AuditEntry:
    entry = AuditEntry.objects.filter(kind=kind).first()
    assert entry is not None
    return entry


def place(text: str) -> BaseGeometry:
    return shapely.from_wkt(text)


def test_a_new_site_is_told_with_all_that_it_was_given(parks: Programme, cast: Cast) -> None:
    draft = editing.SiteDraft(
        code="A-1",
        name="演示·一",
        geom=square(),
        district=District.objects.get(code="230203"),
        investment=Decimal("12.50"),
        planned_start=DAY,
        attributes={"households": 7},
    )
    site = editing.create_site(parks, draft, by=cast.alice, on=DAY)
    (entry,) = entries(site)
    assert (entry.action, entry.actor, entry.label) == ("created", "alice", "A-1 演示·一")
    told = entry.changed
    assert place(told.pop("geom")[1]).equals_exact(square(), 0)
    assert told == {
        "programme": [None, "parks"],
        "state": [None, "planned"],
        "code": [None, "A-1"],
        "name": [None, "演示·一"],
        "district": [None, "230203"],
        "investment": [None, "12.50"],
        "planned_start": [None, "2022-05-01"],
        "progress": [None, 0],
        "published": [None, False],
        "is_demonstration": [None, False],
        "source_crs": [None, "EPSG:4326"],
        "attributes.households": [None, 7],
    }


def test_many_new_sites_are_told_as_one_would_be(parks: Programme, cast: Cast) -> None:
    wells = make_programme("wells")
    draft = editing.SiteDraft(
        code="A-1", name="演示", geom=square(), attributes={"system": "供热", "households": 2}
    )
    one = editing.create_site(parks, draft, by=cast.alice, on=DAY)
    create_sites(wells, [draft], by=cast.alice, on=DAY)
    (single,), (bulk,) = entries(one), entries(wells.sites.get())
    assert bulk.changed | {"programme": 0} == single.changed | {"programme": 0}
    assert (bulk.actor, bulk.label, bulk.action) == (single.actor, single.label, single.action)
    assert verify().sequence == AuditEntry.objects.count()


def test_a_change_tells_only_what_differs(parks: Programme) -> None:
    site = make_site(parks, attributes={"households": 3, "contact": "甲"})
    changes = {"name": "改名", "published": False, "district": None, "code": site.code}
    editing.update_site(site, changes, new_attributes={"households": 4, "system": "燃气"})
    entry = entries(site)[-1]
    assert entry.action == "updated"
    assert entry.changed == {
        "name": ["演示·A-1", "改名"],
        "published": [True, False],
        "district": ["230202", None],
        "attributes.households": [3, 4],
        "attributes.contact": ["甲", None],
        "attributes.system": [None, "燃气"],
    }


def test_a_moved_geometry_is_told_before_and_after_with_every_digit(parks: Programme) -> None:
    site = make_site(parks, geom=square())
    stored = editing.to_shapely(Site.objects.get().geom)
    there = square(123.612345678901234, 47.1, 0.02)
    editing.update_site(site, {}, geom=there)
    before, after = entries(site)[-1].changed["geom"]
    assert place(before).equals_exact(stored, 0)
    assert place(after).equals_exact(there, 0)


def test_a_save_that_changes_nothing_is_not_told(parks: Programme) -> None:
    site = make_site(parks)
    editing.update_site(site, {"name": site.name}, new_attributes=site.attributes)
    assert len(entries(site)) == 1


def test_a_step_tells_the_states_and_the_note(parks: Programme, cast: Cast) -> None:
    site = bring_to(make_site(parks), "started")
    editing.move_site(site, state(parks, "stopped"), by=cast.alice, on=DAY, note="冬季")
    entry = entries(site)[-1]
    assert (entry.action, entry.actor) == ("moved", "alice")
    assert entry.changed == {"state": ["started", "stopped"], "note": [None, "冬季"]}


def test_an_inspection_and_its_photograph(parks: Programme, cast: Cast) -> None:
    site = make_site(parks)
    photo = NewPhoto(data=picture(), role="before")
    visit = add_inspection(site, by=cast.bob, at=NOW, note="看过", progress=40, photos=[photo])
    taken, seen = entries(site)[-2:]
    assert (taken.action, taken.actor) == ("photographed", "bob")
    assert taken.changed["sha256"] == [None, site.photos.get().sha256]
    assert (seen.action, seen.actor) == ("inspected", "bob")
    assert seen.changed == {
        "inspection": [None, str(visit.pk)],
        "note": [None, "看过"],
        "progress": [0, 40],
    }
    add_photo(site, photo, by=cast.bob)
    add_inspection(site, by=cast.bob, at=NOW, inspection_id=visit.pk)
    assert len(entries(site)) == 3


def test_what_is_refused_leaves_no_entry(parks: Programme, cast: Cast) -> None:
    site = make_site(parks)
    count = AuditEntry.objects.count()
    with pytest.raises(GeometryInvalid):
        editing.update_site(site, {"name": "x"}, geom=square(10))
    with pytest.raises(Problem):
        editing.move_site(site, state(parks, "accepted"), by=None, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_site(parks)
    good = NewPhoto(data=picture(), role="before")
    with pytest.raises(Problem):
        add_inspection(
            site, by=cast.bob, at=NOW, photos=[good, NewPhoto(data=b"no picture", role="after")]
        )
    with pytest.raises(GeometryInvalid):
        drafts = [editing.SiteDraft(code=str(n), name="x", geom=square(n)) for n in (123.7, 10.0)]
        create_sites(parks, drafts, by=None, on=DAY)
    assert AuditEntry.objects.count() == count


def test_a_planner_s_save_tells_who_and_from_where(
    parks: Programme, client: Client, cast: Cast
) -> None:
    site = make_site(parks)
    client.force_login(cast.alice)
    form = {
        "code": "A-1",
        "name": "经页面",
        "progress": "5",
        "geometry": site.geom.geojson,
        "base_revision": "1",
    }
    response = client.post(f"/planner/sites/{site.pk}/", form, REMOTE_ADDR="10.1.2.3")
    assert response.status_code == 302
    entry = entries(site)[-1]
    assert (entry.actor, entry.address) == ("alice", "10.1.2.3")
    assert entry.request_id == response["X-Request-ID"]
    assert entry.changed["name"] == ["演示·A-1", "经页面"]


def test_an_assignment_given_changed_and_taken_away(
    parks: Programme, client: Client, cast: Cast
) -> None:
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    client.force_login(cast.dora)
    path = "/admin/projects/assignment/"
    client.post(f"{path}add/", {"user": cast.bob.pk, "programme": parks.pk})
    entry = last("assignment")
    assert (entry.action, entry.actor) == ("created", "dora")
    assert entry.changed == {"user": [None, "bob"], "programme": [None, "parks"]}
    one = Assignment.objects.get(user=cast.bob)
    client.post(f"{path}{one.pk}/change/", {"user": cast.charlie.pk, "programme": parks.pk})
    assert last("assignment").changed == {"user": ["bob", "charlie"]}
    ticked = {"action": "delete_selected", "_selected_action": one.pk, "post": "yes"}
    client.post(path, ticked)
    assert not Assignment.objects.filter(pk=one.pk).exists()
    assert last("assignment").action == "removed"
    assert last("assignment").changed["user"] == ["charlie", None]


def test_assignments_that_go_with_their_district_are_told(city: object, cast: Cast) -> None:
    district = District.objects.get(code="230203")
    Assignment.objects.create(user=cast.bob, district=district)
    district.delete()
    assert last("assignment").changed["district"] == ["230203", None]


def test_a_city_folder_that_changes_a_programme(tmp_path: Path, db: None) -> None:
    folder = tmp_path / "city"
    shutil.copytree(CITY, folder)
    load_city(folder)
    made = AuditEntry.objects.filter(kind="programme", action="created").count()
    assert made == Programme.objects.count() > 0
    load_city(folder)
    assert AuditEntry.objects.filter(kind="programme").count() == made
    file = folder / "programmes.yaml"
    text = file.read_text(encoding="utf-8")
    programme = Programme.objects.get(key="mine_restore")
    former = f"precision: {programme.precision}"
    start = text.index("key: mine_restore")
    assert former in text[start:]
    file.write_text(
        text[:start] + text[start:].replace(former, "precision: district", 1), encoding="utf-8"
    )
    load_city(folder, dry_run=True)
    assert AuditEntry.objects.filter(kind="programme").count() == made
    load_city(folder)
    entry = last("programme")
    assert (entry.action, entry.subject, entry.address) == ("updated", "mine_restore", "command")
    assert entry.changed == {"precision": [programme.precision, "district"]}


def test_an_import_gives_one_entry_for_each_site_and_a_dry_run_none(
    parks: Programme, tmp_path: Path
) -> None:
    file = tmp_path / "a.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"N-{number}", "name": f"演示{number}"},
            "geometry": shapely.geometry.mapping(square(123.6 + number / 50)),
        }
        for number in range(3)
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    call_command("import_sites", "parks", str(file), "--dry-run", verbosity=0)
    assert not AuditEntry.objects.filter(kind="site").exists()
    call_command("import_sites", "parks", str(file))
    assert AuditEntry.objects.filter(kind="site", action="created").count() == 3
    features[0]["properties"] = {"code": "N-0", "name": "改名"}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    call_command("import_sites", "parks", str(file))
    entry = last("site")
    assert (entry.action, entry.changed) == ("updated", {"name": ["演示0", "改名"]})
    assert AuditEntry.objects.filter(kind="site").count() == 4
    assert verify().sequence == AuditEntry.objects.count()


def test_what_the_trail_costs_a_change(parks: Programme) -> None:
    """The head of the chain, the row (on SQLite past Django's cursor, uncounted), and on PostgreSQL the lock."""
    site = make_site(parks)
    with CaptureQueriesContext(connection) as queries:
        editing.update_site(site, {"name": "改名"})
    ours = [query["sql"] for query in queries if "audit" in query["sql"]]
    assert len(ours) == (1 if connection.vendor == "sqlite" else 2)
    assert len(queries) <= 8


@pytest.fixture
def _guards_off_afterwards(transactional_db: None) -> Iterator[None]:
    """The database is emptied after the test, which the guards would refuse; migrate's signal restores them."""
    yield
    audit_guards.remove()


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_writers_of_every_kind_at_once_wait_for_each_other_and_end(
    parks: Programme, cast: Cast
) -> None:
    """Whoever held the chain while another held the city's revision would wait for ever: PostgreSQL ends one."""
    sites = [
        make_site(parks, f"A-{number}", geom=square(123.6 + number / 50)) for number in range(4)
    ]
    begin = threading.Barrier(len(sites))
    failures: list[Exception] = []

    def work(site: Site, number: int) -> None:
        begin.wait()
        try:
            for count in range(6):
                photo = NewPhoto(data=picture((8, 8 + count)), role="during")
                add_inspection(site, by=cast.bob, at=NOW, progress=count, photos=[photo])
                editing.update_site(site, {"name": f"{number}/{count}"}, by=cast.alice)
                draft = editing.SiteDraft(
                    code=f"B-{number}-{count}", name="x", geom=square(123.6), published=True
                )
                create_sites(parks, [draft], by=None, on=DAY)
        except Exception as error:  # noqa: BLE001  # told below, in the thread that can fail the test
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(site, number)) for number, site in enumerate(sites)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verify().sequence == AuditEntry.objects.count()
    assert AuditEntry.objects.filter(kind="site").count() == 4 + 4 * 6 * 4
