from django.urls import path

from projects.field import ground, views
from projects.field.app import views as app

urlpatterns = [
    path("", app.home, name="field-home"),
    path("shell/<slug:language>/", app.page, name="field-shell"),
    path("words/<slug:language>/", app.words, name="field-words"),
    path("manifest.webmanifest", app.manifest, name="field-manifest"),
    path("ground", ground.ground, name="field-ground"),
    path("plain/", views.home, name="field-plain"),
    path("sites/<uuid:site_id>/", app.site, name="field-site"),
    path("sites/<uuid:site_id>/inspect/", views.inspect, name="field-inspect"),
]
