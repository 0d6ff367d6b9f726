"""A site's fields and their values in the reader's words, as its form would show them."""

from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy

from projects import attributes, trail
from projects.models import District, PhotoRole, Programme, Site, WorkflowState
from projects.templatetags.places import localized

_NOTHING = "—"
# What the trail and tablets tell besides the site's own fields.
_OTHERS = {
    "note": gettext_lazy("Note"),
    "role": gettext_lazy("What the photographs show"),
    "correction": gettext_lazy("Correction"),
    "corrected": gettext_lazy("Progress, corrected, %"),
    trail.ASKED: gettext_lazy("Inspection task"),
}


class FieldWords:
    """Of the sites of one programme; asks the database once for each kind of name."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._schema = programme.attribute_schema

    @property
    def programme_name(self) -> str:
        return localized(self._programme, "name")

    @cached_property
    def _states(self) -> dict[str, str]:
        rows = WorkflowState.objects.filter(workflow=self._programme.workflow_id)
        return {row.key: localized(row, "name") for row in rows}

    @cached_property
    def _districts(self) -> dict[str, str]:
        return {row.code: localized(row, "name") for row in District.objects.defer("geom")}

    @cached_property
    def _order(self) -> dict[str, int]:
        fields = [trail.ATTRIBUTE + key for key, _spec in attributes.fields(self._schema)]
        return {name: at for at, name in enumerate(["state", *trail.PLAIN, *fields])}

    def place(self, name: str) -> int:
        """In the order of the form; what it does not have comes last."""
        return self._order.get(name, len(self._order))

    def title(self, name: str) -> str:
        """Raises KeyError for what is no field of a site."""
        if name.startswith(trail.ATTRIBUTE):
            return attributes.title(self._schema, name.removeprefix(trail.ATTRIBUTE))
        if name in _OTHERS:
            return str(_OTHERS[name])
        try:
            return str(Site._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist as error:
            raise KeyError(name) from error

    def value(self, name: str, value: Any) -> str:
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
