from django.urls import path

from projects.planner.tasks import views

urlpatterns = [
    path("", views.tasks, name="planner-tasks"),
    path("new/", views.new, name="planner-task-new"),
    path("withdraw/", views.withdraw, name="planner-tasks-withdraw"),
]
