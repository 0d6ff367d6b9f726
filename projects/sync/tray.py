"""What waits for the office: conflicts, proposals, refused records. Each is decided once, and none is thrown away."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from gis_projects.http.problems import AlreadyDecided, CannotApply, NotFound, RevisionConflict
from projects import editing, trail
from projects.editing import SiteDraft
from projects.models import District, Operation, OperationState, Programme, Site
from projects.querysets import WorkArea
from projects.reviving import revive_site
from projects.sync import fields, operation, push, site_changes
from projects.sync.context import NEW_SITE, Outcome, Work
from projects.sync.operation import Incoming, Op, Refused

MINE, THEIRS = "mine", "theirs"
DISMISSED, APPLIED, ACCEPTED = "dismissed", "applied", "accepted"
GONE = "site-gone"


def tray_for(user: User) -> "QuerySet[Operation]":
    """What this planner may decide: of the sites that they edit, and new ones where they may write them.

    What names no site (any more) is for who edits all.
    """
    rows = Operation.objects.filter(state__in=Operation.TRAY, settled_at__isnull=True)
    if not user.is_planner:
        return rows.none()
    area = WorkArea(user)
    own = Q(site__in=Site.objects.editable_by(user).values("pk"))
    own |= Q(code=NEW_SITE) & area.rule("result__place__programme", "result__place__district")
    if area.is_everywhere:
        own |= Q(site__isnull=True) | ~Q(site__in=Site.objects.values("pk"))
    return rows.filter(own)


def get(user: User, number: int) -> Operation:
    """Raises NotFound, for what is decided already as well."""
    row = tray_for(user).select_related("author", "device", "loaded_by").filter(pk=number).first()
    if row is None:
        raise NotFound()
    return row


def read(row: Operation) -> Op | None:
    """The operation that the row keeps; None for a text that cannot be read."""
    try:
        return operation.read(Incoming(row.body, row.sha256))
    except Refused:
        return None


def dismiss(row: Operation, *, by: User, note: str = "") -> None:
    """Leave things as they are. The record stays in the ledger."""
    with _deciding(row) as locked:
        _settle(locked, DISMISSED, by, note)


def resolve(row: Operation, chosen: Mapping[str, str], *, by: User, seen: int) -> None:
    """Each contested field as the tablet had it ("mine") or as it stands here ("theirs").

    seen: the site's revision that was on the screen. Raises RevisionConflict when it has moved on, and what the writers
    raise.
    """
    op = _readable(row)
    with _deciding(row) as locked:
        site = _site(locked, by)
        if site.revision != seen:
            raise RevisionConflict(current_revision=site.revision)
        conflicts: dict[str, Any] = locked.result["conflicts"]
        take = {
            field: pair["mine"] for field, pair in conflicts.items() if chosen.get(field) == MINE
        }
        if take:
            _write(locked, op, site, take, by)
        decision = MINE if len(take) == len(conflicts) else "mixed" if take else THEIRS
        _settle(locked, decision, by, "")


def accept_outline(row: Operation, *, by: User) -> None:
    """Take over the outline that an inspector proposed."""
    op = _readable(row)
    with _deciding(row) as locked:
        site = _site(locked, by)
        _write(locked, op, site, {fields.GEOM: op.new(fields.GEOM)}, by)
        _settle(locked, ACCEPTED, by, "")


def accept_site(
    row: Operation,
    *,
    code: str,
    name: str,
    district: District | None,
    attributes: Mapping[str, Any],
    by: User,
) -> Site:
    """Register the site that an inspector proposed, under the number that the tablet gave it.

    attributes: all of them, as the office leaves them. Raises what ``editing.create_site`` raises.
    """
    op = _readable(row)
    programme = Programme.objects.filter(key=op.new("programme")).first()
    if programme is None:
        raise NotFound()
    draft = SiteDraft(
        code=code,
        name=name,
        geom=fields.geometry(op.new(fields.GEOM)),
        district=district,
        attributes=attributes,
        address=str(op.new("address") or "")[:200],
    )
    with _deciding(row) as locked:
        today = timezone.localdate()
        site = editing.create_site(programme, draft, by=by, on=today, site_id=op.target)
        _settle(locked, ACCEPTED, by, "")
    return site


def apply_anyway(row: Operation, *, by: User, revive: bool = False) -> Outcome:
    """Apply a refused record by the rights of the office; with ``revive``, bring its site back first.

    The author stays its author. Raises CannotApply with the reason when it still cannot be.
    """
    op = _readable(row)
    try:
        with _deciding(row) as locked:
            if revive and locked.site is not None:
                revive_site(locked.site, by=by)
            offset_s = locked.clock_offset_s or 0.0
            outcome = push.apply(Work(op, locked, locked.author, offset_s, authority=by))
            if outcome.state == OperationState.HELD:
                raise CannotApply(outcome.detail)
            locked.state, locked.code = outcome.state, outcome.code
            locked.detail, locked.result = outcome.detail, outcome.result
            if outcome.state in Operation.SETTLED:
                _settle(locked, APPLIED, by, "")
            else:
                locked.save()
    except Refused as refusal:
        raise CannotApply(refusal.detail) from refusal
    push.retry_held(row.author)
    return outcome


@contextmanager
def _deciding(row: Operation) -> Iterator[Operation]:
    """One transaction around a decision, with the row locked. Raises AlreadyDecided."""
    with transaction.atomic(), audit.gathered():
        rows = Operation.objects.select_for_update(of=("self",)).select_related("author")
        locked = rows.get(pk=row.pk)
        if locked.settled_at is not None:
            raise AlreadyDecided()
        yield locked


def _settle(row: Operation, decision: str, by: User, note: str) -> None:
    row.settled_at, row.settled_by, row.decision = timezone.now(), by, decision
    row.save()
    changes = audit.created({"decision": decision, "code": row.code, "note": note})
    label = f"{row.entity} {row.operation}"
    audit.record(Event(Action.UPDATED, trail.OPERATION, str(row.pk), label, changes, by))


def _write(row: Operation, op: Op, site: Site, take: dict[str, Any], by: User) -> None:
    work = Work(op, row, row.author, row.clock_offset_s or 0.0, authority=by)
    try:
        site_changes.write(work, site, take)
    except Refused as refusal:
        raise CannotApply(refusal.detail) from refusal


def _site(row: Operation, by: User) -> Site:
    rows = Site.objects.select_for_update(of=("self",)).select_related("programme", "state")
    own = Site.objects.editable_by(by).values("pk")
    site = rows.filter(pk__in=own).filter(pk=row.site).first() if row.site is not None else None
    if site is None:
        raise NotFound()
    return site


def _readable(row: Operation) -> Op:
    op = read(row)
    if op is None:
        raise CannotApply(row.detail)
    return op


def proposed_attributes(op: Op) -> dict[str, Any]:
    """As the inspector said them, whether or not the programme's form would have them."""
    return {
        field.removeprefix(trail.ATTRIBUTE): new
        for field, (_old, new) in op.changes.items()
        if field.startswith(trail.ATTRIBUTE) and new is not None
    }
