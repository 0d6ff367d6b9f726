"""What the page of one site shows: the promise, the track, the figures, the evidence."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from layers.models import RasterScene
from projects import attributes
from projects.models import PhotoPair, Site, Target, WorkflowState
from projects.querysets import Viewer
from projects.workflow import DETOURS

IMAGERY_MOST = 100


@dataclass(frozen=True)
class TrackStep:
    """A state on the workflow's track. on: when the site entered it last; None when it did not yet."""

    state: WorkflowState
    on: dt.date | None
    is_current: bool


@dataclass(frozen=True)
class AttributeRow:
    title: str
    value: Any
    unit: str


def context(site: Site) -> dict[str, Any]:
    """Everything but the map. The site has its programme, district and state loaded."""
    photos = list(site.photos.filter(published=True))
    found = targets(site)
    return {
        "site": site,
        "targets": found,
        "track": track(site),
        "attribute_rows": _attribute_rows(site),
        "claimed": _claimed(site, found),
        "pairs": _pairs(site),
        "photos": photos,
        "history": site.transitions.select_related("to_state"),
        "visits": site.inspections.all(),
    }


def scenes(site: Site, user: Viewer) -> list[dict[str, Any]]:
    """The before and after imagery that this viewer may see, as the map's script takes it."""
    pairs = site.scene_pairs.select_related("before", "after").filter(
        before__in=RasterScene.objects.visible_to(user),
        after__in=RasterScene.objects.visible_to(user),
    )
    return [
        {"before": scene_settings(pair.before), "after": scene_settings(pair.after)}
        for pair in pairs
        if pair.before is not None and pair.after is not None
    ]


def track(site: Site) -> list[TrackStep]:
    """The workflow's main line, and of its detours the one where the site stands, if it stands on one."""
    entered = {entry.to_state_id: entry.on for entry in site.transitions.all()}
    states = WorkflowState.objects.filter(workflow=site.programme.workflow_id)
    return [
        TrackStep(state, entered.get(state.pk), state.pk == site.state_id)
        for state in states
        if state.phase not in DETOURS or state.pk == site.state_id
    ]


def targets(site: Site) -> list[Target]:
    """The targets that this site counts for."""
    found = Target.objects.filter(programme=site.programme_id).select_related("clause__report")
    return [target for target in found if target.takes(site.attributes)]


def _attribute_rows(site: Site) -> list[AttributeRow]:
    schema = site.programme.attribute_schema
    public = attributes.public_values(schema, site.attributes)
    return [
        AttributeRow(
            attributes.title(schema, key),
            attributes.label(schema, key, public[key]),
            attributes.unit(schema, key),
        )
        for key, _spec in attributes.fields(schema)
        if key in public
    ]


def _claimed(site: Site, targets: list[Target]) -> Any:
    """The figure that the bureau wrote for the measure of this site's own target, where it is public."""
    public = attributes.public_values(site.programme.attribute_schema, site.attributes)
    for target in targets:
        if target.measure in {"length", "area"} and target.value_field in public:
            return {"value": public[target.value_field], "target": target}
    return None


def _pairs(site: Site) -> list[PhotoPair]:
    pairs = site.photo_pairs.select_related("before", "after")
    return [pair for pair in pairs if pair.before.published and pair.after.published]


def scene_settings(scene: RasterScene) -> dict[str, Any]:
    tiles = reverse("raster:scene-tile", args=[scene.pk, 0, 0, 0, "webp"])
    return {
        "tiles": tiles.replace("/0/0/0.webp", "/{z}/{x}/{y}.webp"),
        "date": scene.acquired_on.isoformat(),
        "sensor": scene.sensor,
        "bounds": list(scene.footprint.extent),
        "simulated": scene.is_simulated,
    }


def imagery(user: Viewer) -> list[dict[str, Any]]:
    """The newest scenes that this user may see, for the map's list of layers."""
    rows = RasterScene.objects.visible_to(user).order_by("-acquired_on", "key")[:IMAGERY_MOST]
    return [
        {"key": f"scene-{scene.pk}", "name": [scene.name, ""], "scene": scene_settings(scene)}
        for scene in rows
    ]
