"""Which life of the data this is: a restore begins another one."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """A single row. The epoch changes when the data goes back in time, so that whoever kept something from before
    (a device with work not yet sent, a cache with a revision number) can tell that it belongs to another life.
    """

    epoch = models.UUIDField(_("epoch"), default=uuid.uuid4)
    restored_at = models.DateTimeField(_("restored at"), null=True, blank=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="installation_single_row")]

    def __str__(self) -> str:
        return str(self.epoch)

    @classmethod
    def current(cls) -> "Installation":
        """The row, made at the first question."""
        return cls._default_manager.get_or_create(pk=1)[0]

    @classmethod
    def begin_epoch(cls) -> "Installation":
        """Note a restore: another epoch, now."""
        values = {"epoch": uuid.uuid4(), "restored_at": timezone.now()}
        return cls._default_manager.update_or_create(pk=1, defaults=values)[0]
