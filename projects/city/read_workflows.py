"""workflows.yaml: states, steps, and whether every way through them ends in acceptance."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Role
from projects.city.record import Record, not_one_of
from projects.city.specs import Spot, StateSpec, StepSpec, WorkflowSpec
from projects.models import Phase, Workflow, WorkflowState


def read_workflows(top: Record) -> list[WorkflowSpec]:
    found: list[WorkflowSpec] = []
    for record in top.records("workflows"):
        workflow = _workflow(record)
        if workflow.key in {other.key for other in found}:
            record.refuse("key", _("“%(key)s” is given twice.") % {"key": workflow.key})
        found.append(workflow)
    top.close()
    return found


def _workflow(record: Record) -> WorkflowSpec:
    key = record.key()
    states = _states(record)
    workflow = WorkflowSpec(
        spot=Spot(record.file, record.line, record.path),
        key=key,
        name=record.text("name", Workflow),
        name_en=record.text("name_en", Workflow),
        states=tuple(states),
        steps=tuple(_steps(record, [state.key for state in states])),
    )
    record.close()
    if states:
        _check_whole(record, workflow)
    return workflow


def _states(record: Record) -> list[StateSpec]:
    found: list[StateSpec] = []
    for order, item in enumerate(record.records("states")):
        state = StateSpec(
            key=item.key(),
            name=item.text("name", WorkflowState),
            name_en=item.text("name_en", WorkflowState),
            phase=item.choice("phase", Phase.values),
            is_initial=item.flag("initial"),
            order=order,
        )
        item.close()
        if state.key in {other.key for other in found}:
            item.refuse("key", _("“%(key)s” is given twice.") % {"key": state.key})
        found.append(state)
    return found


def _steps(record: Record, states: list[str]) -> list[StepSpec]:
    found: list[StepSpec] = []
    for item in record.records("steps"):
        step = StepSpec(
            source=_state(item, "source", states),
            target=_state(item, "target", states),
            requires_photo=item.flag("requires_photo"),
            requires_note=item.flag("requires_note"),
            roles=tuple(item.texts("roles", Role.values, required=False)),
        )
        item.close()
        if step.source and step.source == step.target:
            item.refuse("target", _("A step goes to another state."))
        if step.source and (step.source, step.target) in {
            (other.source, other.target) for other in found
        }:
            item.refuse("target", _("This step is given twice."))
        found.append(step)
    return found


def _state(item: Record, name: str, states: list[str]) -> str:
    key = item.text(name)
    if key and key not in states:
        item.refuse(name, not_one_of(key, states))
        return ""
    return key


def _check_whole(record: Record, workflow: WorkflowSpec) -> None:
    initial = [state.key for state in workflow.states if state.is_initial]
    if len(initial) != 1:
        words = {"count": len(initial)}
        record.refuse("states", _("Exactly one state must be initial; here %(count)s are.") % words)
    phases = {state.phase for state in workflow.states}
    for phase in (Phase.COMPLETED, Phase.ACCEPTED):
        if phase not in phases:
            record.refuse(
                "states", _("No state has the phase “%(phase)s”.") % {"phase": phase.value}
            )
    if len(initial) == 1:
        reached = _closure(initial, {(step.source, step.target) for step in workflow.steps})
        _refuse_others(record, workflow, reached, _("No way leads to the state “%(state)s”."))
    accepted = [state.key for state in workflow.states if state.phase == Phase.ACCEPTED]
    if accepted:
        ending = _closure(accepted, {(step.target, step.source) for step in workflow.steps})
        _refuse_others(
            record, workflow, ending, _("No way leads from the state “%(state)s” to acceptance.")
        )


def _refuse_others(record: Record, workflow: WorkflowSpec, good: set[str], sentence: str) -> None:
    for state in workflow.states:
        if state.key and state.key not in good:
            record.refuse("steps", sentence % {"state": state.key})


def _closure(start: Iterable[str], edges: set[tuple[str, str]]) -> set[str]:
    """All states that can be had from ``start`` along the edges."""
    found, open_ = set(start), list(start)
    while open_:
        at = open_.pop()
        for source, target in edges:
            if source == at and target not in found:
                found.add(target)
                open_.append(target)
    return found
