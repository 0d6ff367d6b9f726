"""Inspections, what is said of them afterwards, and where somebody walked: records that are added and never changed."""

from typing import Any

from django.contrib.gis.geos import LineString, Point
from django.utils.translation import gettext as _

from projects import editing, evidence, trail
from projects.models import (
    Correction,
    Inspection,
    OperationState,
    Photo,
    PhotoUpload,
    Site,
    Track,
)
from projects.sync import context, fields, merge
from projects.sync.context import CLOCK_SUSPECT_S, Outcome, Work
from projects.sync.operation import Refused, as_time

_NOTE_LIMIT = 10_000
_TRACK_LIMIT = 20_000
# Of the fix: how it was had, and why somebody was not at the site. Kept as they were told.
_DETAILS = ("distance_m", "away_reason", "fixes", "fix_age_s", "is_mock", "heading_deg", "answers")


def inspection(work: Work) -> Outcome:
    """A visit is always taken; the progress that it saw goes to the site unless the site has moved on."""
    op = work.op
    site_id = context.wanted_uuid(op, "site")
    known = Inspection.objects.filter(pk=op.target).first()
    if known is not None:
        raise Refused("id-taken", _("There is another inspection of this number already."))
    note = context.text(op, "note", _NOTE_LIMIT)
    seen = None if op.new("progress") is None else fields.progress(op.new("progress"))
    lon, lat, accuracy = _position(work)
    site = context.site_for_work(work.rights, site_id)
    if site is None:
        return context.gone()
    evidence.add_inspection(
        site,
        by=work.user,
        at=work.happened_at(),
        note=note,
        progress=seen,
        inspection_id=op.target,
        position=None if lon is None or lat is None else Point(lon, lat, srid=4326),
        accuracy_m=accuracy,
        details=_details(work),
        moves_site=False,
    )
    _adopt_photos(site, op.target)
    return _progress(work, site)


def correction(work: Work) -> Outcome:
    op = work.op
    found = Inspection.objects.filter(pk=context.wanted_uuid(op, "inspection")).first()
    if found is None:
        return Outcome(
            OperationState.HELD,
            "inspection-missing",
            _("The inspection that this belongs to has not arrived yet."),
        )
    site = context.site_for_work(work.rights, found.site_id)
    assert site is not None  # an inspection protects its site
    said = Correction.objects.create(
        pk=op.target,
        inspection=found,
        by=work.user,
        at=work.happened_at(),
        note=context.text(op, "note", _NOTE_LIMIT),
        progress=None if op.new("progress") is None else fields.progress(op.new("progress")),
    )
    trail.inspection_corrected(site, said, by=work.user)
    return Outcome(OperationState.APPLIED)


def track(work: Work) -> Outcome:
    """``points``: [lon, lat, seconds after ``started_at``, accuracy in metres], the last two where they are known."""
    op = work.op
    points = op.new("points")
    began = as_time(op.new("started_at"))
    if not isinstance(points, list) or not 2 <= len(points) <= _TRACK_LIMIT or began is None:
        raise context.value_invalid("points")
    Track.objects.create(
        pk=op.target,
        by=work.user,
        site=context.optional_uuid(op, "site"),
        line=LineString([_vertex(point) for point in points], srid=4326),
        started_at=context.corrected(began, work.offset_s),
        times=[_seconds(point) for point in points],
        accuracies=[_accuracy(point) for point in points],
        stale_fixes=int(context.number(op, "stale_fixes", 0, 1_000_000) or 0),
        is_mock=op.new("is_mock") is True,
    )
    return Outcome(OperationState.APPLIED)


def _progress(work: Work, site: Site) -> Outcome:
    """The visit stands; its progress meets the site's own as any field does."""
    pair = work.op.changes.get(fields.PROGRESS)
    if pair is None or pair[1] is None:
        return Outcome(OperationState.APPLIED, result={"revision": site.revision})
    found = merge.three_way({fields.PROGRESS: pair}, {fields.PROGRESS: site.progress})
    if found.conflicts:
        told = {field: conflict.as_json() for field, conflict in found.conflicts.items()}
        return Outcome(
            OperationState.CONFLICT,
            "fields",
            _("The inspection is recorded. Its progress differs from what was recorded meanwhile."),
            {"conflicts": told, "revision": site.revision, "site": str(site.pk)},
        )
    if found.take:
        site = editing.update_site(site, found.take, by=work.user)
    return Outcome(OperationState.APPLIED, result={"revision": site.revision})


def _position(work: Work) -> tuple[float | None, float | None, float | None]:
    return (
        context.number(work.op, "lon", -180, 180),
        context.number(work.op, "lat", -90, 90),
        context.number(work.op, "accuracy_m", 0, 1_000_000),
    )


def _details(work: Work) -> dict[str, Any]:
    given = work.op.new("details") or {}
    if not isinstance(given, dict):
        raise context.value_invalid("details")
    told = {key: given[key] for key in _DETAILS if given.get(key) is not None}
    if abs(work.offset_s) > CLOCK_SUSPECT_S:
        told["clock_offset_s"] = round(work.offset_s)
    return told


def _adopt_photos(site: Site, inspection_id: Any) -> None:
    """Photographs that were here before their inspection."""
    early = PhotoUpload.objects.filter(inspection=inspection_id, photo__isnull=False)
    Photo.objects.filter(pk__in=early.values("photo"), site=site, inspection__isnull=True).update(
        inspection=inspection_id
    )


def _vertex(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) < 2:
        raise context.value_invalid("points")
    lon, lat = point[0], point[1]
    for value, limit in ((lon, 180), (lat, 90)):
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > limit:
            raise context.value_invalid("points")
    return float(lon), float(lat)


def _seconds(point: list[Any]) -> float:
    return _measure(point[2]) if len(point) > 2 else 0.0


def _accuracy(point: list[Any]) -> float | None:
    return _measure(point[3]) if len(point) > 3 else None


def _measure(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise context.value_invalid("points")
    return float(value)
