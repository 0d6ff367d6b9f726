"""Whether a target's parts fit each other, so that its figures can be made."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from projects.attributes import problems
from projects.city.record import Record, not_one_of
from projects.city.specs import ProgrammeSpec, TargetSpec, WorkflowSpec
from projects.models import Comparator, Kind, Measure
from projects.rollup import AREA_UNITS_M2, LENGTH_UNITS_M

# Measures that are the sum of an attribute, for want of anything that could be measured in the geometry.
SUMMED = frozenset({Measure.HOUSEHOLDS, Measure.CAPACITY, Measure.PLACES})
UNITS = {Measure.LENGTH: LENGTH_UNITS_M, Measure.AREA: AREA_UNITS_M2}
MAPPED_ONLY = ("where", "value_field", "accepted_field", "milestone_state")


def check_target(
    record: Record,
    target: TargetSpec,
    programmes: Mapping[str, ProgrammeSpec] | None,
    workflows: Mapping[str, WorkflowSpec] | None,
) -> None:
    """Refuses, in ``record``, whatever of the target does not fit."""
    _check_numbers(record, target)
    _check_measure(record, target)
    if not target.programme:
        for name in MAPPED_ONLY:
            if getattr(target, name):
                record.refuse(name, _("This needs a programme."))
        return
    programme = (programmes or {}).get(target.programme)
    if programme is None:
        return
    _check_fields(record, target, programme)
    _check_where(record, target, programme)
    _check_milestone(record, target, (workflows or {}).get(programme.workflow))


def _check_numbers(record: Record, target: TargetSpec) -> None:
    if target.comparator == Comparator.NONE:
        for name in ("value", "value_max"):
            if getattr(target, name) is not None:
                record.refuse(name, _("The comparator is “none”, so there can be no number."))
        return
    if target.comparator and not record.has("value"):
        record.refuse("value", _("This is missing."))
    if target.comparator == Comparator.RANGE:
        if not record.has("value_max"):
            record.refuse("value_max", _("This is missing."))
        elif (
            target.value is not None
            and target.value_max is not None
            and target.value_max < target.value
        ):
            record.refuse("value_max", _("The upper value is below the lower one."))
    elif target.value_max is not None:
        record.refuse("value_max", _("Only a range has an upper value."))


def _check_measure(record: Record, target: TargetSpec) -> None:
    if (
        target.programme
        and target.kind in {Kind.SUM, Kind.STOCK}
        and target.measure in {"", Measure.SITES}
    ):
        record.refuse(
            "measure", _("A sum needs something to be summed: length, area, households …")
        )
    if target.measure in SUMMED and target.programme and not target.value_field:
        record.refuse("value_field", _("This measure is the sum of an attribute: say which."))
    for measure, units in UNITS.items():
        if target.measure == measure and target.unit not in units:
            record.refuse("unit", not_one_of(target.unit, list(units)))


def _check_fields(record: Record, target: TargetSpec, programme: ProgrammeSpec) -> None:
    properties = programme.schema["properties"]
    numbers = [key for key, spec in properties.items() if spec["type"] in {"integer", "number"}]
    for name in ("value_field", "accepted_field"):
        key = getattr(target, name)
        if key and key not in numbers:
            words = {"field": key, "programme": programme.key, "known": ", ".join(numbers) or "–"}
            sentence = _("“%(field)s” is no number among the fields of %(programme)s: %(known)s.")
            record.refuse(name, sentence % words)


def _check_where(record: Record, target: TargetSpec, programme: ProgrammeSpec) -> None:
    """Values are those that the field itself would take."""
    optional = {**programme.schema, "required": []}
    for problem in problems(optional, dict(target.where)):
        record.refuse("where", problem.sentence)


def _check_milestone(record: Record, target: TargetSpec, workflow: WorkflowSpec | None) -> None:
    if target.kind != Kind.MILESTONE:
        if target.milestone_state:
            record.refuse("milestone_state", _("Only a milestone has this."))
        return
    if not target.milestone_state:
        record.refuse("milestone_state", _("This is missing."))
    elif workflow is not None and target.milestone_state not in workflow.state_keys:
        record.refuse("milestone_state", not_one_of(target.milestone_state, workflow.state_keys))
