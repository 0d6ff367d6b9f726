from django.urls import path

from projects.field import views

urlpatterns = [
    path("", views.home, name="field-home"),
    path("sites/<uuid:site_id>/inspect/", views.inspect, name="field-inspect"),
]
