"""Addresses below ``/sites/<uuid>/pair/``."""

from django.urls import path

from projects.pairs import views

urlpatterns = [
    path("change.json", views.numbers, name="site-pair-numbers"),
    path("change/<int:z>/<int:x>/<int:y>.<slug:extension>", views.tile, name="site-pair-tile"),
    path("<slug:what>.<slug:extension>", views.picture, name="site-pair"),
]
