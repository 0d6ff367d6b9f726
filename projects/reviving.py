"""A removed site comes back under its own number, as the audit trail last knew it."""

import uuid
from decimal import Decimal
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.audit import Action
from accounts.models import AuditEntry, User
from gis_projects.http.problems import NotFound, RevisionConflict
from projects import editing, trail
from projects.editing import SiteDraft
from projects.models import District, Programme, Site, WorkflowState

_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")


@transaction.atomic
def revive_site(site_id: uuid.UUID, *, by: User) -> Site:
    """The site as it was when it was removed, in the state that it had; what it has of evidence begins anew.

    Raises NotFound when the trail has no such removal or its programme is gone, RevisionConflict when another site has
    the code meanwhile, and what ``editing.create_site`` raises.
    """
    entry = AuditEntry.objects.filter(
        kind=trail.SITE, subject=str(site_id), action=Action.REMOVED
    ).first()
    if entry is None:
        raise NotFound()
    values = {name: pair[0] for name, pair in entry.changed.items()}
    programme = Programme.objects.filter(key=values.pop("programme")).first()
    if programme is None:
        raise NotFound()
    if Site.objects.filter(programme=programme, code=values["code"]).exists():
        raise RevisionConflict(
            _("Another site has the code “%(code)s”.") % {"code": values["code"]}
        )
    states = WorkflowState.objects.filter(workflow=programme.workflow_id, key=values["state"])
    return editing.create_site(
        programme,
        _draft(values),
        by=by,
        on=timezone.localdate(),
        site_id=site_id,
        state=states.first(),
    )


def _draft(values: dict[str, Any]) -> SiteDraft:
    plain = {name: values[name] for name in trail.PLAIN if values.get(name) is not None}
    plain |= {name: parse_date(plain[name]) for name in _DATES if name in plain}
    if "investment" in plain:
        plain["investment"] = Decimal(plain["investment"])
    plain["district"] = District.objects.filter(code=values.get("district")).first()
    attributes = {
        name.removeprefix(trail.ATTRIBUTE): value
        for name, value in values.items()
        if name.startswith(trail.ATTRIBUTE)
    }
    return SiteDraft(geom=shapely.from_wkt(values["geom"]), attributes=attributes, **plain)
