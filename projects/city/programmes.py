"""Programmes written to the database, and what the public may see of their sites brought in line."""

from projects import trail
from projects.city.specs import ProgrammeSpec
from projects.city.upsert import Tally
from projects.editing import to_geos, to_shapely
from projects.models import Programme, Site, Workflow
from projects.publication import public_geometry


def write(specs: tuple[ProgrammeSpec, ...]) -> Tally:
    tally = Tally()
    workflows = {workflow.key: workflow for workflow in Workflow.objects.all()}
    rows = Programme.objects.select_related("workflow")
    former = {row.key: trail.programme_values(row) for row in rows}
    for spec in specs:
        values = {
            "name": spec.name,
            "name_en": spec.name_en,
            "theme": spec.theme,
            "theme_en": spec.theme_en,
            "description": spec.description,
            "description_en": spec.description_en,
            "workflow": workflows[spec.workflow],
            "geometry_kinds": list(spec.geometry_kinds),
            "symbol": spec.symbol,
            "precision": spec.precision,
            "attribute_schema": dict(spec.schema),
            "lead_dept": spec.lead_dept,
            "lead_dept_en": spec.lead_dept_en,
            "published": spec.published,
            "order": spec.order,
        }
        programme = tally.upsert(Programme, {"key": spec.key}, values)
        before = former.get(spec.key)
        if before is not None and before["precision"] != spec.precision:
            _derive_public_geometry(programme)
        trail.programme_saved(programme, before)
    return tally


def remove_others(specs: tuple[ProgrammeSpec, ...]) -> Tally:
    """After the reports, whose targets point at programmes."""
    tally = Tally()
    kept = Programme.objects.filter(key__in=[spec.key for spec in specs])
    for programme in Programme.objects.exclude(pk__in=kept).select_related("workflow"):
        trail.programme_removed(programme)
    tally.remove_others(Programme.objects.all(), list(kept.values_list("pk", flat=True)))
    return tally


def _derive_public_geometry(programme: Programme) -> None:
    """A new precision holds for the sites that are there already, not only for those to come."""
    for site in Site.objects.filter(programme=programme).only("pk", "geom"):
        public = public_geometry(to_shapely(site.geom), programme.precision)
        geom = None if public is None else to_geos(public)
        Site.objects.filter(pk=site.pk).update(public_geom=geom)
