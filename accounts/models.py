"""The user and the three roles; what a role may see is decided where the data lives, not here."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.audit_entry import AuditEntry
from accounts.audited import Audited

__all__ = ["AuditEntry", "Role", "User"]


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    PLANNER = "planner", _("Planner")
    INSPECTOR = "inspector", _("Inspector")


class User(Audited, AbstractUser):
    """A member of the city's staff. The public has no accounts.

    must_change_password: an administrator chose the password, so a session of it may do nothing but change it.
    session_epoch: part of what a session is checked against; raising it ends every session of the account.
    """

    audit_kind: ClassVar[str] = "user"
    audit_secrets: ClassVar[frozenset[str]] = frozenset({"password"})

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.INSPECTOR)
    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

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

    def end_sessions(self) -> None:
        """Sign the account out on every device, at each one's next request."""
        type(self).objects.filter(pk=self.pk).update(session_epoch=models.F("session_epoch") + 1)
        self.refresh_from_db(fields=["session_epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's check of a session against the password, and against session_epoch as well."""
        return salted_hmac(
            "accounts.models.User.session",
            f"{self.session_epoch}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class LoginFailure(models.Model):
    """A wrong password for a name; key is a keyed hash of the name, whether or not an account has it."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = [
            models.Index(fields=["key", "-at"], name="login_failure_key"),
            models.Index(fields=["at"], name="login_failure_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at:%Y-%m-%d %H:%M:%S}"
