from django.urls import include, path

from projects.public import views

urlpatterns = [
    path("", views.home, name="home"),
    path("work/", views.work, name="work"),
    path("sites/<uuid:site_id>/", views.site, name="site"),
    path("sites/<uuid:site_id>/pair/", include("projects.pairs.urls")),
]
