"""A service worker may stand above what it serves only at an address above it."""

from django.urls import path

from projects.field.app import views

urlpatterns = [path("sw.js", views.worker, name="field-worker")]
