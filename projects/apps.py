from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Public works")

    def ready(self) -> None:
        from projects import db_guards, sites_source

        post_migrate.connect(db_guards.install, sender=self)
        sites_source.register()
