"""Two tablets, one site: what meets, field by field."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from projects import editing
from projects.models import Operation, Site
from projects.sync.fields import geometry_version
from projects.sync.merge import same, three_way
from tests.factories import square
from tests.projects.sync.tablet import Tablet

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(old=JSON, new=JSON, here=JSON)
def test_each_field_has_exactly_one_fate(old: Any, new: Any, here: Any) -> None:
    found = three_way({"f": (old, new)}, {"f": here})
    assert len(found.take) + len(found.agreed) + len(found.conflicts) == 1
    if found.take:
        assert same(here, old)
        assert found.take["f"] == new
    if found.conflicts:
        assert not same(here, old)
        assert not same(here, new)
        assert found.conflicts["f"].as_json() == {"base": old, "theirs": here, "mine": new}


@given(old=JSON, new=JSON)
def test_nobody_else_there_the_new_value_stands(old: Any, new: Any) -> None:
    found = three_way({"f": (old, new)}, {"f": old})
    assert not found.conflicts


def test_true_is_not_one() -> None:
    assert not same(True, 1)
    assert same(1, 1.0)
    assert not same({"a": [True]}, {"a": [1]})


def test_different_fields_meet_without_a_word(bob: Tablet, charlie: Tablet, site: Site) -> None:
    base = site.revision
    one = bob.write("site", {"attributes.households": [None, 12]}, target=site.pk, base_rev=base)
    two = charlie.write("site", {"progress": [0, 40]}, target=site.pk, base_rev=base)
    assert bob.push_one(one)["status"] == "applied"
    assert charlie.push_one(two)["status"] == "merged"
    site.refresh_from_db()
    assert (site.attributes["households"], site.progress) == (12, 40)


def test_two_who_agree_are_no_conflict(bob: Tablet, charlie: Tablet, site: Site) -> None:
    for tablet in (bob, charlie):
        op = tablet.write("site", {"progress": [0, 40]}, target=site.pk, base_rev=site.revision)
        assert tablet.push_one(op)["status"] in ("applied", "merged")
    site.refresh_from_db()
    assert site.progress == 40


def test_two_values_of_one_field_are_both_kept(bob: Tablet, charlie: Tablet, site: Site) -> None:
    base = site.revision
    bob.push_one(bob.write("site", {"progress": [0, 40]}, target=site.pk, base_rev=base))
    changes = {"progress": [0, 60], "attributes.households": [None, 7]}
    answer = charlie.push_one(charlie.write("site", changes, target=site.pk, base_rev=base))
    assert answer["status"] == "conflict"
    assert answer["conflicts"] == {"progress": {"base": 0, "theirs": 40, "mine": 60}}
    assert answer["taken"] == ["attributes.households"]
    site.refresh_from_db()
    assert (site.progress, site.attributes["households"]) == (40, 7)
    assert Operation.objects.get(state="conflict").result["conflicts"]["progress"]["mine"] == 60


def test_a_visit_stands_even_when_its_progress_is_contested(
    bob: Tablet, charlie: Tablet, site: Site
) -> None:
    bob.push_one(bob.write("site", {"progress": [0, 40]}, target=site.pk))
    changes = {"site": [None, str(site.pk)], "note": [None, "x"], "progress": [0, 60]}
    answer = charlie.push_one(charlie.write("inspection", changes))
    assert answer["status"] == "conflict"
    site.refresh_from_db()
    assert site.progress == 40
    assert site.inspections.get().progress == 60


def test_geometry_against_geometry_is_a_conflict(alice: Tablet, site: Site) -> None:
    base = geometry_version(site)
    shape = {
        "type": "Polygon",
        "coordinates": [[[123.7, 47.2], [123.71, 47.2], [123.71, 47.21], [123.7, 47.2]]],
    }
    editing.update_site(site, {}, geom=square(123.62))
    answer = alice.push_one(alice.write("site", {"geom": [base, shape]}, target=site.pk))
    site.refresh_from_db()
    assert answer["status"] == "conflict"
    assert answer["conflicts"]["geom"] == {
        "base": base,
        "theirs": geometry_version(site),
        "mine": shape,
    }


def test_an_outline_by_an_inspector_is_proposed_and_by_a_planner_taken(
    bob: Tablet, alice: Tablet, site: Site
) -> None:
    shape = {
        "type": "Polygon",
        "coordinates": [[[123.7, 47.2], [123.71, 47.2], [123.71, 47.21], [123.7, 47.2]]],
    }
    changes = {"geom": [geometry_version(site), shape], "progress": [0, 5]}
    answer = bob.push_one(bob.write("site", changes, target=site.pk))
    assert answer["status"] == "proposed"
    assert answer["taken"] == ["progress"]
    site.refresh_from_db()
    before = geometry_version(site)
    answer = alice.push_one(alice.write("site", {"geom": [before, shape]}, target=site.pk))
    assert answer["status"] == "applied"
    site.refresh_from_db()
    assert geometry_version(site) != before
    assert site.area_m2 == pytest.approx(419_000, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "value-invalid"),
        ({"progress": [0, 101]}, "value-invalid"),
        ({"progress": [0, True]}, "value-invalid"),
        ({"state": ["planned", "nowhere"]}, "value-invalid"),
        ({"state": ["planned", "accepted"]}, "transition-refused"),
        ({"name": ["A", "B"]}, "not-allowed"),
        ({"published": [False, True]}, "field-unknown"),
        ({"attributes.households": [None, -1]}, "attributes-invalid"),
        ({"attributes.nonsense": [None, 1]}, "attributes-invalid"),
        ({"actual_start": [None, "2022-02-31"]}, "value-invalid"),
    ],
)
def test_what_a_site_cannot_be_is_refused_with_a_sentence(
    bob: Tablet, site: Site, changes: dict[str, Any], code: str
) -> None:
    before = AuditEntry.objects.count()
    answer = bob.push_one(bob.write("site", changes, target=site.pk))
    assert (answer["status"], answer["code"]) == ("quarantined", code)
    assert answer["detail"]
    site.refresh_from_db()
    assert (site.progress, site.state.key, site.revision) == (0, "planned", 1)
    assert AuditEntry.objects.count() == before


def test_dates_in_the_wrong_order_are_the_databases_to_refuse(bob: Tablet, site: Site) -> None:
    changes = {"actual_start": [None, "2022-06-01"], "actual_end": [None, "2022-05-01"]}
    answer = bob.push_one(bob.write("site", changes, target=site.pk))
    assert (answer["status"], answer["code"]) == ("quarantined", "contradiction")


def test_a_step_of_the_workflow_is_taken_with_its_reason(bob: Tablet, site: Site) -> None:
    bob.push_one(bob.write("site", {"state": ["planned", "started"]}, target=site.pk))
    stop = {"state": ["started", "stopped"]}
    assert bob.push_one(bob.write("site", stop, target=site.pk))["code"] == "transition-refused"
    stop["state_note"] = [None, "汛期停工"]  # type: ignore[list-item]
    assert bob.push_one(bob.write("site", stop, target=site.pk))["status"] == "applied"
    entry = site.transitions.last()
    assert entry is not None
    assert (entry.note, entry.by) == ("汛期停工", bob.user)
    assert orjson.loads(AuditEntry.objects.first().changes)["state"] == ["started", "stopped"]  # type: ignore[union-attr]
