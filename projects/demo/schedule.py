"""On which day a demonstration site took each step, between the days that its progress tells."""

import datetime as dt
from collections.abc import Sequence

from projects.demo.manifest import Standing
from projects.models import Phase, WorkflowStep


def step_days(
    path: Sequence[WorkflowStep], standing: Standing, registered_on: dt.date
) -> list[dt.date]:
    """A day for each step, never before the one of the step before.

    Works begin on the actual start, are complete on the actual end, the last step is taken on the day since
    which the site stands there; what lies between is spread evenly. Nothing lies before the registration.
    """
    anchors: list[dt.date | None] = [None] * len(path)
    _anchor(anchors, path, Phase.WORKING, standing.actual_start)
    _anchor(anchors, path, Phase.COMPLETED, standing.actual_end)
    if path:
        anchors[-1] = standing.since
    days: list[dt.date] = []
    for index in range(len(path)):
        before = days[-1] if days else registered_on
        days.append(max(before, _between(anchors, index, before)))
    return days


def _anchor(
    anchors: list[dt.date | None], path: Sequence[WorkflowStep], phase: Phase, day: dt.date | None
) -> None:
    """The first step into a phase is taken on that day."""
    for index, step in enumerate(path):
        if step.target.phase == phase:
            anchors[index] = day
            return


def _between(anchors: Sequence[dt.date | None], index: int, before: dt.date) -> dt.date:
    """The anchor itself, or an equal share of the days until the next one."""
    ahead = next(at for at in range(index, len(anchors)) if anchors[at] is not None)
    day = anchors[ahead]
    assert day is not None
    return before + (day - before) / (ahead - index + 1)
