from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = _("Map layers")

    def ready(self) -> None:
        from layers.quarantine import checks

        register(checks.check_walls, checks.TAG, deploy=True)
