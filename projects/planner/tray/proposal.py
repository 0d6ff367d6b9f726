"""Registering a proposed site: what the inspector said of it, and what the office adds."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects import attributes
from projects.forms.attributes import AttributeForm
from projects.models import District, Programme
from projects.querysets import WorkArea
from projects.sync import fields, tray
from projects.sync.operation import Op, Refused
from projects.sync.site_changes import district_of


class NewSiteForm(forms.Form):
    """What the office adds to a proposed site."""

    code = forms.CharField(label=_("code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=120)
    district = forms.ModelChoiceField(
        District.objects.defer("geom"), label=_("district"), required=False
    )

    def __init__(self, *args: Any, planner: User, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._area, self._programme = WorkArea(planner), programme

    def clean_district(self) -> District | None:
        found: District | None = self.cleaned_data["district"]
        if not self._area.covers(self._programme.pk, None if found is None else found.pk):
            raise forms.ValidationError(_("This is outside of what is assigned to you."))
        return found


class Proposal:
    """The two forms of one proposal: they begin with the inspector's words, and the district in which the place lies.

    data: what was posted, or None.
    """

    def __init__(
        self, op: Op, programme: Programme, planner: User, data: Mapping[str, Any] | None
    ) -> None:
        self._said = tray.proposed_attributes(op)
        self.programme = programme
        begun = {"name": op.new("name"), "district": _district(op)}
        self.site = NewSiteForm(data, initial=begun, planner=planner, programme=programme)
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


def of(op: Op | None, planner: User, data: Mapping[str, Any] | None = None) -> Proposal | None:
    """None for what is no readable proposal of a programme that is there."""
    key = None if op is None else op.new("programme")
    programme = Programme.objects.filter(key=key).first() if isinstance(key, str) else None
    return None if op is None or programme is None else Proposal(op, programme, planner, data)


def _district(op: Op) -> District | None:
    try:
        return district_of(fields.geometry(op.new(fields.GEOM)))
    except Refused:
        return None
