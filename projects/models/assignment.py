"""Which districts and programmes a member of staff works on; an empty side means all of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name=_("user")
    )
    district = models.ForeignKey(
        "District", models.CASCADE, null=True, blank=True, verbose_name=_("district")
    )
    programme = models.ForeignKey(
        "Programme", models.CASCADE, null=True, blank=True, verbose_name=_("programme")
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "district", "programme"],
                name="assignment_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.district or '*'} · {self.programme or '*'}"
