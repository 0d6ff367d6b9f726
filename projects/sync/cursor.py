"""Where a tablet stands: ``epoch.scope.seq``, and while it fetches everything ``epoch.scope.seq.after``.

seq is the number of an audit entry. Entries are numbered under a lock that their transaction keeps until it has ended
(accounts.audit), so the order of numbers is the order in which changes become visible: nothing can appear behind a
cursor. Every writer leaves an entry, so every change is found.
"""

import hashlib
import uuid
from dataclasses import dataclass

from accounts.models import AuditEntry, User
from gis_projects.http.problems import ParameterInvalid, ResyncNeeded
from projects.models import Assignment, Installation, Site, SiteAssignment

_PARTS = (3, 4)


@dataclass(frozen=True, slots=True)
class Cursor:
    """after: of the first fetching, the last site that was given; None when all are there."""

    epoch: str
    scope: str
    seq: int
    after: uuid.UUID | None = None

    def __str__(self) -> str:
        parts = [self.epoch, self.scope, str(self.seq)]
        return ".".join(parts if self.after is None else [*parts, self.after.hex])


def begin(user: User) -> Cursor:
    """For a tablet that knows nothing yet. What changes from here on, the cursor will find."""
    return Cursor(epoch(), scope_of(user), head(), uuid.UUID(int=0))


def read(text: str, user: User) -> Cursor:
    """Raises ParameterInvalid, and ResyncNeeded for one of another epoch or scope."""
    parts = text.split(".")
    try:
        if len(parts) not in _PARTS:
            raise ValueError(text)
        after = uuid.UUID(parts[3]) if len(parts) == max(_PARTS) else None
        cursor = Cursor(parts[0], parts[1], int(parts[2][:18]), after)
    except ValueError as error:
        raise ParameterInvalid(parameter="cursor") from error
    if cursor.epoch != epoch():
        raise ResyncNeeded(reason="epoch")
    if cursor.scope != scope_of(user):
        raise ResyncNeeded(reason="scope")
    return cursor


def head() -> int:
    """The number of the last audit entry."""
    return AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def epoch() -> str:
    """Of this life of the data: another one begins when a backup is restored."""
    return Installation.current().epoch.hex


def scope_of(user: User) -> str:
    """Changes with the districts and programmes assigned to the user, with the role, and with the days on which these
    begin and end.

    A single site comes and goes by its entry in the trail; only when one is lost because time has passed is there none.
    """
    rows = Assignment.objects.filter(user=user).in_force()
    areas = sorted(rows.values_list("district_id", "programme_id"), key=str)
    lapsed = SiteAssignment.objects.filter(user=user).lapsed()
    lost = lapsed.exclude(site__in=Site.objects.within_area_of(user)).count()
    told = f"{user.role}|{user.is_superuser}|{areas}" + (f"|{lost}" if lost else "")
    return hashlib.sha256(told.encode()).hexdigest()[:12]
