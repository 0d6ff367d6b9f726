"""A report's file: its clauses word for word, and the targets that they set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from projects.city.record import Record, not_one_of
from projects.city.specs import ClauseSpec, ProgrammeSpec, ReportSpec, TargetSpec, WorkflowSpec
from projects.city.target_rules import check_target
from projects.models import Clause, Comparator, Kind, Measure, Report, Target


@dataclass
class ReportReader:
    """Reads one report after another: targets' keys and order run through all of them.

    programmes, workflows: None when their own file could not be read, so that nothing is said about them.
    """

    programmes: Mapping[str, ProgrammeSpec] | None
    workflows: Mapping[str, WorkflowSpec] | None
    keys: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)

    def read(self, top: Record) -> ReportSpec:
        key = top.key()
        if key in self.reports:
            top.refuse("key", _("“%(key)s” is given twice.") % {"key": key})
        self.reports.add(key)
        report = ReportSpec(
            key=key,
            year=top.integer("year", least=1900, most=2200),
            title=top.text("title", Report),
            title_en=top.text("title_en", Report, required=False),
            issuer=top.text("issuer", Report, required=False),
            clauses=tuple(self._clauses(top)),
        )
        top.close()
        return report

    def _clauses(self, top: Record) -> Iterator[ClauseSpec]:
        seen: set[str] = set()
        for order, record in enumerate(top.records("clauses")):
            key = record.key()
            if key in seen:
                record.refuse("key", _("“%(key)s” is given twice.") % {"key": key})
            seen.add(key)
            yield ClauseSpec(
                key=key,
                section=record.text("section", Clause),
                section_en=record.text("section_en", Clause, required=False),
                text=record.text("text"),
                text_en=record.text("text_en", required=False),
                order=order,
                targets=tuple(
                    self._target(item) for item in record.records("targets", required=False)
                ),
            )
            record.close()

    def _target(self, record: Record) -> TargetSpec:
        key = record.key()
        if key in self.keys:
            record.refuse("key", _("“%(key)s” is given twice.") % {"key": key})
        self.keys.add(key)
        target = TargetSpec(
            key=key,
            name=record.text("name", Target),
            name_en=record.text("name_en", Target),
            kind=record.choice("kind", Kind.values),
            comparator=record.choice("comparator", Comparator.values),
            value=record.decimal("value", digits=14, places=3),
            value_max=record.decimal("value_max", digits=14, places=3),
            unit=record.text("unit", Target, required=False),
            unit_en=record.text("unit_en", Target, required=False),
            measure=record.choice("measure", Measure.values, required=False),
            programme=self._programme(record),
            where=_where(record),
            value_field=record.text("value_field", Target, required=False),
            accepted_field=record.text("accepted_field", Target, required=False),
            milestone_state=record.text("milestone_state", Target, required=False),
            lead_dept=record.text("lead_dept", Target, required=False),
            note=record.text("note", required=False),
            note_en=record.text("note_en", required=False),
            order=len(self.keys) - 1,
        )
        record.close()
        check_target(record, target, self.programmes, self.workflows)
        return target

    def _programme(self, record: Record) -> str:
        key = record.text("programme", required=False)
        if key and self.programmes is not None and key not in self.programmes:
            record.refuse("programme", not_one_of(key, list(self.programmes)))
        return key


def _where(record: Record) -> dict[str, Any]:
    """Attribute → the value that a site must have to count."""
    return {key: node.value for key, node in record.mapping("where", required=False).values.items()}
