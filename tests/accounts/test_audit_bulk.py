"""Many entries at once: put together in columns, waiting in a file, and the same as written one by one."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from accounts import audit, audit_waiting
from accounts.audit import Action, Event
from accounts.models import AuditEntry, Role, User
from tests.accounts.test_audit import run

COLUMNS: dict[str, list[object]] = {
    "name": ["一", "", None, 'a"b\\'],
    "attributes.亩": [1, 1, None, 0],
    "attributes.mixed": [True, 1, 1.0, "1"],
    "money": [Decimal("1.0"), Decimal("1.00"), None, Decimal("7.10")],
    "day": [dt.date(2022, 5, 31), None, dt.date(2022, 5, 31), None],
    "list": [[], [1, "二"], {}, {"b": 1, "a": 2}],
    "published": [False, True, False, False],
}


def test_entries_in_columns_say_what_single_ones_say(db: None) -> None:
    for at in range(4):
        values = {name: column[at] for name, column in COLUMNS.items()} | {"one": "all", "no": ""}
        audit.record(Event(Action.CREATED, "thing", str(at), f"\x00{at}", audit.created(values)))
    same = {"one": audit.Given("all"), "no": audit.Given("")}
    numbers = list(map(str, range(4)))
    audit.record_created("thing", numbers, [f"\x00{at}" for at in numbers], COLUMNS | same, None)
    told = list(AuditEntry.objects.order_by("sequence").values_list("label", "subject", "changes"))
    assert told[:4] == told[4:]
    assert run()


def test_many_that_wait_lie_in_a_file_and_come_in_their_order(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_waiting, "_IN_MEMORY", 3)
    user = User.objects.create_user("erin", role=Role.PLANNER)
    before = AuditEntry.objects.count()
    events = [
        Event(Action.CREATED, "thing", str(n), "一", {"a": (None, n)}, user if n % 2 else None)
        for n in range(11)
    ]
    with transaction.atomic(), audit.gathered():
        for start in range(0, 11, 2):
            audit.record_all(events[start : start + 2])
    found = list(AuditEntry.objects.order_by("sequence"))[before:]
    assert [one.subject for one in found] == [str(n) for n in range(11)]
    assert [(one.at, one.actor) for one in found] == [
        (one.at, "erin" if one.by else "") for one in events
    ]
    assert run()
