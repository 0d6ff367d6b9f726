"""What every site's form and list are made from: programmes, their workflows and forms, districts, the city."""

from typing import Any

from projects.models import City, District, Programme, Workflow

JsonDict = dict[str, Any]


def reference() -> JsonDict:
    """``{"city", "programmes", "workflows", "districts"}``, each in its order; names as a pair, Chinese and English."""
    city = City.objects.first()
    return {
        "city": None if city is None else _city(city),
        "programmes": [_programme(row) for row in Programme.objects.select_related("workflow")],
        "workflows": [_workflow(row) for row in Workflow.objects.order_by("key")],
        "districts": list(District.objects.values("code", "name", "name_en")),
    }


def _city(city: City) -> JsonDict:
    return {
        "name": city.name,
        "name_en": city.name_en,
        "bbox": city.bbox.bounds,
        "is_demonstration": city.is_demonstration,
    }


def _programme(row: Programme) -> JsonDict:
    names = ("key", "name", "name_en", "symbol", "geometry_kinds", "attribute_schema")
    return {**{name: getattr(row, name) for name in names}, "workflow": row.workflow.key}


def _workflow(row: Workflow) -> JsonDict:
    states = row.states.order_by("order")
    steps = row.steps.select_related("source", "target")
    return {
        "key": row.key,
        "states": list(states.values("key", "name", "name_en", "phase", "is_initial")),
        "steps": [
            {
                "source": step.source.key,
                "target": step.target.key,
                "requires_photo": step.requires_photo,
                "requires_note": step.requires_note,
                "roles": step.roles,
            }
            for step in steps
        ],
    }
