"""A picture on its way to a scene; the files lie below VAR_DIR/uploads until it is over."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import RasterScene


class SceneJobState(models.TextChoices):
    WORKING = "working", _("being converted")
    DONE = "done", _("stored")
    FAILED = "failed", _("failed")


class SceneJob(models.Model):
    """names: of the files; wishes: what the person said; messages: sentences, each in every language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=8, choices=SceneJobState, default=SceneJobState.WORKING
    )
    percent = models.PositiveSmallIntegerField(default=0)
    names = models.JSONField(default=list)
    wishes = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    scene = models.ForeignKey(RasterScene, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("picture on its way")
        verbose_name_plural = _("pictures on their way")

    def __str__(self) -> str:
        return ", ".join(self.names) or str(self.pk)
