"""Addresses of scenes."""

from django.urls import path

from layers.raster import views

app_name = "raster"
urlpatterns = [
    path(
        "scenes/<uuid:scene_id>/tiles/<int:z>/<int:x>/<int:y>.<slug:extension>",
        views.tile,
        name="scene-tile",
    ),
    path("scenes/<uuid:scene_id>/preview.webp", views.preview, name="scene-preview"),
]
