"""Who sees which layer and scene: the one place that decides it."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User

if TYPE_CHECKING:
    from layers.models import Layer, RasterScene  # noqa: F401

Viewer = User | AnonymousUser


class LayerQuerySet(models.QuerySet["Layer"]):
    def visible_to(self, user: Viewer) -> Self:
        """Staff see all layers, the public the published ones."""
        return self if user.is_authenticated else self.filter(published=True)


class SceneQuerySet(models.QuerySet["RasterScene"]):
    def visible_to(self, user: Viewer) -> Self:
        """Staff see all scenes, the public the published ones."""
        return self if user.is_authenticated else self.filter(published=True)
