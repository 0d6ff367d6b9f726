"""Who sees which layer and scene: the one place that decides it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User

if TYPE_CHECKING:
    from layers.models import Feature, Layer, RasterScene  # noqa: F401

Viewer = User | AnonymousUser


SceneRule = Callable[[Viewer], models.Q]
_scene_rules: list[SceneRule] = []


def add_scene_rule(rule: SceneRule) -> None:
    """Narrow who sees which scene: a room above knows what a scene shows. Safe to add again."""
    if rule not in _scene_rules:
        _scene_rules.append(rule)


class LayerQuerySet(models.QuerySet["Layer"]):
    def visible_to(self, user: Viewer) -> Self:
        """Staff see all layers, the public the published ones."""
        return self if user.is_authenticated else self.filter(published=True)


class FeatureQuerySet(models.QuerySet["Feature"]):
    def shown(self) -> Self:
        """Without those that a later file stands in place of."""
        return self.filter(batch__replaced_by__isnull=True)


class SceneQuerySet(models.QuerySet["RasterScene"]):
    def visible_to(self, user: Viewer) -> Self:
        """Staff see all scenes, the public the published ones, both within the rules of the rooms above."""
        rows = self if user.is_authenticated else self.filter(published=True)
        for rule in _scene_rules:
            rows = rows.filter(rule(user))
        return rows
