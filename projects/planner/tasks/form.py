"""What a planner says when asking for visits."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from projects.assigning import Request


def inspectors() -> Any:
    """Who can be asked, by the name that people know."""
    return User.objects.filter(role=Role.INSPECTOR, is_active=True).order_by(
        "display_name", "username"
    )


def day_field(label: Any, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class TaskForm(forms.Form):
    inspector = forms.ModelChoiceField(inspectors(), label=_("Inspector"))
    begins_on = day_field(_("From"), required=True)
    due_on = day_field(_("Until"), required=False)
    note = forms.CharField(
        label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("begins_on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, due = data.get("begins_on"), data.get("due_on")
        if isinstance(begins, dt.date) and isinstance(due, dt.date) and due < begins:
            self.add_error("due_on", _("The end lies before the start."))
        return data

    def request(self) -> Request:
        names = ("begins_on", "due_on", "note")
        return Request(**{name: self.cleaned_data[name] for name in names})
