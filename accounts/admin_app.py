"""Stands in INSTALLED_APPS for django.contrib.admin."""

from django.contrib.admin.apps import AdminConfig


class OneDoorAdminConfig(AdminConfig):
    """Django's administration without a log-in of its own."""

    default_site = "accounts.admin_site.OneDoorAdminSite"
