from django.urls import path

from projects.targets import views

urlpatterns = [path("", views.board, name="targets")]
