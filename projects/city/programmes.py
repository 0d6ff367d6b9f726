"""Programmes written to the database, and what the public may see of their sites brought in line."""

from projects.city.specs import ProgrammeSpec
from projects.city.upsert import Tally
from projects.editing import to_geos, to_shapely
from projects.models import Programme, Site, Workflow
from projects.publication import public_geometry


def write(specs: tuple[ProgrammeSpec, ...]) -> Tally:
    tally = Tally()
    workflows = {workflow.key: workflow for workflow in Workflow.objects.all()}
    former = dict(Programme.objects.values_list("key", "precision"))
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
        if former.get(spec.key, spec.precision) != spec.precision:
            _derive_public_geometry(programme)
    return tally


def remove_others(specs: tuple[ProgrammeSpec, ...]) -> Tally:
    """After the reports, whose targets point at programmes."""
    tally = Tally()
    kept = Programme.objects.filter(key__in=[spec.key for spec in specs])
    tally.remove_others(Programme.objects.all(), list(kept.values_list("pk", flat=True)))
    return tally


def _derive_public_geometry(programme: Programme) -> None:
    """A new precision holds for the sites that are there already, not only for those to come."""
    for site in Site.objects.filter(programme=programme).only("pk", "geom"):
        public = public_geometry(to_shapely(site.geom), programme.precision)
        geom = None if public is None else to_geos(public)
        Site.objects.filter(pk=site.pk).update(public_geom=geom)
