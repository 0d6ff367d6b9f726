"""What a planner says of a picture."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layers.band_roles import suggested
from projects.planner.scenes.orders import as_text, offer, order_field

# By group: number and name of each site.
Choices = list[tuple[str, list[tuple[str, str]]]]
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SceneForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    acquired_on = forms.DateField(label=_("Acquired on"), widget=_DATE)
    sensor = forms.CharField(
        label=_("Sensor"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "sensors", "autocomplete": "off"}),
    )
    published = forms.BooleanField(label=_("The public may see it"), required=False)


class DescribedSceneForm(SceneForm):
    """Of a picture that was looked at. sites: those that it shows; band_names: what its file says of each band."""

    site = forms.ChoiceField(label=_("It shows the site"), required=False)
    role = forms.ChoiceField(
        label=_("As the picture"),
        choices=[("before", _("before the works")), ("after", _("after the works"))],
        widget=forms.RadioSelect,
        required=False,
    )
    replace = forms.BooleanField(
        label=_("Replace (and remove) the scene in this role"), required=False
    )
    band_roles = order_field()
    lossless = forms.BooleanField(label=_("Keep every value (larger)"), required=False)
    field_order = ("name", "acquired_on", "sensor", "band_roles", "site", "role", "replace")

    def __init__(
        self, sites: Choices, bands: int, band_names: Sequence[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        likely = suggested(band_names)
        said = self.initial.setdefault("band_roles", likely)
        self.initial["band_roles"] = as_text(said)
        offer(self, bands, [likely, said])
        nothing = _("none: it is shown by itself") if sites else _("no site of yours lies under it")
        self.fields["site"].choices = [("", nothing), *sites]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("site") and not data.get("role") and "role" not in self.errors:
            self.add_error("role", _("Say whether it shows the site before or after the works."))
        return data

    def wishes(self) -> dict[str, Any]:
        """As plain values, for the job."""
        names = ("name", "sensor", "published", "lossless", "site", "role", "replace")
        plain = {name: self.cleaned_data[name] for name in names}
        return plain | {
            "acquired_on": self.cleaned_data["acquired_on"].isoformat(),
            "band_roles": self.cleaned_data.get("band_roles"),
        }
