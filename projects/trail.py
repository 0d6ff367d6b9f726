"""What the audit trail is told of sites and programmes: each field by its name, old and new, as plain values.

Geometry is WKT in EPSG:4326, lon lat, with every digit that the database holds. A district is its code, a state and a
workflow their keys; the programme's own fields are ``attributes.<key>``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely import wkb

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from projects.models import (
    Correction,
    District,
    ImportJob,
    Inspection,
    Photo,
    Programme,
    Site,
    WorkflowState,
)

SITE, PROGRAMME, IMPORT, OPERATION = "site", "programme", "import", "operation"
ATTRIBUTE = "attributes."
ASKED = "asked"
# Told of a new site besides its attributes, its place and its state.
PLAIN = (
    *("code", "name", "name_en", "district", "address", "planned_start", "planned_end"),
    *("actual_start", "actual_end", "investment", "progress", "published", "is_demonstration"),
    "source_crs",
)
Changes = dict[str, tuple[Any, Any]]


def site_created(site: Site, *, by: User | None) -> None:
    values = {"programme": site.programme.key, "state": site.state.key} | _values(site)
    audit.record(_of_site(Action.CREATED, site, audit.created(values), by))


def site_values(site: Site) -> dict[str, Any]:
    """To be taken before a change, for ``site_updated``."""
    return _values(site)


def site_updated(site: Site, former: Mapping[str, Any], *, by: User | None) -> None:
    audit.record(_of_site(Action.UPDATED, site, audit.difference(former, _values(site)), by))


def site_moved(site: Site, former: WorkflowState, note: str, *, by: User | None) -> None:
    changes: Changes = {"state": (former.key, site.state.key)}
    if note:
        changes["note"] = (None, note)
    audit.record(_of_site(Action.MOVED, site, changes, by))


def site_inspected(
    site: Site, inspection: Inspection, former_progress: int, *, by: User | None
) -> None:
    changes = audit.created({"inspection": inspection.pk, "note": inspection.note})
    changes |= audit.difference({"progress": former_progress}, {"progress": site.progress})
    audit.record(_of_site(Action.INSPECTED, site, changes, by))


def inspection_corrected(site: Site, said: Correction, *, by: User | None) -> None:
    changes = audit.created(
        {"inspection": said.inspection_id, "correction": said.note, "corrected": said.progress}
    )
    audit.record(_of_site(Action.INSPECTED, site, changes, by))


def site_asked(site: Site, former: str | None, now: str | None, *, by: User | None) -> None:
    """An inspector is asked to visit it, differently, or no more; each as ``SiteAssignment.told`` has it."""
    audit.record(_of_site(Action.UPDATED, site, {ASKED: (former, now)}, by))


def photo_added(site: Site, photo: Photo, *, by: User | None) -> None:
    """The photograph is named by the SHA-256 of its bytes, so that another one put in its place can be told."""
    changes = audit.created({"photo": photo.pk, "sha256": photo.sha256, "role": str(photo.role)})
    audit.record(_of_site(Action.PHOTOGRAPHED, site, changes, by))


def sites_removed(sites: Sequence[Site], *, by: User | None) -> None:
    """One entry for each site, with all that it was."""
    events = []
    for site in sites:
        values = {"programme": site.programme.key, "state": site.state.key} | _values(site)
        gone = {name: (pair[1], None) for name, pair in audit.created(values).items()}
        events.append(_of_site(Action.REMOVED, site, gone, by))
    audit.record_all(events)


def import_stored(job: ImportJob, *, by: User | None) -> None:
    changes = audit.created({"state": str(job.state), **job.counts})
    audit.record(Event(Action.CREATED, IMPORT, str(job.pk), str(job), changes, by))


def import_undone(job: ImportJob, *, by: User | None) -> None:
    changes: Changes = {"state": ("stored", "undone")}
    audit.record(Event(Action.UPDATED, IMPORT, str(job.pk), str(job), changes, by))


def programme_saved(programme: Programme, former: Mapping[str, Any] | None) -> None:
    """former: its ``programme_values`` before, None for a new one. Nothing is written when nothing changed."""
    values = programme_values(programme)
    if former is None:
        _of_programme(Action.CREATED, programme, audit.created(values))
        return
    changes = audit.difference(former, values)
    if changes:
        _of_programme(Action.UPDATED, programme, changes)


def programme_removed(programme: Programme) -> None:
    values = programme_values(programme)
    _of_programme(Action.REMOVED, programme, {name: (old, None) for name, old in values.items()})


def programme_values(programme: Programme) -> dict[str, Any]:
    """All its columns but the number: schema, publication and precision among them."""
    fields = [field for field in programme._meta.concrete_fields if field.name != "id"]
    values = {field.name: getattr(programme, field.attname) for field in fields}
    return values | {"workflow": programme.workflow.key}


def _of_programme(action: Action, programme: Programme, changes: Changes) -> None:
    audit.record(Event(action, PROGRAMME, programme.key, programme.name, changes))


def _of_site(action: Action, site: Site, changes: Changes, by: User | None) -> Event:
    return Event(action, SITE, str(site.pk), f"{site.code} {site.name}", changes, by)


def _values(site: Site) -> dict[str, Any]:
    place = shapely.to_wkt(wkb.loads(bytes(site.geom.wkb)), rounding_precision=-1)
    return _plain_values(site) | {"geom": place}


def _plain_values(site: Site) -> dict[str, Any]:
    values = {name: getattr(site, name) for name in PLAIN}
    values["district"] = district_code(site.district)
    return values | {ATTRIBUTE + key: value for key, value in site.attributes.items()}


def district_code(district: District | None) -> str | None:
    return None if district is None else district.code
