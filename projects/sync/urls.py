from django.urls import path

from projects.sync import views

app_name = "sync"
urlpatterns = [
    path("hello", views.hello, name="hello"),
    path("push", views.push, name="push"),
    path("changes", views.changes, name="changes"),
    path("reference", views.reference, name="reference"),
    path("receipt", views.receipt, name="receipt"),
    path("photos/<uuid:photo_id>", views.photo, name="photo"),
]
