"""Histories of tablets over bad lines and a server that dies: afterwards all is there once, and all agree.

HISTORIES and SEED in the environment make it long and another one (``./torture``).
"""

import functools
import hashlib
import itertools
import os
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.management import call_command
from hypothesis import HealthCheck, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from accounts.models import AuditEntry, Role, User
from projects import editing, evidence
from projects.models import (
    Assignment,
    Correction,
    Inspection,
    Operation,
    Photo,
    PhotoUpload,
)
from projects.sync.documents import site_documents
from tests.factories import make_city, make_programme, make_site, square
from tests.projects.sync.faults import Fault
from tests.projects.sync.inspector import Inspector
from tests.projects.sync.tablet import Tablet, op_id, target

HISTORIES = int(os.environ.get("HISTORIES", "25"))
STEPS = 40
CONTESTED = {"progress", "attributes.households"}
_number = itertools.count()

WHO = st.integers(0, 2)
WHERE = st.integers(0, 1)
FAULTS = st.sampled_from(Fault)
BOUNDARY = st.integers(1, 24)
WORDS = st.text("查看无异常ab", min_size=1, max_size=6)


class Histories(RuleBasedStateMachine):
    """Three inspectors and an office work on two sites; every history has a programme of its own to work in."""

    @initialize()
    def begin(self) -> None:
        number = next(_number)
        programme = make_programme(f"h{number}")
        self.sites = [
            make_site(programme, f"H{number}-{n}", geom=square(123.5 + n / 20)) for n in range(2)
        ]
        self.people = []
        for n in range(3):
            user = User.objects.create_user(f"h{number}-{n}", role=Role.INSPECTOR)
            Assignment.objects.create(user=user, programme=programme)
            self.people.append(Inspector(Tablet(user)))
            self.people[-1].pull(Fault.NONE)

    @rule(who=WHO, where=WHERE, note=WORDS)
    def visit(self, who: int, where: int, note: str) -> None:
        self.people[who].visit(self.sites[where], note)

    @rule(who=WHO, number=st.integers(0, 5), note=WORDS)
    def correct(self, who: int, number: int, note: str) -> None:
        self.people[who].correct(number, note)

    @rule(who=WHO, where=WHERE, value=st.integers(0, 4))
    def progress(self, who: int, where: int, value: int) -> None:
        self.people[who].change(self.sites[where], "progress", value)

    @rule(who=WHO, where=WHERE, value=st.integers(0, 3) | st.none())
    def attribute(self, who: int, where: int, value: int | None) -> None:
        self.people[who].change(self.sites[where], "attributes.households", value)

    @rule(who=WHO, where=WHERE, colour=st.integers(16, 40))
    def photograph(self, who: int, where: int, colour: int) -> None:
        self.people[who].photograph(self.sites[where], colour)

    @rule(where=WHERE, value=st.integers(0, 4))
    def office(self, where: int, value: int) -> None:
        editing.update_site(self.sites[where], {"progress": value})

    @rule(who=WHO, fault=FAULTS, dies_at=BOUNDARY, backwards=st.booleans())
    def push(self, who: int, fault: Fault, dies_at: int, backwards: bool) -> None:
        self.people[who].push(fault, dies_at, backwards=backwards)

    @rule(who=WHO, fault=FAULTS, dies_at=BOUNDARY, whole=st.booleans())
    def send(self, who: int, fault: Fault, dies_at: int, whole: bool) -> None:
        self.people[who].send(fault, dies_at, whole=whole)

    @rule(who=WHO, fault=st.sampled_from([Fault.NONE, Fault.ANSWER_LOST, Fault.PORTAL]))
    def pull(self, who: int, fault: Fault) -> None:
        self.people[who].pull(fault)

    def teardown(self) -> None:
        if not hasattr(self, "people"):
            return
        for person in self.people:
            person.heal()
        for person in self.people:
            person.pull(Fault.NONE)
        self.everything_is_there_once()
        self.photographs_are_whole()
        self.replicas_agree()
        self.nothing_was_decided_silently()

    def everything_is_there_once(self) -> None:
        for person in self.people:
            for op in person.written:
                row = Operation.objects.get(operation=op_id(op))
                assert (row.body, row.author_id) == (op["body"], person.tablet.user.pk)
                assert row.state != "held"
        visits = [target(op) for person in self.people for op in person.visits]
        rows = Inspection.objects.filter(site__in=self.sites)
        assert Counter(map(str, rows.values_list("pk", flat=True))) == Counter(visits)
        written = [op for person in self.people for op in person.written]
        corrections = [op for op in written if '"entity":"correction"' in op["body"]]
        found = Correction.objects.filter(inspection__in=rows).count()
        assert found == len(corrections)

    def photographs_are_whole(self) -> None:
        root = Path(settings.MEDIA_ROOT)
        for person in self.people:
            for number, data in person.taken.items():
                row = PhotoUpload.objects.get(pk=number)
                assert row.state == "verified"
                assert row.photo is not None
                assert (root / row.photo.original).read_bytes() == data
                assert (root / row.photo.display).stat().st_size > 0
        photos = Photo.objects.filter(site__in=self.sites)
        kept = Counter((photo.site_id, photo.sha256) for photo in photos)
        assert all(count == 1 for count in kept.values())
        sent = {
            hashlib.sha256(data).hexdigest() for one in self.people for data in one.taken.values()
        }
        assert {digest for _site, digest in kept} == sent

    def replicas_agree(self) -> None:
        for person in self.people:
            tablet = person.tablet
            fresh = {
                one["id"]: one for one in site_documents(tablet.user, [s.pk for s in self.sites])
            }
            assert set(tablet.sites) == set(fresh)
            for number, known in tablet.sites.items():
                for name in ("revision", "progress", "attributes", "geom", "state"):
                    assert known[name] == fresh[number][name]
                assert {v["id"] for v in known["visits"]} == {
                    v["id"] for v in fresh[number]["visits"]
                }
                assert {p["id"] for p in known["photos"]} == {
                    p["id"] for p in fresh[number]["photos"]
                }

    def nothing_was_decided_silently(self) -> None:
        """Each value was written over the one that its author had seen; what was not written is kept as a conflict."""
        written: Counter[tuple[Any, ...]] = Counter()
        for site in self.sites:
            site.refresh_from_db()
            now: dict[str, Any] = {"progress": 0}
            for entry in AuditEntry.objects.filter(subject=str(site.pk)).order_by("sequence"):
                for name in CONTESTED & entry.changed.keys():
                    if entry.action != "updated":
                        continue
                    old, new = entry.changed[name]
                    assert now.get(name) == old
                    now[name] = new
                    if entry.actor:
                        written[site.pk, name, old, new, entry.actor] += 1
            assert site.progress == now["progress"]
            assert site.attributes.get("households") == now.get("attributes.households")
        assert written == self._taken()

    def _taken(self) -> "Counter[tuple[Any, ...]]":
        """What the operations say that they wrote; each of their fields has exactly one fate."""
        taken: Counter[tuple[Any, ...]] = Counter()
        for row in Operation.objects.filter(
            site__in=[site.pk for site in self.sites], entity="site"
        ):
            ((name, (old, new)),) = orjson.loads(row.body)["changes"].items()
            conflicts = row.result.get("conflicts", {})
            assert [*row.result["taken"], *row.result["agreed"], *conflicts] == [name]
            if name in conflicts:
                assert row.state == "conflict"
                assert (conflicts[name]["base"], conflicts[name]["mine"]) == (old, new)
            if name in row.result["taken"]:
                taken[row.site, name, old, new, row.author.username] += 1
        return taken


@pytest.fixture
def _pictures_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are a few dozen different ones, and what the quarantine sees in one does not change."""
    monkeypatch.setattr(evidence, "read_picture", functools.cache(evidence.read_picture))


@pytest.mark.usefixtures("_guards_off_afterwards", "_pictures_looked_at_once")
def test_whatever_happens_on_the_way_all_is_there_once_and_all_agree(
    transactional_db: None,
) -> None:
    make_city()
    number = int(os.environ.get("SEED", "20220501"))
    run_state_machine_as_test(
        seed(number)(Histories),
        settings=hypothesis_settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=False,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue()
