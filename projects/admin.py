"""The administrators' view of everything, with maps. What one writer writes is written through it here as well."""

from django import forms
from django.contrib import admin
from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest
from leaflet.admin import LeafletGeoAdmin

from gis_projects.http.problems import GeometryInvalid
from projects import editing, models


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """For what the city folder or the one writer writes: looked at here, not changed around them."""

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


class SiteAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_geom(self) -> GEOSGeometry:
        """What the writer would refuse becomes the form's own error."""
        geom: GEOSGeometry = self.cleaned_data["geom"]
        try:
            editing.check_geometry(self.instance.programme, editing.to_shapely(geom))
        except GeometryInvalid as problem:
            raise forms.ValidationError(str(problem.detail)) from problem
        return geom


@admin.register(models.Site)
class SiteAdmin(LeafletGeoAdmin):  # type: ignore[misc]  # django-leaflet is untyped
    """Plain fields and the place; states move on the planner's page, along the workflow."""

    form = SiteAdminForm
    list_display = ("code", "name", "programme", "district", "state", "progress", "published")
    list_filter = ("programme", "state__phase", "district", "published")
    search_fields = ("code", "name", "search_text")
    list_select_related = ("programme", "district", "state")
    readonly_fields = ("programme", "state", "source_crs", "length_m", "area_m2", "revision")
    exclude = ("public_geom", "attributes", "is_demonstration")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def view_on_site(self, obj: models.Site) -> str:
        return f"/planner/sites/{obj.pk}/"

    def save_model(
        self,
        request: HttpRequest,
        obj: models.Site,
        form: "forms.ModelForm[models.Site]",
        change: bool,
    ) -> None:
        """Through the one writer, so that measures, public geometry and revisions stay true."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name != "geom"}
        geom = form.cleaned_data["geom"] if "geom" in form.changed_data else None
        editing.update_site(
            models.Site.objects.get(pk=obj.pk),
            changes,
            geom=None if geom is None else editing.to_shapely(geom),
        )


@admin.register(models.District)
class DistrictAdmin(LeafletGeoAdmin):  # type: ignore[misc]
    list_display = ("code", "name", "name_en", "kind", "is_schematic")
    search_fields = ("code", "name", "name_en", "pinyin")


@admin.register(models.Assignment)
class AssignmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "district", "programme", "begins_on", "ends_on", "note")
    list_filter = ("district", "programme")
    list_select_related = ("user", "district", "programme")


@admin.register(models.SiteAssignment)
class SiteAssignmentAdmin(ReadOnlyAdmin):
    """Asked for and withdrawn on the planners' pages."""

    list_display = ("site", "user", "begins_on", "due_on", "asked_by", "done_at", "withdrawn_at")
    list_select_related = ("site", "user", "asked_by")


@admin.register(models.City)
class CityAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "map_approval_number", "is_demonstration")


@admin.register(models.Programme, models.Workflow, models.Report, models.Target)
class CityFolderAdmin(ReadOnlyAdmin):
    search_fields = ("key", "name")


@admin.register(models.Inspection, models.Photo, models.Transition)
class EvidenceAdmin(ReadOnlyAdmin):
    list_select_related = ("site",)
