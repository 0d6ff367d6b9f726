"""A site's changes out of the audit trail, in the reader's words: who, when, what was and what is.

For staff who may edit the site, never for the public: former values of what is published now may not be.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry import mapping

from accounts.models import AuditEntry, User
from projects import trail
from projects.models import Site
from projects.planner.field_words import FieldWords

LATEST = 50
# Keys of rows and of files: of use to an examiner, not to a reader.
_UNTOLD = frozenset({"geom", "programme", "inspection", "photo", "sha256", "source_crs"})


@dataclass(frozen=True)
class Difference:
    title: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One entry. who: empty for a command that names nobody; has_shape: its geometry can be shown."""

    number: int
    at: dt.datetime
    who: str
    action: str
    differences: Sequence[Difference]
    has_shape: bool


@dataclass(frozen=True)
class History:
    """The latest changes, newest first. shapes: entry number to GeoJSON before (or None) and after, lon/lat."""

    changes: Sequence[Change]
    shapes: Mapping[str, Sequence[Any]]
    is_cut: bool


def site_history(site: Site) -> History:
    """Five queries, however many changes there are."""
    entries = list(AuditEntry.objects.filter(kind=trail.SITE, subject=str(site.pk))[: LATEST + 1])
    told = [(entry, entry.changed) for entry in entries[:LATEST]]
    names = _Names(site, entries)
    changes = [names.change(entry, changed) for entry, changed in told]
    shapes = {
        str(entry.sequence): [_shape(text) for text in changed["geom"]]
        for entry, changed in told
        if "geom" in changed
    }
    return History(changes, shapes, len(entries) > LATEST)


class _Names:
    """Asks the database once for each kind of name."""

    def __init__(self, site: Site, entries: Sequence[AuditEntry]) -> None:
        self._words = FieldWords(site.programme)
        self._user_ids = {entry.actor_id for entry in entries if entry.actor_id is not None}

    def change(self, entry: AuditEntry, changed: Mapping[str, Sequence[Any]]) -> Change:
        return Change(
            number=entry.sequence,
            at=entry.at,
            who=self._users.get(entry.actor_id, entry.actor),
            action=entry.get_action_display(),
            differences=[
                Difference(
                    self._words.title(name),
                    self._words.value(name, old),
                    self._words.value(name, new),
                )
                for name, (old, new) in sorted(changed.items(), key=self._place)
                if name not in _UNTOLD
            ],
            has_shape="geom" in changed,
        )

    def _place(self, item: tuple[str, Any]) -> int:
        return self._words.place(item[0])

    @cached_property
    def _users(self) -> dict[int | None, str]:
        """As they are called now; a removed account keeps the name that the entry has."""
        return {user.pk: str(user) for user in User.objects.filter(pk__in=self._user_ids)}


def _shape(text: str | None) -> Any:
    return None if text is None else mapping(shapely.from_wkt(text))
