"""The database itself refuses what the one writer would: written around the code on purpose."""

import uuid

import pytest
from django.db import Error, connection, transaction

from projects.models import Programme, Site, Workflow, WorkflowState
from tests.factories import bring_to, make_site, make_workflow, state


def test_no_state_of_another_workflow(parks: Programme) -> None:
    site = make_site(parks)
    other = WorkflowState.objects.get(workflow=make_workflow("other"), key="started")
    with pytest.raises(Error), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(state=other)
    with pytest.raises(Error, match="other_workflow"), transaction.atomic():
        Site.objects.create(
            id=uuid.uuid4(), programme=parks, code="X", name="X", geom=site.geom, state=other
        )
    assert Site.objects.get().state.key == "planned"
    assert Workflow.objects.count() == 2


def test_no_move_without_a_step(parks: Programme) -> None:
    site = make_site(parks)
    with pytest.raises(Error, match="without_step"), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(state=state(parks, "accepted"))
    bring_to(site, "started")
    assert Site.objects.get().state.key == "started"


@pytest.mark.parametrize(
    "change",
    [
        "progress = 101",
        "planned_start = '2022-06-01', planned_end = '2022-05-01'",
        "actual_start = '2022-06-01', actual_end = '2022-05-01'",
    ],
)
def test_no_impossible_figures(parks: Programme, change: str) -> None:
    make_site(parks)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE projects_site SET {change}")
    assert Site.objects.get().progress == 0
