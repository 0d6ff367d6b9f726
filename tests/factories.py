"""A small city to test in: two districts, one programme for each kind of geometry, a workflow with a detour.

Everything is invented; coordinates are lon, lat in degrees near 47.3 N, 124 E.
"""

import datetime as dt
import io
from typing import Any

from PIL import Image
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from projects import editing
from projects.models import (
    City,
    Clause,
    District,
    Programme,
    Report,
    Site,
    Target,
    Workflow,
    WorkflowState,
    WorkflowStep,
)

DAY = dt.date(2022, 5, 1)
STATES = [
    ("planned", "planned"),
    ("started", "working"),
    ("stopped", "suspended"),
    ("done", "completed"),
    ("accepted", "accepted"),
]
STEPS = [
    ("planned", "started", {}),
    ("started", "stopped", {"requires_note": True}),
    ("stopped", "started", {}),
    ("started", "done", {"roles": ["inspector", "planner"]}),
    ("done", "accepted", {"requires_photo": True, "roles": ["planner"]}),
]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "households": {
            "type": "integer",
            "title": "户数",
            "title_en": "Households",
            "unit": "户",
            "public": True,
            "minimum": 0,
        },
        "claimed_mu": {"type": "number", "title": "上报面积", "unit": "亩"},
        "accepted_mu": {"type": "number", "title": "验收面积", "unit": "亩"},
        "system": {
            "type": "string",
            "title": "管网类别",
            "enum": ["供热", "燃气"],
            "enum_en": ["heat", "gas"],
            "public": True,
        },
        "contact": {"type": "string", "title": "联系人", "maxLength": 20},
    },
    "additionalProperties": False,
}


def make_city(**changes: Any) -> City:
    values = {
        "key": "test",
        "code": "230200",
        "name": "测试市",
        "name_en": "Testville",
        "west": 123.0,
        "south": 46.5,
        "east": 125.0,
        "north": 48.0,
        "attribution": "测试",
        "attribution_en": "Test",
        "is_demonstration": True,
    }
    city = City.objects.create(**values | changes)
    for number, (code, name, west) in enumerate(
        [("230202", "西区", 123.5), ("230203", "东区", 124.0)]
    ):
        District.objects.create(
            city=city,
            code=code,
            name=name,
            name_en=f"District {number}",
            geom=editing.to_geos(box(west, 47.0, west + 0.5, 47.5)),
            order=number,
        )
    return city


def make_workflow(key: str = "plain") -> Workflow:
    workflow = Workflow.objects.create(key=key, name="流程", name_en="Workflow")
    states = {
        name: WorkflowState.objects.create(
            workflow=workflow,
            key=name,
            name=f"{name}态",
            name_en=name.title(),
            phase=phase,
            is_initial=order == 0,
            order=order,
        )
        for order, (name, phase) in enumerate(STATES)
    }
    for source, target, extra in STEPS:
        WorkflowStep.objects.create(
            workflow=workflow, source=states[source], target=states[target], **extra
        )
    return workflow


def make_programme(key: str = "parks", kind: str = "Polygon", **changes: Any) -> Programme:
    workflow = Workflow.objects.filter(key="plain").first() or make_workflow()
    values = {
        "name": f"{key}工程",
        "name_en": f"{key.title()} works",
        "theme": "主题",
        "theme_en": "Theme",
        "workflow": workflow,
        "geometry_kinds": [kind],
        "symbol": "circle",
        "attribute_schema": SCHEMA,
        "lead_dept": "市某局",
        "published": True,
    }
    return Programme.objects.create(key=key, **values | changes)


def square(west: float = 123.6, south: float = 47.1, side: float = 0.01) -> Polygon:
    return box(west, south, west + side, south + side)


def shape_for(programme: Programme, offset: float = 0.0) -> BaseGeometry:
    kind = programme.geometry_kinds[0]
    if kind == "Point":
        return Point(123.6 + offset, 47.1)
    if kind == "LineString":
        return LineString([(123.6 + offset, 47.1), (123.61 + offset, 47.12)])
    return square(123.6 + offset)


def make_site(programme: Programme, code: str = "A-1", **changes: Any) -> Site:
    values: dict[str, Any] = {
        "name": f"演示·{code}",
        "geom": shape_for(programme),
        "published": True,
        "district": District.objects.first(),
    }
    draft = editing.SiteDraft(code=code, **values | changes)
    return editing.create_site(programme, draft, by=None, on=DAY)


def state(programme: Programme, key: str) -> WorkflowState:
    return WorkflowState.objects.get(workflow=programme.workflow, key=key)


def bring_to(site: Site, *keys: str) -> Site:
    """Take the steps to each state in turn, as the system itself."""
    for key in keys:
        editing.move_site(site, state(site.programme, key), by=None, on=DAY, note="测试")
    return site


def make_target(programme: Programme | None, key: str = "goal", **changes: Any) -> Target:
    city = City.objects.get()
    report, _ = Report.objects.get_or_create(
        key="r", defaults={"city": city, "year": 2022, "title": "报告"}
    )
    clause, _ = Clause.objects.get_or_create(
        report=report, key="c", defaults={"section": "章", "text": "修复矿山四处"}
    )
    values = {
        "name": f"目标{key}",
        "name_en": key,
        "kind": "count",
        "comparator": "eq",
        "value": 4,
        "unit": "处",
        "unit_en": "places",
        "measure": "sites",
        "programme": programme,
    }
    return Target.objects.create(clause=clause, key=key, **values | changes)


def picture(
    size: tuple[int, int] = (64, 48), colour: str = "green", kind: str = "JPEG", **extra: Any
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **extra)
    return out.getvalue()
