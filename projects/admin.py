"""The administrators' back door: everything is visible; sites themselves are edited on the planner's pages."""

from django.contrib import admin

from projects import models


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """For what the city folder or the one writer writes: looked at here, not changed around them."""

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(models.Site)
class SiteAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "programme", "district", "state", "progress", "published")
    list_filter = ("programme", "state__phase", "district", "published")
    search_fields = ("code", "name", "search_text")
    list_select_related = ("programme", "district", "state")
    exclude = ("geom", "public_geom")

    def view_on_site(self, obj: models.Site) -> str:
        return f"/planner/sites/{obj.pk}/"


@admin.register(models.Assignment)
class AssignmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "district", "programme")
    list_select_related = ("user", "district", "programme")


@admin.register(models.Programme, models.Workflow, models.Report, models.Target)
class CityFolderAdmin(ReadOnlyAdmin):
    search_fields = ("key", "name")


@admin.register(models.Inspection, models.Photo, models.Transition)
class EvidenceAdmin(ReadOnlyAdmin):
    list_select_related = ("site",)
