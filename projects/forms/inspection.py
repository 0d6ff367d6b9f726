"""What an inspector records on a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import PhotoRole, WorkflowState


class MultipleFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    widget = MultipleFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            return []
        return [super(FilesField, self).clean(item, initial) for item in data]


class InspectionForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    progress = forms.IntegerField(
        label=_("Progress, %"), min_value=0, max_value=100, required=False
    )
    role = forms.ChoiceField(
        label=_("The photographs show"), choices=PhotoRole.choices, initial=PhotoRole.DURING
    )
    photos = FilesField(
        label=_("Photographs"),
        required=False,
        widget=MultipleFiles(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("note") and not data.get("photos") and data.get("progress") is None:
            raise forms.ValidationError(
                _("Record something: a note, the progress or a photograph.")
            )
        return data


class StepForm(forms.Form):
    """One step of the workflow."""

    prefix = "step"
    to_state = forms.ModelChoiceField(
        WorkflowState.objects.none(), label=_("New state"), empty_label=None
    )
    on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_state"].queryset = states  # type: ignore[attr-defined]
