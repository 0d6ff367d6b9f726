"""Which districts and programmes a member of staff works on; an empty side means all of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audited import Audited


class Assignment(Audited):
    audit_kind: ClassVar[str] = "assignment"

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

    def audit_values(self) -> dict[str, Any]:
        """Whom, and what: by user name, district code and programme key; None is all of them."""
        return {
            "user": self.user.username,
            "district": None if self.district is None else self.district.code,
            "programme": None if self.programme is None else self.programme.key,
        }
