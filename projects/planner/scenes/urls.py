from django.urls import path

from projects.models import JobKind
from projects.planner.imports import sending
from projects.planner.scenes import views

SCENE = {"kind": JobKind.SCENE}
urlpatterns = [
    path("", views.scenes, name="planner-scenes"),
    path("new/", sending.new, SCENE, name="planner-scene-new"),
    path("create/", sending.create, SCENE, name="planner-scene-create"),
    path("<uuid:scene_id>/", views.edit, name="planner-scene"),
    path("<uuid:scene_id>/remove/", views.remove, name="planner-scene-remove"),
]
