from django.urls import path

from projects.planner.inspections import calendar_views, evidence_views

urlpatterns = [
    path("", calendar_views.month, name="planner-calendar"),
    path("evidence/", evidence_views.lacking, name="planner-evidence"),
]
