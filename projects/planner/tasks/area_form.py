"""What a planner says when giving districts and programmes to an inspector."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.models import Assignment, District, Programme
from projects.planner.tasks.form import day_field, inspectors
from projects.querysets import WorkArea


class AreaForm(forms.Form):
    """Only what the planner works on can be given: all programmes of a district, say, by who has all of them there."""

    inspector = forms.ModelChoiceField(inspectors(), label=_("Inspector"))
    district = forms.ModelChoiceField(
        District.objects.defer("geom"),
        label=_("District"),
        required=False,
        empty_label=_("All districts"),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.defer("attribute_schema"),
        label=_("Programme"),
        required=False,
        empty_label=_("All programmes"),
    )
    begins_on = day_field(_("From"), required=False)
    ends_on = day_field(_("Until"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, planner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._area = WorkArea(planner)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("begins_on"), data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The end lies before the start."))
        district, programme = data.get("district"), data.get("programme")
        if not self.errors and not self._area.covers(
            None if programme is None else programme.pk, None if district is None else district.pk
        ):
            self.add_error(None, _("You can give only what you work on yourself."))
        return data

    def save(self) -> Assignment:
        """One row for each district and programme of an inspector: giving it again gives it other days."""
        given = self.cleaned_data
        key = {"user": given["inspector"], **{k: given[k] for k in ("district", "programme")}}
        row = Assignment.objects.filter(**key).first() or Assignment(**key)
        for name in ("begins_on", "ends_on", "note"):
            setattr(row, name, given[name])
        row.save()
        return row
