from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Public works")

    def ready(self) -> None:
        from layers.querysets import add_scene_rule
        from projects import access, db_guards, sites_source

        post_migrate.connect(db_guards.install, sender=self)
        sites_source.register()
        add_scene_rule(access.scene_rule)
