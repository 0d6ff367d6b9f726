"""programmes.yaml: each kind of public work."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from shapely.geometry import Point

from gis_projects.geo.validity import KINDS
from projects.city.field_schema import read_schema
from projects.city.record import Record, not_one_of
from projects.city.specs import ProgrammeSpec, Spot, WorkflowSpec
from projects.models import Programme
from projects.publication import PrecisionInvalid, public_geometry

# The pictograms that the maps and legends have, in static/js/map/symbols.js.
SYMBOLS = (
    *("circle", "square", "triangle", "diamond", "hexagon", "pentagon", "star", "cross", "drop"),
    *("bolt", "pipe", "wave", "tree", "mine", "house", "school", "heart", "book"),
)


def read_programmes(
    top: Record, workflows: Mapping[str, WorkflowSpec] | None
) -> list[ProgrammeSpec]:
    """workflows: None when their own file could not be read, so that nothing is said about references to it."""
    units = _units(top)
    found: list[ProgrammeSpec] = []
    for order, record in enumerate(top.records("programmes")):
        programme = _programme(record, order, units, workflows)
        if programme.key in {other.key for other in found}:
            record.refuse("key", _("“%(key)s” is given twice.") % {"key": programme.key})
        found.append(programme)
    top.close()
    return found


def _units(top: Record) -> dict[str, str]:
    """English names of units, by their Chinese ones."""
    record = top.mapping("units", required=False)
    return {unit: record.text(unit) for unit in record.values}


def _programme(
    record: Record,
    order: int,
    units: Mapping[str, str],
    workflows: Mapping[str, WorkflowSpec] | None,
) -> ProgrammeSpec:
    programme = ProgrammeSpec(
        spot=Spot(record.file, record.line, record.path),
        key=record.key(),
        name=record.text("name", Programme),
        name_en=record.text("name_en", Programme),
        theme=record.text("theme", Programme),
        theme_en=record.text("theme_en", Programme),
        description=record.text("description", required=False),
        description_en=record.text("description_en", required=False),
        workflow=_workflow(record, workflows),
        geometry_kinds=tuple(record.texts("geometry_kinds", KINDS)),
        symbol=record.choice("symbol", SYMBOLS),
        precision=_precision(record),
        schema=read_schema(record, units),
        lead_dept=record.text("lead_dept", Programme, required=False),
        lead_dept_en=record.text("lead_dept_en", Programme, required=False),
        published=record.flag("published"),
        order=order,
    )
    record.close()
    return programme


def _workflow(record: Record, workflows: Mapping[str, WorkflowSpec] | None) -> str:
    key = record.text("workflow")
    if key and workflows is not None and key not in workflows:
        record.refuse("workflow", not_one_of(key, list(workflows)))
    return key


def _precision(record: Record) -> str:
    """Asked of the publication itself, so that what loads is what can be published."""
    precision = record.text("precision", Programme)
    if precision:
        try:
            public_geometry(Point(0, 0), precision)
        except PrecisionInvalid:
            known = ["exact", "grid:<1…100000>", "outline:<1…100000>", "street", "district"]
            record.refuse("precision", not_one_of(precision, known))
    return precision
