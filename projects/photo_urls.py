from django.urls import path

from projects.photo_views import photo

urlpatterns = [path("<uuid:photo_id>/<slug:variant>/", photo, name="photo")]
