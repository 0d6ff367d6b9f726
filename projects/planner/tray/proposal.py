"""Registering a proposed site: what the inspector said of it, and what the office adds."""

from collections.abc import Mapping
from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext_lazy as _

from projects import attributes
from projects.editing import to_geos
from projects.forms.attributes import AttributeForm
from projects.models import District, Programme
from projects.sync import fields, tray
from projects.sync.operation import Op, Refused


class NewSiteForm(forms.Form):
    """What the office adds to a proposed site."""

    code = forms.CharField(label=_("code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=120)
    district = forms.ModelChoiceField(
        District.objects.defer("geom"), label=_("district"), required=False
    )


class Proposal:
    """The two forms of one proposal: they begin with the inspector's words, and the district in which the place lies.

    data: what was posted, or None.
    """

    def __init__(self, op: Op, programme: Programme, data: Mapping[str, Any] | None) -> None:
        self._said = tray.proposed_attributes(op)
        self.programme = programme
        self.site = NewSiteForm(data, initial={"name": op.new("name"), "district": _district(op)})
        self.fields = AttributeForm(programme.attribute_schema, data, initial=self._said)

    def is_valid(self) -> bool:
        return all([self.site.is_valid(), self.fields.is_valid()])

    def values(self) -> dict[str, Any]:
        """For ``tray.accept_site``. What the form has no control for stays as it was said, if the schema has it."""
        given = self.fields.values()
        schema = self.programme.attribute_schema
        others = {key: value for key, value in self._said.items() if key not in self.fields.fields}
        refused = {problem.field for problem in attributes.problems(schema, given | others)}
        kept = {key: value for key, value in others.items() if key not in refused}
        return {**self.site.cleaned_data, "attributes": given | kept}


def of(op: Op | None, data: Mapping[str, Any] | None = None) -> Proposal | None:
    """None for what is no readable proposal of a programme that is there."""
    key = None if op is None else op.new("programme")
    programme = Programme.objects.filter(key=key).first() if isinstance(key, str) else None
    return None if op is None or programme is None else Proposal(op, programme, data)


def _district(op: Op) -> District | None:
    """By a point that is surely inside."""
    try:
        geom = fields.geometry(op.new(fields.GEOM))
    except Refused:
        return None
    place = to_geos(shapely.force_2d(geom).representative_point())
    return District.objects.defer("geom").filter(geom__contains=place).first()
