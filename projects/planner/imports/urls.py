from django.urls import path

from projects.planner.imports import actions, data, listing, pages, sending

urlpatterns = [
    path("", listing.imports, name="planner-import"),
    path("new/", sending.new, name="planner-import-new"),
    path("create/", sending.create, name="planner-import-create"),
    path("<uuid:job_id>/", pages.job, name="planner-import-job"),
    path("<uuid:job_id>/parts/<int:number>/", sending.part, name="planner-import-part"),
    path("<uuid:job_id>/complete/", sending.complete, name="planner-import-complete"),
    path("<uuid:job_id>/progress/", data.progress, name="planner-import-progress"),
    path("<uuid:job_id>/preview/", data.preview, name="planner-import-preview"),
    path("<uuid:job_id>/rows.csv", data.rows_csv, name="planner-import-csv"),
    path("<uuid:job_id>/read/", actions.read, name="planner-import-read"),
    path("<uuid:job_id>/check/", actions.check, name="planner-import-check"),
    path("<uuid:job_id>/check-layer/", actions.check_layer, name="planner-import-check-layer"),
    path("<uuid:job_id>/store/", actions.store, name="planner-import-store"),
    path("<uuid:job_id>/store-scene/", actions.store_scene, name="planner-import-store-scene"),
    path("<uuid:job_id>/undo/", actions.undo, name="planner-import-undo"),
    path("<uuid:job_id>/retry/", actions.retry, name="planner-import-retry"),
    path("<uuid:job_id>/cancel/", actions.cancel, name="planner-import-cancel"),
]
