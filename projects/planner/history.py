"""A site's changes out of the audit trail, in the reader's words: who, when, what was and what is.

For staff who may edit the site, never for the public: former values of what is published now may not be.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from accounts.models import AuditEntry, User
from projects import attributes, trail
from projects.models import District, PhotoRole, Site, WorkflowState
from projects.templatetags.places import localized

LATEST = 50
# Keys of rows and of files: of use to an examiner, not to a reader.
_UNTOLD = frozenset({"geom", "programme", "inspection", "photo", "sha256", "source_crs"})
_NOTHING = "—"


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
    """Titles and values in the reader's language; asks the database once for each kind of name."""

    def __init__(self, site: Site, entries: Sequence[AuditEntry]) -> None:
        self._site = site
        self._schema = site.programme.attribute_schema
        self._user_ids = {entry.actor_id for entry in entries if entry.actor_id is not None}

    def change(self, entry: AuditEntry, changed: Mapping[str, Sequence[Any]]) -> Change:
        return Change(
            number=entry.sequence,
            at=entry.at,
            who=self._users.get(entry.actor_id, entry.actor),
            action=entry.get_action_display(),
            differences=[
                Difference(self._title(name), self._value(name, old), self._value(name, new))
                for name, (old, new) in sorted(changed.items(), key=self._place)
                if name not in _UNTOLD
            ],
            has_shape="geom" in changed,
        )

    @cached_property
    def _users(self) -> dict[int | None, str]:
        """As they are called now; a removed account keeps the name that the entry has."""
        return {user.pk: str(user) for user in User.objects.filter(pk__in=self._user_ids)}

    @cached_property
    def _states(self) -> dict[str, str]:
        rows = WorkflowState.objects.filter(workflow=self._site.programme.workflow_id)
        return {row.key: localized(row, "name") for row in rows}

    @cached_property
    def _districts(self) -> dict[str, str]:
        return {row.code: localized(row, "name") for row in District.objects.defer("geom")}

    @cached_property
    def _order(self) -> dict[str, int]:
        fields = [trail.ATTRIBUTE + key for key, _spec in attributes.fields(self._schema)]
        return {name: at for at, name in enumerate(["state", *trail.PLAIN, *fields])}

    def _place(self, item: tuple[str, Any]) -> int:
        """In the order of the form; what it does not have comes last."""
        return self._order.get(item[0], len(self._order))

    def _title(self, name: str) -> str:
        if name.startswith(trail.ATTRIBUTE):
            return attributes.title(self._schema, name.removeprefix(trail.ATTRIBUTE))
        if name == "note":
            return _("Note")
        if name == "role":
            return _("What the photographs show")
        return str(Site._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    def _value(self, name: str, value: Any) -> str:
        """What the reader's form would show."""
        if value is None or value == "":
            return _NOTHING
        if name == "state":
            return self._states.get(str(value), str(value))
        if name == "district":
            return self._districts.get(str(value), str(value))
        if name == "role":
            return str(PhotoRole(value).label) if value in PhotoRole.values else str(value)
        key = name.removeprefix(trail.ATTRIBUTE)
        if isinstance(value, bool) or key == name:
            return str(attributes.label({}, key, value))
        words = (
            str(attributes.label(self._schema, key, value)),
            attributes.unit(self._schema, key),
        )
        return " ".join(word for word in words if word)


def _shape(text: str | None) -> Any:
    return None if text is None else mapping(shapely.from_wkt(text))
