"""What a planner says of a picture."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.forms.inspection import FilesField, MultipleFiles
from projects.models import Programme, Site

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SceneForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    acquired_on = forms.DateField(label=_("Acquired on"), widget=_DATE)
    sensor = forms.CharField(label=_("Sensor"), max_length=80, required=False)
    published = forms.BooleanField(label=_("The public may see it"), required=False)


class NewSceneForm(SceneForm):
    parts = FilesField(
        label=_("A GeoTIFF, or a JPEG or PNG with its world file"), widget=MultipleFiles()
    )
    crs = forms.CharField(
        label=_("CRS, such as EPSG:4529; empty: as the file says"), required=False, max_length=40
    )
    programme = forms.ModelChoiceField(
        Programme.objects.all(), label=_("Programme of the site"), required=False
    )
    code = forms.CharField(label=_("Code of the site"), required=False, max_length=64)
    role = forms.ChoiceField(
        label=_("It shows the site"),
        choices=[("", "—"), ("before", _("Before")), ("after", _("After"))],
        required=False,
    )
    replace = forms.BooleanField(
        label=_("Replace (and remove) the scene in this role"), required=False
    )
    lossless = forms.BooleanField(label=_("Keep every value (larger)"), required=False)
    accepts_shift = forms.BooleanField(
        label=_("Xian 80 or Beijing 54: I accept that it lies about 90 m off"), required=False
    )
    field_order = ("parts", "name", "acquired_on", "sensor", "crs", "programme", "code", "role")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.site_id: uuid.UUID | None = None

    def clean_parts(self) -> list[Any]:
        parts: list[Any] = self.cleaned_data["parts"]
        if not parts:
            raise forms.ValidationError(_("Choose a file."))
        if sum(part.size or 0 for part in parts) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("The content is too large: at most %(limit)s can be read."),
                params={"limit": f"{settings.UPLOAD_MAX_BYTES >> 20} MB"},
            )
        return parts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get("programme"), data.get("code"), data.get("role")]
        if any(given) and not all(given):
            raise forms.ValidationError(_("Give the programme, the code and the role together."))
        if all(given):
            rows = Site.objects.editable_by(self.user)
            site = rows.filter(programme=data["programme"], code=data["code"]).first()
            if site is None:
                self.add_error("code", _("There is no such site in this programme."))
            else:
                self.site_id = site.pk
        return data

    def wishes(self) -> dict[str, Any]:
        """As plain values, for the job."""
        names = ("name", "sensor", "published", "crs", "role", "replace", "lossless")
        plain = {name: self.cleaned_data[name] for name in (*names, "accepts_shift")}
        return plain | {
            "acquired_on": self.cleaned_data["acquired_on"].isoformat(),
            "site": str(self.site_id) if self.site_id else "",
        }
