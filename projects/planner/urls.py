from django.urls import include, path

from projects.planner import board, export_views, publication_views, views
from projects.planner.layers import choice_views
from projects.planner.layers import views as layer_views

urlpatterns = [
    path("", views.sites, name="planner-sites"),
    path("sites/new/<slug:programme_key>/", views.new_site, name="planner-site-new"),
    path("sites/<uuid:site_id>/", views.edit_site, name="planner-site-edit"),
    path("sites/<uuid:site_id>/step/", views.take_step, name="planner-site-step"),
    path(
        "sites/<uuid:site_id>/publication/", publication_views.seen, name="planner-site-publication"
    ),
    path("sites/<uuid:site_id>/board/", board.board, name="planner-site-board"),
    path("export/choose/", export_views.choose, name="planner-export-choose"),
    path("export/", export_views.export, name="planner-export"),
    path("import/", include("projects.planner.imports.urls")),
    path("layers/", include("projects.planner.layers.urls")),
    path("chosen-layers/", choice_views.choose, name="planner-chosen-layers"),
    path("archive/", layer_views.publication, name="planner-publication-archive"),
    path("inspections/", include("projects.planner.inspections.urls")),
    path("tasks/", include("projects.planner.tasks.urls")),
    path("tray/", include("projects.planner.tray.urls")),
    path("scenes/", include("projects.planner.scenes.urls")),
]
