from django.urls import path

from projects.planner.scenes import views

urlpatterns = [
    path("", views.scenes, name="planner-scenes"),
    path("new/", views.new, name="planner-scene-new"),
    path("jobs/<uuid:job_id>/", views.job, name="planner-scene-job"),
    path("jobs/<uuid:job_id>/progress/", views.progress, name="planner-scene-progress"),
    path("<uuid:scene_id>/", views.edit, name="planner-scene"),
    path("<uuid:scene_id>/remove/", views.remove, name="planner-scene-remove"),
]
