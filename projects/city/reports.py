"""Reports, clauses and targets written to the database."""

from collections.abc import Iterator

from projects.city.specs import ClauseSpec, ReportSpec, TargetSpec
from projects.city.upsert import Tally
from projects.models import City, Clause, Programme, Report, Target


def write(specs: tuple[ReportSpec, ...], city: City) -> Iterator[tuple[str, Tally]]:
    """Everything that vanished goes last, so that a target may move to another clause or report."""
    reports, clauses, targets = Tally(), Tally(), Tally()
    programmes = {programme.key: programme for programme in Programme.objects.all()}
    kept_reports, kept_clauses, kept_targets = [], [], []
    for spec in specs:
        values = {
            "city": city,
            "year": spec.year,
            "title": spec.title,
            "title_en": spec.title_en,
            "issuer": spec.issuer,
        }
        report = reports.upsert(Report, {"key": spec.key}, values)
        kept_reports.append(report.pk)
        for clause_spec in spec.clauses:
            clause = _clause(clause_spec, report, clauses)
            kept_clauses.append(clause.pk)
            kept_targets += [
                _target(target, clause, programmes, targets).pk for target in clause_spec.targets
            ]
    targets.remove_others(Target.objects.all(), kept_targets)
    clauses.remove_others(Clause.objects.all(), kept_clauses)
    reports.remove_others(Report.objects.all(), kept_reports)
    yield "reports", reports
    yield "clauses", clauses
    yield "targets", targets


def _clause(spec: ClauseSpec, report: Report, tally: Tally) -> Clause:
    values = {
        "section": spec.section,
        "section_en": spec.section_en,
        "text": spec.text,
        "text_en": spec.text_en,
        "order": spec.order,
    }
    return tally.upsert(Clause, {"report": report, "key": spec.key}, values)


def _target(
    spec: TargetSpec, clause: Clause, programmes: dict[str, Programme], tally: Tally
) -> Target:
    values = {
        "clause": clause,
        "name": spec.name,
        "name_en": spec.name_en,
        "kind": spec.kind,
        "comparator": spec.comparator,
        "value": spec.value,
        "value_max": spec.value_max,
        "unit": spec.unit,
        "unit_en": spec.unit_en,
        "measure": spec.measure,
        "programme": programmes[spec.programme] if spec.programme else None,
        "where": dict(spec.where),
        "value_field": spec.value_field,
        "accepted_field": spec.accepted_field,
        "milestone_state": spec.milestone_state,
        "lead_dept": spec.lead_dept,
        "note": spec.note,
        "note_en": spec.note_en,
        "order": spec.order,
    }
    return tally.upsert(Target, {"key": spec.key}, values)
