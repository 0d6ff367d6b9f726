from django.urls import path

from projects.planner.layers import style_views, views

urlpatterns = [
    path("", views.layers, name="planner-layers"),
    path("<slug:key>/", views.layer, name="planner-layer"),
    path("<slug:key>/archive/", views.archive, name="planner-layer-archive"),
    path("<slug:key>/export/", views.export, name="planner-layer-export"),
    path("<slug:key>/style/", style_views.style, name="planner-layer-style"),
    path("<slug:key>/style/make/", style_views.make, name="planner-layer-style-make"),
    path("<slug:key>/style/check/", style_views.check, name="planner-layer-style-check"),
    path("<slug:key>/style/sld/", style_views.sld, name="planner-layer-style-sld"),
]
