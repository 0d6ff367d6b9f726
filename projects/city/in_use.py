"""What the folder would take away from under sites that exist: said beforehand, in words."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import attributes
from projects.city.mistakes import Mistake
from projects.city.specs import CityFolder, ProgrammeSpec, Spot, WorkflowSpec
from projects.editing import to_geos
from projects.models import (
    City,
    District,
    Programme,
    Site,
    Transition,
    WorkflowState,
    WorkflowStep,
)


def conflicts(folder: CityFolder) -> list[Mistake]:
    """Why the folder cannot be loaded over what the database holds; empty when it can."""
    found = [*_city(folder), *_districts(folder)]
    for workflow in folder.workflows:
        found += [*_states(workflow), *_steps(workflow)]
    found += _programmes_removed(folder)
    rows = {row.key: row for row in Programme.objects.select_related("workflow")}
    for programme in folder.programmes:
        row = rows.get(programme.key)
        if row is not None and row.sites.exists():
            found += [
                *_workflow_changed(programme, row),
                *_kinds(programme),
                *_schema(programme, row),
            ]
    return found


def _mistake(spot: Spot, name: str, sentence: str) -> Mistake:
    field = f"{spot.field}.{name}" if name and spot.field != name else spot.field
    return Mistake(spot.file, spot.line, field, sentence)


def _sites(count: int) -> str:
    return ngettext("%(count)s site", "%(count)s sites", count) % {"count": count}


def _city(folder: CityFolder) -> Iterator[Mistake]:
    spot = folder.city.spot
    other = City.objects.exclude(key=folder.city.key).first()
    if other is not None:
        sentence = _(
            "The database holds the city “%(key)s”; another city needs a database of its own."
        )
        yield _mistake(spot, "", sentence % {"key": other.key})
    outside = Site.objects.exclude(geom__coveredby=to_geos(folder.city.bbox.to_polygon())).count()
    if outside:
        sentence = _("%(sites)s would lie outside the city.") % {"sites": _sites(outside)}
        yield Mistake(spot.file, spot.line, "bbox", sentence)


def _districts(folder: CityFolder) -> Iterator[Mistake]:
    kept = [district.code for district in folder.districts]
    for district in District.objects.exclude(code__in=kept):
        count = district.sites.count()
        if count:
            words = {"name": district.name, "code": district.code, "sites": _sites(count)}
            sentence = _("%(name)s (%(code)s) has %(sites)s and cannot be removed.") % words
            yield Mistake(folder.city.spot.file, folder.city.spot.line, "districts", sentence)


def _states(workflow: WorkflowSpec) -> Iterator[Mistake]:
    gone = WorkflowState.objects.filter(workflow__key=workflow.key).exclude(
        key__in=workflow.state_keys
    )
    for state in gone:
        in_it = state.sites.count()
        passed = Transition.objects.filter(
            Q(to_state=state) | Q(step__source=state) | Q(step__target=state)
        )
        count = in_it or passed.values("site").distinct().count()
        if count:
            words = {"state": state.key, "sites": _sites(count)}
            sentence = (
                _("The state “%(state)s” cannot be removed: it holds %(sites)s.")
                if in_it
                else _(
                    "The state “%(state)s” cannot be removed: it is in the history of %(sites)s."
                )
            )
            yield _mistake(workflow.spot, "states", sentence % words)


def _steps(workflow: WorkflowSpec) -> Iterator[Mistake]:
    """A step that was taken is part of a site's history. Steps of states that go are reported with these."""
    kept = {(step.source, step.target) for step in workflow.steps}
    rows = WorkflowStep.objects.filter(
        workflow__key=workflow.key,
        source__key__in=workflow.state_keys,
        target__key__in=workflow.state_keys,
    )
    for step in rows.select_related("source", "target"):
        if (step.source.key, step.target.key) not in kept and step.transitions.exists():
            words = {"source": step.source.key, "target": step.target.key}
            sentence = _(
                "The step from “%(source)s” to “%(target)s” has been taken and cannot be removed."
            )
            yield _mistake(workflow.spot, "steps", sentence % words)


def _programmes_removed(folder: CityFolder) -> list[Mistake]:
    first = folder.programmes[0].spot
    kept = [programme.key for programme in folder.programmes]
    found = []
    for programme in Programme.objects.exclude(key__in=kept):
        count = programme.sites.count()
        if count:
            words = {"programme": programme.key, "sites": _sites(count)}
            sentence = (
                _("The programme “%(programme)s” has %(sites)s and cannot be removed.") % words
            )
            found.append(Mistake(first.file, first.line, "programmes", sentence))
    return found


def _workflow_changed(programme: ProgrammeSpec, row: Programme) -> Iterator[Mistake]:
    if row.workflow.key != programme.workflow:
        words = {"workflow": row.workflow.key}
        sentence = (
            _("The programme has sites in the workflow “%(workflow)s”, which must stay.") % words
        )
        yield _mistake(programme.spot, "workflow", sentence)


def _kinds(programme: ProgrammeSpec) -> Iterator[Mistake]:
    names = [name for kind in programme.geometry_kinds for name in (kind, f"Multi{kind}")]
    shapes = Site.objects.filter(programme__key=programme.key).values_list("geom", flat=True)
    others = {geom.geom_type for geom in shapes.iterator()} - set(names)
    if others:
        words = {"kinds": ", ".join(sorted(others))}
        yield _mistake(
            programme.spot, "geometry_kinds", _("There are sites of the kind %(kinds)s.") % words
        )


def _schema(programme: ProgrammeSpec, row: Programme) -> Iterator[Mistake]:
    if row.attribute_schema == programme.schema:
        return
    schema = dict(programme.schema)
    for code, values in row.sites.order_by("code").values_list("code", "attributes"):
        found = attributes.problems(schema, values)
        if found:
            words = {"code": code, "reason": " ".join(problem.sentence for problem in found)}
            yield _mistake(
                programme.spot, "fields", _("The site %(code)s would not fit: %(reason)s") % words
            )
