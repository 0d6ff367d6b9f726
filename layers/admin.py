"""Reference layers, their features and the scenes, on maps."""

from django.contrib import admin
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


@admin.register(RasterScene)
class RasterSceneAdmin(LeafletGeoAdmin):  # type: ignore[misc]
    """The file was measured when it came in: only its name and whether it is public are edited."""

    modifiable = False
    list_display = ("key", "name", "acquired_on", "is_simulated", "published")
    readonly_fields = ("key", "file", "source_crs", "width_px", "height_px", "is_simulated")

    def has_add_permission(self, request: object) -> bool:
        return False
