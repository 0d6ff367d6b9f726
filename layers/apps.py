from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = _("Map layers")

    def ready(self) -> None:
        from gis_projects import write_turns
        from layers import references, spatial_index
        from layers.models import Layer
        from layers.quarantine import checks
        from layers.tiles import asking, postgis

        register(checks.check_walls, checks.TAG, deploy=True)
        connection_created.connect(postgis.prepare_connection)
        connection_created.connect(write_turns.keep_timeout)
        post_migrate.connect(spatial_index.restore, sender=self)
        post_migrate.connect(references.install, sender=self)
        post_migrate.connect(asking.all_that_lack, sender=self)
        post_save.connect(asking.layer_saved, sender=Layer)
