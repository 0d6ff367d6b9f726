"""The days between registration, start, end and today."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from projects.demo.manifest import Standing
from projects.demo.schedule import step_days
from projects.models import Phase

REGISTERED = dt.date(2022, 1, 26)


def _standing(**changes: Any) -> Standing:
    values: dict[str, Any] = {
        "programme": "p", "code": "c", "state": "s", "since": dt.date(2022, 9, 20), "progress": 100,
        "planned_start": None, "planned_end": None, "actual_start": dt.date(2022, 5, 1),
        "actual_end": dt.date(2022, 8, 1), "accepted_field": "", "accepted": None,
    }  # fmt: skip
    return Standing(**{**values, **changes})


def _path(*phases: Phase) -> Any:
    return [SimpleNamespace(target=SimpleNamespace(phase=phase)) for phase in phases]


def test_days_meet_start_end_and_since() -> None:
    path = _path(Phase.PLANNED, Phase.WORKING, Phase.WORKING, Phase.COMPLETED, Phase.ACCEPTED)
    days = step_days(path, _standing(), REGISTERED)
    assert days[1] == dt.date(2022, 5, 1)
    assert days[3] == dt.date(2022, 8, 1)
    assert days[4] == dt.date(2022, 9, 20)
    assert days == sorted(days)


def test_no_day_lies_before_the_registration() -> None:
    old = _standing(
        since=dt.date(2019, 11, 1), actual_start=dt.date(2018, 5, 1), actual_end=dt.date(2019, 9, 1)
    )
    path = _path(Phase.PLANNED, Phase.WORKING, Phase.COMPLETED, Phase.ACCEPTED)
    assert step_days(path, old, REGISTERED) == [REGISTERED] * 4


def test_a_site_that_does_not_move_has_no_days() -> None:
    assert step_days([], _standing(), REGISTERED) == []
