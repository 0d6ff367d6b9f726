"""Stands in INSTALLED_APPS for django.contrib.admin."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class OneDoorAdminConfig(AdminConfig):
    """Django's administration without a log-in of its own."""

    default_site = "accounts.admin_site.OneDoorAdminSite"

    def ready(self) -> None:
        """Without the pages of allauth's tables: they would show what factors are kept with."""
        super().ready()
        for label in ("account", "mfa"):
            for model in apps.get_app_config(label).get_models():
                if admin.site.is_registered(model):
                    admin.site.unregister(model)
