"""The one writer of sites: each verb is one transaction that keeps what belongs together, together.

Geometry is measured and its public form derived here, on every write; state moves only along the workflow;
revisions rise; the publication's revision rises when the public may see the difference.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _
from shapely import wkb
from shapely.geometry.base import BaseGeometry

from accounts.models import User
from gis_projects.geo import measure, validity
from gis_projects.geo.bbox import BBox
from gis_projects.http.problems import (
    AttributesInvalid,
    GeometryInvalid,
    NotAllowed,
    RevisionConflict,
    TransitionRefused,
)
from layers.boxes import touching
from projects import attributes, publication, trail, workflow
from projects.models import (
    City,
    District,
    Inspection,
    Programme,
    Site,
    Transition,
    WorkflowState,
    WorkflowStep,
)
from projects.search import search_text

# Ground shared by less than this is a shared border drawn twice, not an overlap.
OVERLAP_MIN_M2 = 1.0
PLAIN_FIELDS = frozenset(
    {
        "code",
        "name",
        "name_en",
        "district",
        "address",
        "planned_start",
        "planned_end",
        "actual_start",
    }
    | {"actual_end", "investment", "progress", "published", "is_demonstration", "source_crs"}
)


@dataclasses.dataclass(frozen=True)
class SiteDraft:
    """What somebody wants a site to be. geom: shapely, EPSG:4326 lon/lat; its heights are kept beside the place."""

    code: str
    name: str
    geom: BaseGeometry
    name_en: str = ""
    district: District | None = None
    address: str = ""
    source_crs: str = "EPSG:4326"
    planned_start: dt.date | None = None
    planned_end: dt.date | None = None
    actual_start: dt.date | None = None
    actual_end: dt.date | None = None
    investment: Decimal | None = None
    progress: int = 0
    attributes: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    published: bool = False
    is_demonstration: bool = False


@transaction.atomic
def create_site(
    programme: Programme,
    draft: SiteDraft,
    *,
    by: User | None,
    on: dt.date,
    site_id: uuid.UUID | None = None,
    state: WorkflowState | None = None,
) -> Site:
    """Register a site, in its workflow's initial state unless another one is given.

    site_id: the number that a device gave it, or that it had before it was removed.
    Raises GeometryInvalid, AttributesInvalid. The code's uniqueness is the database's to refuse.
    """
    values = {field: getattr(draft, field) for field in PLAIN_FIELDS}
    attributes.check(programme.attribute_schema, dict(draft.attributes))
    state = state or workflow.initial_state(programme)
    site = Site(programme=programme, state=state, attributes=dict(draft.attributes), **values)
    site.pk = site_id or site.pk
    _set_geometry(site, draft.geom)
    _set_search_text(site)
    site.save(force_insert=True)
    _mark_overlaps(site)
    Transition.objects.create(site=site, to_state=state, on=on, by=by, note="")
    publication.announce(site)
    trail.site_created(site, by=by)
    return site


@transaction.atomic
def update_site(
    site: Site,
    changes: Mapping[str, Any],
    *,
    base_revision: int | None = None,
    geom: BaseGeometry | None = None,
    is_whole: bool = False,
    new_attributes: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> Site:
    """Change plain fields, attributes and geometry; only columns that differ are written.

    geom: with heights, or without; heights that were kept go with the place that they were of. is_whole: what geom
    does not have is not wanted, so that they go from the same place as well.
    base_revision: the revision that the editor had seen. by: None is the user of the request.
    Raises RevisionConflict when the site has moved on, GeometryInvalid, AttributesInvalid.
    """
    rows = Site.objects.select_for_update(of=("self",)).select_related("programme", "district")
    locked = rows.defer("district__geom").get(pk=site.pk)
    if base_revision is not None and base_revision != locked.revision:
        raise RevisionConflict(
            _(
                "Somebody saved this site while you were editing. Reload it and enter your changes again."
            ),
            current_revision=locked.revision,
        )
    was_public = publication.is_public(locked)
    before = trail.site_values(locked)
    changed = _apply_plain(locked, changes)
    if new_attributes is not None and dict(new_attributes) != locked.attributes:
        attributes.check(locked.programme.attribute_schema, dict(new_attributes))
        locked.attributes = dict(new_attributes)
        changed.add("attributes")
    moved = geom is not None and not _same_place(locked, geom)
    former = to_shapely(locked.geom)
    if geom is not None and moved:
        _set_geometry(locked, geom)
        changed |= {"geom", "source_geom", "public_geom", "length_m", "area_m2"}
    elif geom is not None and (geom.has_z or is_whole) and heights_differ(locked, geom):
        locked.source_geom = with_heights(geom)
        changed.add("source_geom")
    if not changed:
        return locked
    _set_search_text(locked)
    locked.revision += 1
    locked.save(update_fields=[*changed, "search_text", "revision", "updated_at"])
    if moved:
        _mark_overlaps(locked, former)
    publication.announce(locked, was_public=was_public)
    trail.site_updated(locked, before, by=by)
    return locked


@transaction.atomic
def move_site(
    site: Site,
    to_state: WorkflowState,
    *,
    by: User | None,
    on: dt.date,
    note: str = "",
    inspection: Inspection | None = None,
) -> Transition:
    """Take one step of the workflow.

    Raises TransitionRefused when the workflow has no such step or the step's evidence is missing, NotAllowed
    when the step is another role's. by None is the system itself (loading demonstration data).
    """
    rows = Site.objects.select_for_update(of=("self",)).select_related("state", "programme")
    locked = rows.get(pk=site.pk)
    step = _find_step(locked, to_state)
    if by is not None and not workflow.may_take(by, step):
        raise NotAllowed(_("This step is not one of your role."))
    _check_evidence(locked, step, note)
    former, locked.state = locked.state, to_state
    locked.revision += 1
    locked.save(update_fields=["state", "revision", "updated_at"])
    entry = Transition.objects.create(
        site=locked, step=step, to_state=to_state, on=on, by=by, note=note, inspection=inspection
    )
    publication.announce(locked)
    trail.site_moved(locked, former, note, by=by)
    site.state, site.revision = to_state, locked.revision
    return entry


def to_shapely(geom: GEOSGeometry) -> BaseGeometry:
    return wkb.loads(bytes(geom.wkb))


def surveyed(site: Site) -> BaseGeometry:
    """The site's geometry with its heights, where these were kept."""
    if site.source_geom is None:
        return to_shapely(site.geom)
    return wkb.loads(bytes(site.source_geom))


def with_heights(geom: BaseGeometry) -> bytes | None:
    """ISO WKB for ``Site.source_geom``; None of a geometry without heights."""
    return bytes(shapely.to_wkb(geom, flavor="iso")) if geom.has_z else None


def heights_differ(site: Site, geom: BaseGeometry) -> bool:
    """Whether other heights, or none, were kept of the site than the geometry has."""
    kept = None if site.source_geom is None else bytes(site.source_geom)
    return kept != with_heights(geom)


def to_geos(geom: BaseGeometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(geom)), srid=4326)


def check_geometry(programme: Programme, geom: BaseGeometry) -> BaseGeometry:
    """The geometry in two dimensions, of the programme's kinds, valid, inside the city. Raises GeometryInvalid."""
    if validity.is_empty(geom) or not validity.has_finite_coordinates(geom):
        raise GeometryInvalid(_("The geometry is empty or has coordinates that are not numbers."))
    flat = validity.force_2d(geom)
    kind = validity.kind_of(flat)
    if kind not in programme.geometry_kinds:
        raise GeometryInvalid(
            _("A %(kind)s does not fit this programme; expected: %(kinds)s.")
            % {"kind": flat.geom_type, "kinds": ", ".join(programme.geometry_kinds)}
        )
    invalid = validity.explain(flat)
    if invalid is not None:
        raise GeometryInvalid(_("The geometry is not valid: %(reason)s.") % {"reason": invalid})
    city = City.objects.first()
    if city is not None and not city.bbox.to_polygon().covers(flat):
        raise GeometryInvalid(_("The geometry lies outside the city."))
    return flat


def _set_geometry(site: Site, geom: BaseGeometry) -> None:
    flat = check_geometry(site.programme, geom)
    site.geom = to_geos(flat)
    site.source_geom = with_heights(geom)
    public = publication.public_geometry(flat, site.programme.precision)
    site.public_geom = None if public is None else to_geos(public)
    kind = validity.kind_of(flat)
    site.length_m = measure.length_m(flat) if kind == "LineString" else None
    site.area_m2 = measure.area_m2(flat) if kind == "Polygon" else None


def _set_search_text(site: Site) -> None:
    site.search_text = search_text(site.code, site.name, site.name_en)


def _same_place(site: Site, geom: BaseGeometry) -> bool:
    return bool(to_shapely(site.geom).equals_exact(geom, 0.0))


def _apply_plain(site: Site, changes: Mapping[str, Any]) -> set[str]:
    unknown = set(changes) - PLAIN_FIELDS
    if unknown:
        raise AttributesInvalid(", ".join(sorted(unknown)))
    changed = {field for field, value in changes.items() if getattr(site, field) != value}
    for field in changed:
        setattr(site, field, changes[field])
    return changed


def _find_step(site: Site, to_state: WorkflowState) -> WorkflowStep:
    for step in workflow.steps_from(site.state):
        if step.target_id == to_state.pk:
            return step
    raise TransitionRefused(
        _("“%(name)s” cannot go from “%(source)s” to “%(target)s”.")
        % {"name": site.name, "source": site.state.name, "target": to_state.name}
    )


def _check_evidence(site: Site, step: WorkflowStep, note: str) -> None:
    if step.requires_note and not note.strip():
        raise TransitionRefused(_("This step asks for a note that says why."))
    if step.requires_photo and not site.photos.exists():
        raise TransitionRefused(_("This step asks for a photograph of the site first."))


def _mark_overlaps(site: Site, former: BaseGeometry | None = None) -> None:
    """Keep has_overlap true to the ground for the site and for those it touches or touched."""
    if site.area_m2 is None:
        return
    here = to_shapely(site.geom)
    around = here if former is None else shapely.union_all([here.envelope, former.envelope])
    neighbours = list(_polygons_near(site, around))
    overlapping = {other.pk for other, shape in neighbours if _overlap(here, shape)}
    _write_overlap(site, bool(overlapping))
    for other, shape in neighbours:
        if other.pk in overlapping:
            _write_overlap(other, True)
        elif other.has_overlap and former is not None and _overlap(former, shape):
            _write_overlap(other, any(_overlap(shape, s) for o, s in _polygons_near(other, shape)))


def _polygons_near(site: Site, around: BaseGeometry) -> list[tuple[Site, BaseGeometry]]:
    rows = Site.objects.filter(programme=site.programme_id, area_m2__isnull=False)
    rows = touching(rows, "geom", BBox.from_geometry(around)).exclude(pk=site.pk)
    return [
        (other, to_shapely(other.geom))
        for other in rows.only("pk", "geom", "has_overlap", "programme")
    ]


def _overlap(one: BaseGeometry, other: BaseGeometry) -> bool:
    return one.intersects(other) and measure.overlap_area_m2(one, other) > OVERLAP_MIN_M2


def refresh_overlap(site: Site) -> None:
    """Bring has_overlap of a polygon up to date after one near it has gone."""
    shape = to_shapely(site.geom)
    _write_overlap(site, any(_overlap(shape, other) for _s, other in _polygons_near(site, shape)))


def _write_overlap(site: Site, value: bool) -> None:
    if site.has_overlap != value:
        site.has_overlap = value
        Site.objects.filter(pk=site.pk).update(has_overlap=value)
