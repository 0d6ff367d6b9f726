"""Every room's addresses; the only module that sees them all."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from gis_projects.catalogue import PageCatalogue
from gis_projects.http import health
from gis_projects.http import views as http_views

handler400 = "gis_projects.http.views.bad_request"
handler403 = "gis_projects.http.views.forbidden"
handler404 = "gis_projects.http.views.not_found"
handler500 = "gis_projects.http.views.server_error"

urlpatterns = [
    path("", include("projects.public.urls")),
    path("targets/", include("projects.targets.urls")),
    path("planner/", include("projects.planner.urls")),
    path("field/", include("projects.field.urls")),
    path("", include("projects.field.worker_urls")),
    path("api/sync/", include("projects.sync.urls")),
    path("photos/", include("projects.photo_urls")),
    path("layers/", include("layers.urls")),
    path("", include("layers.raster.urls")),
    path("accounts/", include("accounts.urls")),
    path("problems/", http_views.problem_index, name="problems"),
    path("problems/<slug:slug>/", http_views.problem_page, name="problem"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("jsi18n/<slug:page>/", PageCatalogue.as_view(), name="page-catalogue"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", http_views.favicon, name="favicon"),
]
