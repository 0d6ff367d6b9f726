"""The plain fields of a site, and its geometry as GeoJSON from the map."""

import json
from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from projects.models import Site

DATE_FIELDS = ("planned_start", "planned_end", "actual_start", "actual_end")


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    geometry = forms.CharField(widget=forms.HiddenInput, required=False)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Site
        fields = (
            "code",
            "name",
            "name_en",
            "district",
            "address",
            *DATE_FIELDS,
            "investment",
            "progress",
            "published",
        )
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in DATE_FIELDS
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["progress"].widget.attrs.update({"min": 0, "max": 100})
        if self.instance.geom:
            self.initial["geometry"] = self.instance.geom.geojson
            self.initial["base_revision"] = self.instance.revision

    def clean_geometry(self) -> BaseGeometry:
        try:
            geom = shape(json.loads(self.cleaned_data["geometry"] or "{}"))
        except (ValueError, KeyError, TypeError, AttributeError, shapely.GEOSException) as error:
            raise forms.ValidationError(_("Draw the site on the map.")) from error
        if geom.is_empty:
            raise forms.ValidationError(_("Draw the site on the map."))
        return geom

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for start, end in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
            if data.get(start) and data.get(end) and data[end] < data[start]:
                self.add_error(end, _("The end lies before the start."))
        return data

    def _post_clean(self) -> None:
        """The one writer (projects.editing) assigns the values: the form must not touch the instance."""

    def plain_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
