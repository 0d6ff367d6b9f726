"""Changes of a site that were made without network, field by field; and proposals, which wait for the office."""

from typing import Any

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from accounts.models import User
from projects import editing, workflow
from projects.models import (
    District,
    Inspection,
    OperationState,
    PhotoState,
    PhotoUpload,
    Programme,
    Site,
    WorkflowState,
)
from projects.sync import context, fields, merge
from projects.sync.context import NEW_SITE, Outcome, Work
from projects.sync.fields import GEOM, NOTE, STATE, VISIT
from projects.sync.operation import Refused
from projects.trail import ATTRIBUTE


def change(work: Work) -> Outcome:
    """Take what nobody else has touched; keep the rest as a conflict, both values of it.

    A geometry is only proposed by somebody who is no planner.
    """
    wanted = {field: pair for field, pair in work.op.changes.items() if field not in (NOTE, VISIT)}
    _check_fields(work.rights, wanted)
    site = context.site_for_work(work.rights, work.op.target)
    if site is None:
        return context.gone()
    now = {field: fields.value_of(site, field) for field in wanted}
    held = _awaits_photo(work, site, wanted, now)
    if held is not None:
        return held
    found = merge.three_way(wanted, now)
    proposes = GEOM in found.take and not work.rights.is_planner
    take = {field: value for field, value in found.take.items() if field != GEOM or not proposes}
    revision = write(work, site, take)
    return _told(work, found, revision, has_moved_on=site.revision, proposes=proposes)


def write(work: Work, site: Site, take: dict[str, Any]) -> int:
    """Write merged fields through the one writer; the site's revision afterwards.

    Raises Refused and the Problems of ``editing``.
    """
    revision = site.revision
    rest = {field: value for field, value in take.items() if field != STATE}
    if rest:
        revision = editing.update_site(
            site,
            fields.plain_values(rest),
            geom=fields.geometry(rest[GEOM]) if GEOM in rest else None,
            new_attributes=fields.attributes_after(site, rest),
            by=work.rights,
        ).revision
    if STATE in take:
        goal = _state(site, take[STATE])
        visit = context.optional_uuid(work.op, VISIT)
        editing.move_site(
            site,
            goal,
            by=work.rights,
            on=timezone.localdate(work.happened_at()),
            note=context.text(work.op, NOTE, 2_000),
            inspection=Inspection.objects.filter(pk=visit, site=site).first() if visit else None,
        )
        revision = site.revision
    return revision


def propose(work: Work) -> Outcome:
    """A new site: kept for the office, with what stands in its way as far as it can be told now."""
    key = work.op.new("programme")
    programme = Programme.objects.filter(key=key).first() if isinstance(key, str) else None
    if programme is None:
        raise Refused("programme-unknown", _("There is no such programme."))
    geom = fields.geometry(work.op.new(GEOM))
    editing.check_geometry(programme, geom)
    district = district_of(geom)
    place = {"programme": programme.pk, "district": None if district is None else district.pk}
    said = _("The proposal waits for the office.")
    return Outcome(OperationState.PROPOSED, NEW_SITE, said, {"place": place})


def district_of(geom: BaseGeometry) -> District | None:
    """By a point that is surely inside. geom: EPSG:4326 lon/lat."""
    place = editing.to_geos(shapely.force_2d(geom).representative_point())
    return District.objects.defer("geom").filter(geom__contains=place).first()


def _told(
    work: Work, found: merge.Merge, revision: int, *, has_moved_on: int, proposes: bool
) -> Outcome:
    result: dict[str, Any] = {
        "revision": revision,
        "taken": sorted(found.take),
        "agreed": sorted(found.agreed),
    }
    if found.conflicts:
        result["conflicts"] = {name: one.as_json() for name, one in found.conflicts.items()}
        result["site"] = str(work.op.target)
        return Outcome(
            OperationState.CONFLICT,
            "fields",
            _("Somebody else changed the same meanwhile. Both values are kept for the office."),
            result,
        )
    if proposes:
        result["taken"] = [field for field in result["taken"] if field != GEOM]
        return Outcome(
            OperationState.PROPOSED, GEOM, _("The new outline waits for the office."), result
        )
    is_behind = work.op.base_rev is not None and work.op.base_rev != has_moved_on
    return Outcome(OperationState.MERGED if is_behind else OperationState.APPLIED, result=result)


def _check_fields(user: User, wanted: dict[str, Any]) -> None:
    if not wanted:
        raise Refused("value-invalid", _("The record changes nothing."))
    for field in wanted:
        if not fields.is_known(field):
            raise Refused("field-unknown", _("A site has no “%(field)s”.") % {"field": field[:80]})
        is_own = field in fields.INSPECTORS or field.startswith(ATTRIBUTE)
        if not is_own and not user.is_planner:
            raise Refused("not-allowed", _("Only the office changes this of a site."))


def _awaits_photo(
    work: Work, site: Site, wanted: dict[str, Any], now: dict[str, Any]
) -> Outcome | None:
    """A step that asks for a photograph waits for one that is on its way."""
    if STATE not in wanted or now[STATE] != wanted[STATE][0] or site.photos.exists():
        return None
    step = next(
        (one for one in workflow.steps_from(site.state) if one.target.key == wanted[STATE][1]), None
    )
    if step is None or not step.requires_photo:
        return None
    if not PhotoUpload.objects.filter(site=site.pk, state=PhotoState.WAITING).exists():
        return None
    return Outcome(
        OperationState.HELD, "photo-awaited", _("This step waits for its photograph to arrive.")
    )


def _state(site: Site, key: Any) -> WorkflowState:
    found = None
    if isinstance(key, str):
        rows = WorkflowState.objects.filter(workflow=site.programme.workflow_id)
        found = rows.filter(key=key).first()
    if found is None:
        raise context.value_invalid(STATE)
    return found
