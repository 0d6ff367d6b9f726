"""Workflows, their states and steps, written to the database."""

from collections.abc import Iterator

from projects.city.specs import WorkflowSpec
from projects.city.upsert import Tally
from projects.models import Workflow, WorkflowState, WorkflowStep


def write(specs: tuple[WorkflowSpec, ...]) -> Iterator[tuple[str, Tally]]:
    """Vanished states and steps go at once: that no site needs them has been seen to."""
    workflows, states, steps = Tally(), Tally(), Tally()
    for spec in specs:
        names = {"name": spec.name, "name_en": spec.name_en}
        workflow = workflows.upsert(Workflow, {"key": spec.key}, names)
        rows = _write_states(spec, workflow, states)
        _write_steps(spec, workflow, rows, steps)
        kept = [row.pk for row in rows.values()]
        states.remove_others(WorkflowState.objects.filter(workflow=workflow), kept)
    yield "workflows", workflows
    yield "states", states
    yield "steps", steps


def _write_states(spec: WorkflowSpec, workflow: Workflow, tally: Tally) -> dict[str, WorkflowState]:
    initial = next(state.key for state in spec.states if state.is_initial)
    # Only one row may be initial at a time: the former one steps down before the new one is written.
    former = WorkflowState.objects.filter(workflow=workflow, is_initial=True).exclude(key=initial)
    former.update(is_initial=False)
    rows = {}
    for state in spec.states:
        values = {
            "name": state.name,
            "name_en": state.name_en,
            "phase": state.phase,
            "is_initial": state.is_initial,
            "order": state.order,
        }
        rows[state.key] = tally.upsert(
            WorkflowState, {"workflow": workflow, "key": state.key}, values
        )
    return rows


def _write_steps(
    spec: WorkflowSpec, workflow: Workflow, states: dict[str, WorkflowState], tally: Tally
) -> None:
    kept = []
    for step in spec.steps:
        ends = {"source": states[step.source], "target": states[step.target]}
        values = {
            "workflow": workflow,
            "requires_photo": step.requires_photo,
            "requires_note": step.requires_note,
            "roles": list(step.roles),
        }
        kept.append(tally.upsert(WorkflowStep, ends, values).pk)
    tally.remove_others(WorkflowStep.objects.filter(workflow=workflow), kept)
