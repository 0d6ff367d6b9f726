from django.urls import path

from projects.planner.layers import views

urlpatterns = [
    path("", views.layers, name="planner-layers"),
    path("<slug:key>/", views.layer, name="planner-layer"),
    path("<slug:key>/archive/", views.archive, name="planner-layer-archive"),
    path("<slug:key>/export/", views.export, name="planner-layer-export"),
]
