"""A site as a tablet keeps it: enough to find it, to see what is asked, and to record a visit without network."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from projects.models import Inspection, Photo, Site, SiteAssignment
from projects.sync.fields import geometry_version

VISITS_EACH = 5
_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
_TEXTS = ("code", "name", "name_en", "address")
JsonDict = dict[str, Any]


def site_documents(user: User, ids: Iterable[uuid.UUID]) -> list[JsonDict]:
    """Of those sites that the user works on; four queries, however many there are."""
    rows = Site.objects.editable_by(user).filter(pk__in=list(ids)).order_by("pk")
    sites = list(
        rows.select_related("programme", "district", "state").defer(
            "district__geom", "programme__attribute_schema", "public_geom"
        )
    )
    found = [site.pk for site in sites]
    visits, photos, asked = _visits(found), _photos(found), _asked(user, found)
    return [
        _document(site, visits[site.pk], photos[site.pk]) | {"asked": asked[site.pk]}
        for site in sites
    ]


def _document(site: Site, visits: list[JsonDict], photos: list[JsonDict]) -> JsonDict:
    return {
        "id": str(site.pk),
        "revision": site.revision,
        "programme": site.programme.key,
        "district": None if site.district is None else site.district.code,
        "state": site.state.key,
        "phase": site.state.phase,
        "progress": site.progress,
        **{field: getattr(site, field) for field in _TEXTS},
        **{field: getattr(site, field) for field in _DATES},
        "attributes": site.attributes,
        "geometry": orjson.Fragment(site.geom.json),
        "geom": geometry_version(site),
        "length_m": site.length_m,
        "area_m2": site.area_m2,
        "is_demonstration": site.is_demonstration,
        "visits": visits,
        "photos": photos,
    }


def _visits(sites: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[JsonDict]]:
    """The last few of each site, the newest first."""
    found: dict[uuid.UUID, list[JsonDict]] = defaultdict(list)
    rows = Inspection.objects.filter(site__in=sites).select_related("inspector")
    for row in rows.order_by("site", "-inspected_at").iterator():
        if len(found[row.site_id]) < VISITS_EACH:
            found[row.site_id].append(
                {
                    "id": str(row.pk),
                    "at": row.inspected_at,
                    "by": "" if row.inspector is None else str(row.inspector),
                    "note": row.note,
                    "progress": row.progress,
                }
            )
    return found


def _photos(sites: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[JsonDict]]:
    found: dict[uuid.UUID, list[JsonDict]] = defaultdict(list)
    for row in Photo.objects.filter(site__in=sites).iterator():
        found[row.site_id].append(
            {
                "id": str(row.pk),
                "role": row.role,
                "taken_at": row.taken_at,
                "lon": None if row.position is None else row.position.x,
                "lat": None if row.position is None else row.position.y,
                "bearing_deg": row.bearing_deg,
                "caption": row.caption,
                "url": reverse("photo", args=[row.pk, "display"]),
                "width": row.width_px,
                "height": row.height_px,
                "is_simulated": row.is_simulated,
                "sketch_of": None if row.sketch_of is None else str(row.sketch_of),
                "bytes": _size(row.display),
                "thumb": reverse("photo", args=[row.pk, "thumb"]),
            }
        )
    return found


def _asked(user: User, sites: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[JsonDict]]:
    """What this user, and nobody else, is asked to visit, the most pressing first."""
    found: dict[uuid.UUID, list[JsonDict]] = defaultdict(list)
    rows = SiteAssignment.objects.filter(user=user, site__in=sites).open()
    for row in rows.select_related("asked_by"):
        found[row.site_id].append(
            {
                "by": "" if row.asked_by is None else str(row.asked_by),
                "begins_on": row.begins_on,
                "due_on": row.due_on,
                "note": row.note,
            }
        )
    return found


def _size(name: str) -> int | None:
    """Bytes of a picture, so that a tablet can say beforehand what it will fetch."""
    try:
        return (Path(settings.MEDIA_ROOT) / name).stat().st_size
    except OSError:
        return None
