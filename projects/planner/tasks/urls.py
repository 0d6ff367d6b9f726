from django.urls import path

from projects.planner.tasks import areas, views

urlpatterns = [
    path("", views.tasks, name="planner-tasks"),
    path("new/", views.new, name="planner-task-new"),
    path("inspectors/", areas.areas, name="planner-areas"),
    path("inspectors/<int:number>/end/", areas.end, name="planner-area-end"),
    path("withdraw/", views.withdraw, name="planner-tasks-withdraw"),
]
