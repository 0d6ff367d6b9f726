"""The user and the three roles; what a role may see is decided where the data lives, not here."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit_entry import AuditEntry
from accounts.audited import Audited

__all__ = ["AuditEntry", "Role", "User"]


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    PLANNER = "planner", _("Planner")
    INSPECTOR = "inspector", _("Inspector")


class User(Audited, AbstractUser):
    """A member of the city's staff. The public has no accounts."""

    audit_kind: ClassVar[str] = "user"
    audit_secrets: ClassVar[frozenset[str]] = frozenset({"password"})

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.INSPECTOR)
    display_name = models.CharField(_("display name"), max_length=80, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]  # AbstractUser's Meta is typed too narrowly
        verbose_name_plural = _("users")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_administrator(self) -> bool:
        return self.is_active and (self.is_superuser or self.role == Role.ADMINISTRATOR)

    @property
    def is_planner(self) -> bool:
        return self.is_active and (self.is_administrator or self.role == Role.PLANNER)

    def audit_values(self) -> dict[str, Any]:
        """The account, its rights and its password, of which only a change is told."""
        names = ("username", "display_name", "email", "role", "is_active", "is_staff")
        values = {name: getattr(self, name) for name in (*names, "is_superuser", "password")}
        return {
            name: value.value if isinstance(value, Role) else value
            for name, value in values.items()
        }
