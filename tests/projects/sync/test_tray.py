"""What waits for the office: each decided once, audited, and none thrown away."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.test import Client
from shapely.geometry import shape

from accounts.models import AuditEntry
from projects import editing
from projects.bulk.removal import remove_sites
from projects.models import (
    Assignment,
    Device,
    District,
    Inspection,
    Operation,
    Programme,
    Site,
)
from projects.planner.tray import reasons
from projects.sync.fields import geometry_version
from tests.conftest import Cast
from tests.factories import bring_to, make_site, square
from tests.projects.sync.tablet import Tablet, target

TRIANGLE = {
    "type": "Polygon",
    "coordinates": [[[123.7, 47.2], [123.71, 47.2], [123.71, 47.21], [123.7, 47.2]]],
}


@pytest.fixture
def conflict(bob: Tablet, site: Site) -> Operation:
    """Bob says 60 and 9 households where somebody has written 40 and 5 since."""
    op = bob.write(
        "site", {"progress": [0, 60], "attributes.households": [None, 9]}, target=site.pk
    )
    editing.update_site(site, {"progress": 40}, new_attributes={"households": 5})
    bob.push_one(op)
    return Operation.objects.get()


def decide(office: Client, row: Operation, decision: str, **values: Any) -> Any:
    return office.post(f"/planner/tray/{row.pk}/decide/", {"decision": decision, **values})


def test_the_list_says_what_waits_and_why(office: Client, conflict: Operation) -> None:
    page = office.get("/planner/tray/").content.decode()
    assert "他人修改了相同的字段" in page
    assert f"/planner/tray/{conflict.pk}/" in page
    assert office.get("/planner/tray/?state=proposed").content.decode().count("<tr>") == 2


def test_a_record_shows_the_three_values_of_each_field(office: Client, conflict: Operation) -> None:
    page = office.get(f"/planner/tray/{conflict.pk}/").content.decode()
    for word in ("户数", "5 户", "9 户", "40", "60"):
        assert word in page


def test_field_by_field_the_office_chooses(
    office: Client, bob: Tablet, conflict: Operation, site: Site
) -> None:
    bob.pull()
    site.refresh_from_db()
    chosen = {"field-progress": "mine", "field-attributes.households": "theirs"}
    response = decide(office, conflict, "resolve", revision=site.revision, **chosen)
    assert response.status_code == 302
    site.refresh_from_db()
    conflict.refresh_from_db()
    assert (site.progress, site.attributes["households"]) == (60, 5)
    assert (conflict.decision, conflict.settled_by) == ("mixed", office_user(office))
    entry = AuditEntry.objects.get(kind="operation")
    assert entry.changed["decision"] == [None, "mixed"]
    told = [one for page in bob.pull() for one in page["operations"]]
    assert [(one["op_id"], one["decision"]) for one in told] == [(str(conflict.operation), "mixed")]
    assert office.get(f"/planner/tray/{conflict.pk}/").status_code == 404


def office_user(client: Client) -> Any:
    from accounts.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


def test_a_site_that_moved_on_while_somebody_looked_is_looked_at_again(
    office: Client, conflict: Operation, site: Site
) -> None:
    site.refresh_from_db()
    seen = site.revision
    editing.update_site(site, {"progress": 45})
    chosen = {"field-progress": "mine", "field-attributes.households": "mine"}
    response = decide(office, conflict, "resolve", revision=seen, **chosen)
    assert response.status_code == 409
    site.refresh_from_db()
    conflict.refresh_from_db()
    assert (site.progress, conflict.settled_at) == (45, None)


def test_each_field_must_be_chosen(office: Client, conflict: Operation, site: Site) -> None:
    response = decide(office, conflict, "resolve", revision=3, **{"field-progress": "mine"})
    assert response.status_code == 422
    conflict.refresh_from_db()
    assert conflict.settled_at is None


@pytest.mark.parametrize("decision", ["", "nonsense", "accept-all"])
def test_a_decision_that_is_none_is_refused(
    office: Client, conflict: Operation, decision: str
) -> None:
    assert decide(office, conflict, decision).status_code == 400


def test_a_proposed_site_is_registered_under_the_tablets_number(
    office: Client, bob: Tablet, parks: Programme
) -> None:
    op = bob.write(
        "proposal",
        {
            "programme": [None, "parks"],
            "name": [None, "新绿地"],
            "geom": [None, TRIANGLE],
            "attributes.households": [None, 3],
        },
    )
    bob.push_one(op)
    row = Operation.objects.get()
    assert "新绿地" in office.get(f"/planner/tray/{row.pk}/").content.decode()
    assert decide(office, row, "accept", code="", name="x").status_code == 422
    district = District.objects.get(code="230202")
    page = office.get(f"/planner/tray/{row.pk}/").content.decode()
    assert f'<option value="{district.pk}" selected>' in page
    assert 'name="attr-households" value="3"' in page
    given = {"code": "P-9", "name": "新绿地公园", "district": district.pk, "attr-households": 3}
    response = decide(office, row, "accept", **given)
    assert response.status_code == 302
    site = Site.objects.get(pk=target(op))
    assert (site.code, site.district, site.attributes) == ("P-9", district, {"households": 3})
    bob.pull()
    assert str(site.pk) in bob.sites


def test_a_code_that_is_taken_is_said(office: Client, bob: Tablet, site: Site) -> None:
    bob.push_one(bob.write("proposal", {"programme": [None, "parks"], "geom": [None, TRIANGLE]}))
    row = Operation.objects.get()
    response = decide(office, row, "accept", code=site.code, name="x")
    assert response.status_code == 409
    assert "代码" in response.content.decode() or "编号" in response.content.decode()


def test_an_inspectors_outline_is_taken_over(office: Client, bob: Tablet, site: Site) -> None:
    before = geometry_version(site)
    bob.push_one(bob.write("site", {"geom": [before, TRIANGLE]}, target=site.pk))
    row = Operation.objects.get()
    assert "history-shapes" in office.get(f"/planner/tray/{row.pk}/").content.decode()
    assert decide(office, row, "accept").status_code == 302
    site.refresh_from_db()
    assert geometry_version(site) != before
    assert site.area_m2 == pytest.approx(419_000, rel=0.01)


def test_what_its_author_may_not_the_office_may_let_through(
    office: Client, bob: Tablet, site: Site
) -> None:
    op = bob.write("inspection", {"site": [None, str(site.pk)], "note": [None, "撤权之前"]})
    Assignment.objects.filter(user=bob.user).delete()
    bob.push_one(op)
    assert decide(office, Operation.objects.get(), "apply").status_code == 302
    found = Inspection.objects.get()
    assert (found.note, found.inspector) == ("撤权之前", bob.user)


def test_what_cannot_be_applied_stays_with_its_reason(
    office: Client, bob: Tablet, site: Site
) -> None:
    bob.push_one(bob.write("site", {"progress": [0, 500]}, target=site.pk))
    row = Operation.objects.get()
    response = decide(office, row, "apply")
    assert response.status_code == 409
    row.refresh_from_db()
    assert row.settled_at is None


def test_a_removed_site_comes_back_with_what_was_recorded_of_it(
    office: Client, bob: Tablet, parks: Programme
) -> None:
    site = bring_to(make_site(parks, attributes={"households": 4}), "started")
    op = bob.write("inspection", {"site": [None, str(site.pk)], "note": [None, "还在"]})
    with transaction.atomic():
        remove_sites(parks, [site.pk], by=None, progress=lambda _count: None)
    assert bob.push_one(op)["code"] == "site-gone"
    assert decide(office, Operation.objects.get(), "revive").status_code == 302
    back = Site.objects.get(pk=site.pk)
    assert (back.code, back.state.key, back.attributes) == (site.code, "started", {"households": 4})
    assert geometry_version(back) == geometry_version(site)
    assert back.inspections.get().note == "还在"


def test_a_record_can_be_left_as_it_is_and_stays_in_the_ledger(
    office: Client, bob: Tablet, site: Site
) -> None:
    bob.push_one({"body": "{", "sha256": "0" * 64})
    row = Operation.objects.get()
    assert office.get(f"/planner/tray/{row.pk}/").status_code == 200
    assert decide(office, row, "dismiss", note="误触").status_code == 302
    row.refresh_from_db()
    assert (row.decision, row.body) == ("dismissed", "{")


def test_a_planner_decides_only_of_the_own_districts_sites(
    cast: Cast, office: Client, conflict: Operation, parks: Programme
) -> None:
    Assignment.objects.filter(user=cast.alice).delete()
    Assignment.objects.create(user=cast.alice, district=District.objects.get(code="230203"))
    assert office.get(f"/planner/tray/{conflict.pk}/").status_code == 404
    assert decide(office, conflict, "dismiss").status_code == 404


def test_an_administrator_sees_the_tablets_and_takes_one_out_of_use(
    cast: Cast, bob: Tablet, site: Site
) -> None:
    bob.push(bob.write("inspection", {"site": [None, str(site.pk)]}))
    admin = Client(headers={"accept": "text/html"})
    admin.force_login(cast.dora)
    assert "平板" in admin.get("/planner/tray/devices/").content.decode()
    address = f"/planner/tray/devices/{bob.device}/revoke/"
    assert admin.post(address, {"revoked": "1"}).status_code == 302
    assert bob.post("push", {"device": {"id": str(bob.device)}, "ops": []}).status_code == 401
    assert bob.client.get(f"/api/sync/changes?device={bob.device}").status_code == 401
    admin.post(address, {"revoked": "0"})
    assert Device.objects.get().revoked_at is None
    assert bob.push() == []
    assert AuditEntry.objects.filter(kind="device").count() == 2


REQUIRED = {
    "type": "object",
    "required": ["system", "depth"],
    "properties": {
        "system": {"type": "string", "title": "管网类别", "enum": ["供热", "燃气"], "order": 0},
        "depth": {"type": "number", "title": "埋深", "minimum": 1, "order": 1},
        "contact": {"type": "string", "title": "联系人", "order": 2},
    },
    "additionalProperties": False,
}


def test_what_a_proposal_lacks_the_office_adds(
    office: Client, bob: Tablet, parks: Programme
) -> None:
    Programme.objects.filter(pk=parks.pk).update(attribute_schema=REQUIRED)
    changes = {"programme": "parks", "geom": TRIANGLE, "name": "新", "attributes.contact": "王工"}
    op = bob.write("proposal", {name: [None, value] for name, value in changes.items()})
    bob.push_one(op)
    row = Operation.objects.get()
    given = {"code": "P-1", "name": "新", "attr-contact": "王工", "attr-system": "供热"}
    response = decide(office, row, "accept", **given)
    assert response.status_code == 422
    page = response.content.decode()
    assert "王工" in page
    assert "has-error" in page
    assert not Site.objects.exists()
    assert decide(office, row, "accept", **given, **{"attr-depth": "0.5"}).status_code == 422
    assert decide(office, row, "accept", **given, **{"attr-depth": "1.5"}).status_code == 302
    assert Site.objects.get().attributes == {"contact": "王工", "system": "供热", "depth": 1.5}
    row.refresh_from_db()
    assert "attributes.depth" not in row.body  # the record stays as it was written


def test_a_planner_of_the_district_registers_what_is_proposed_there(
    client: Client, cast: Cast, bob: Tablet, parks: Programme
) -> None:
    """TRIANGLE lies in 230202."""
    here, there = (District.objects.get(code=code) for code in ("230202", "230203"))
    changes = {"programme": "parks", "geom": TRIANGLE, "name": "新"}
    bob.push_one(bob.write("proposal", {name: [None, value] for name, value in changes.items()}))
    row = Operation.objects.get()
    client.force_login(cast.alice)
    own = Assignment.objects.filter(user=cast.alice)
    own.update(district=there)
    assert client.get(f"/planner/tray/{row.pk}/").status_code == 404
    own.update(district=here)
    assert "新" in client.get("/planner/tray/").content.decode()
    given = {"code": "P-1", "name": "新"}
    for district in ("", there.pk):
        response = decide(client, row, "accept", **given, district=district)
        assert response.status_code == 422
    assert not Site.objects.exists()
    assert decide(client, row, "accept", **given, district=here.pk).status_code == 302
    assert Site.objects.get().district == here


@pytest.mark.parametrize(
    ("decision", "outcome"), [("all-mine", (60, 9, "mine")), ("all-theirs", (40, 5, "theirs"))]
)
def test_one_click_decides_all_fields(
    office: Client, conflict: Operation, site: Site, decision: str, outcome: tuple[int, int, str]
) -> None:
    site.refresh_from_db()
    assert decide(office, conflict, decision, revision=site.revision).status_code == 302
    site.refresh_from_db()
    conflict.refresh_from_db()
    assert (site.progress, site.attributes["households"], conflict.decision) == outcome
    assert AuditEntry.objects.get(kind="operation").changed["decision"] == [None, outcome[2]]


def test_a_contested_outline_is_shown_with_the_one_both_began_with(
    office: Client, bob: Tablet, site: Site
) -> None:
    began, version = site.geom.clone(), geometry_version(site)
    Operation.objects.all().delete()
    bob.user.role = "planner"  # whose outlines are not proposals
    bob.user.save()
    op = bob.write("site", {"geom": [version, TRIANGLE]}, target=site.pk)
    editing.update_site(site, {}, geom=square(123.8))
    assert bob.push_one(op)["status"] == "conflict"
    page = office.get(f"/planner/tray/{Operation.objects.get().pk}/").content.decode()
    found = re.search(r'id="history-shapes"[^>]*>(.*?)</script>', page)
    assert found is not None
    (shapes,) = orjson.loads(found[1]).values()
    here, mine, base = (shape(one) for one in shapes)
    assert here.equals(square(123.8))
    assert mine.equals(shape(TRIANGLE))
    assert base.equals(shape(orjson.loads(began.json)))


def test_the_reason_is_in_the_reader_s_language_and_every_code_has_one(
    office: Client, bob: Tablet, site: Site
) -> None:
    bob.client.cookies["django_language"] = "en"
    bob.push_one(bob.write("site", {"progress": [0, 500]}, target=site.pk))
    row = Operation.objects.get()
    assert "cannot have" in row.detail
    for address in ("/planner/tray/", f"/planner/tray/{row.pk}/"):
        assert "有字段的值不符合要求" in office.get(address).content.decode()
    source = "".join(path.read_text() for path in Path("projects/sync").glob("*.py"))
    codes = set(re.findall(r'Refused\(\s*"([a-z-]+)"', source))
    assert len(codes) > 8
    assert codes - set(reasons._REASONS) == set()


def test_a_refused_visit_with_its_place_can_be_looked_at(
    office: Client, bob: Tablet, site: Site
) -> None:
    said = {"site": str(site.pk), "note": "到", "lon": 123.6, "lat": 47.1, "accuracy_m": 5}
    op = bob.write("inspection", {name: [None, value] for name, value in said.items()})
    Assignment.objects.filter(user=bob.user).delete()
    bob.push_one(op)
    page = office.get(f"/planner/tray/{Operation.objects.get().pk}/").content.decode()
    assert "123.6" in page
    assert "纬度" in page


def test_a_site_s_history_tells_a_correction(office: Client, bob: Tablet, site: Site) -> None:
    visit = bob.write("inspection", {"site": [None, str(site.pk)], "note": [None, "误"]})
    said = {"inspection": target(visit), "note": "更正：已完工", "progress": 30}
    fix = bob.write("correction", {name: [None, value] for name, value in said.items()})
    assert {one["status"] for one in bob.push(visit, fix)} == {"applied"}
    assert "更正：已完工" in office.get(f"/planner/sites/{site.pk}/").content.decode()
