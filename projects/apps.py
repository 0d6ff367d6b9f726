from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Public works")

    def ready(self) -> None:
        from accounts.audited import record_removal
        from layers import spatial_index
        from layers.querysets import add_scene_rule
        from projects import access, db_guards, references, sites_source
        from projects.models import Assignment

        post_migrate.connect(spatial_index.restore, sender=self)
        post_migrate.connect(db_guards.install, sender=self)
        post_migrate.connect(references.install, sender=self)
        pre_delete.connect(record_removal, sender=Assignment)
        sites_source.register()
        add_scene_rule(access.scene_rule)
