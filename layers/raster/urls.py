"""Addresses of scenes and of mosaics."""

from django.urls import path

from layers.raster import mosaic_views, views

app_name = "raster"
TILE = "<int:z>/<int:x>/<int:y>.<slug:extension>"
urlpatterns = [
    path(f"scenes/<uuid:scene_id>/tiles/{TILE}", views.tile, name="scene-tile"),
    path("scenes/<uuid:scene_id>/tiles.json", views.tilejson, name="scene-tilejson"),
    path("scenes/<uuid:scene_id>/preview.webp", views.preview, name="scene-preview"),
    path(f"mosaics/<str:day>/tiles/{TILE}", mosaic_views.tile, name="mosaic-tile"),
    path("mosaics/<str:day>/tiles.json", mosaic_views.tilejson, name="mosaic-tilejson"),
]
