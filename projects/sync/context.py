"""What a handler is given, what it answers with, and the sites that it may touch."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from projects.models import Operation, OperationState, Site
from projects.sync.operation import Op, Refused

# A clock that differs by more is told to whoever reads the record.
CLOCK_SUSPECT_S = 300
# What the ledger calls a proposal of a site that is not there yet.
NEW_SITE = "new-site"


@dataclass(frozen=True, slots=True)
class Work:
    """One operation being applied. row: its place in the ledger; offset_s: seconds that the tablet's clock is slow.

    authority: by whose rights, when somebody in the office lets through what its author may not.
    """

    op: Op
    row: Operation
    user: User
    offset_s: float
    authority: User | None = None

    @property
    def rights(self) -> User:
        return self.authority or self.user

    def happened_at(self) -> dt.datetime:
        """When it was done, by our clock as far as the tablet's offset is known, and never in our future."""
        return min(corrected(self.op.client_time, self.offset_s), timezone.now())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Goes into the ledger, and to the tablet. result: plain JSON values."""

    state: OperationState
    code: str = ""
    detail: str = ""
    result: dict[str, Any] = field(default_factory=dict)


def corrected(moment: dt.datetime, offset_s: float) -> dt.datetime:
    """The tablet's time by our clock; as it is while the two agree to within what a network takes."""
    if abs(offset_s) <= CLOCK_SUSPECT_S:
        return moment
    try:
        return moment + dt.timedelta(seconds=offset_s)
    except OverflowError:
        return timezone.now()


def site_for_work(user: User, site_id: uuid.UUID) -> Site | None:
    """The site, locked until the transaction ends; None when there is none (any more).

    Raises Refused (not-allowed) for one that this user may not work on.
    """
    rows = Site.objects.select_for_update(of=("self",)).select_related("programme", "state")
    site = rows.filter(pk=site_id).first()
    if site is None:
        return None
    if not Site.objects.editable_by(user).filter(pk=site_id).exists():
        raise Refused("not-allowed", _("This site is not among those that you work on."))
    return site


def gone(result: dict[str, Any] | None = None) -> Outcome:
    """The site was removed while the tablet was away: kept, for the office to decide."""
    return Outcome(
        OperationState.CONFLICT,
        "site-gone",
        _("The site was removed in the meantime. What you recorded is kept."),
        result or {},
    )


def wanted_uuid(op: Op, name: str) -> uuid.UUID:
    """Raises Refused (value-invalid)."""
    found = optional_uuid(op, name)
    if found is None:
        raise Refused("value-invalid", _("The record lacks “%(name)s”.") % {"name": name})
    return found


def optional_uuid(op: Op, name: str) -> uuid.UUID | None:
    value = op.new(name)
    if value is None:
        return None
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise value_invalid(name) from error


def text(op: Op, name: str, limit: int) -> str:
    """An absent text is empty. Raises Refused (value-invalid)."""
    value = op.new(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        raise value_invalid(name)
    return value


def number(op: Op, name: str, least: float, most: float) -> float | None:
    """Raises Refused (value-invalid) for what is no number, or none between the two."""
    value = op.new(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise value_invalid(name)
    return float(value)


def value_invalid(name: str) -> Refused:
    return Refused("value-invalid", _("“%(field)s” cannot have this value.") % {"field": name})
