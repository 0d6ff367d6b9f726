"""Reference layers, their features and the scenes, on maps."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from leaflet.admin import LeafletGeoAdmin

from layers.models import Feature, Layer, RasterScene


@admin.register(Layer)
class LayerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("key", "name", "published", "is_schematic", "order")


@admin.register(Feature)
class FeatureAdmin(LeafletGeoAdmin):  # type: ignore[misc]  # django-leaflet is untyped
    list_display = ("name", "layer")
    list_filter = ("layer",)
    list_select_related = ("layer",)
    search_fields = ("name", "name_en")

    def save_model(self, request: HttpRequest, obj: Feature, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._raise_revisions([obj.layer_id, form.initial.get("layer")])

    def delete_model(self, request: HttpRequest, obj: Feature) -> None:
        super().delete_model(request, obj)
        self._raise_revisions([obj.layer_id])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        layers = list(queryset.order_by().values_list("layer", flat=True).distinct())
        super().delete_queryset(request, queryset)
        self._raise_revisions(layers)

    def _raise_revisions(self, layers: list[int | None]) -> None:
        """Also of the layer that a feature was in before."""
        for layer in Layer.objects.filter(pk__in=[one for one in layers if one is not None]):
            layer.revision += 1
            layer.save(update_fields=["revision", "updated_at"])


@admin.register(RasterScene)
class RasterSceneAdmin(LeafletGeoAdmin):  # type: ignore[misc]
    """The file was measured when it came in: only its name and whether it is public are edited."""

    modifiable = False
    list_display = ("key", "name", "acquired_on", "is_simulated", "published")
    readonly_fields = ("key", "file", "source_crs", "width_px", "height_px", "is_simulated")

    def has_add_permission(self, request: object) -> bool:
        return False
