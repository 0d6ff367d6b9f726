"""Passwords: changed by their owner, or set by an administrator for one log-in."""

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import lockout
from accounts.factors import store
from accounts.models import User


class OwnPasswordForm(PasswordChangeForm):
    """Asks for the old password behind the same lock as the log-in. Raises AccountLocked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = (
                ""  # the page says it once; a description that is nowhere would be pointed at
            )

    def clean_old_password(self) -> str:
        lockout.guard(self.user.username)
        try:
            old: str = super().clean_old_password()
        except ValidationError:
            lockout.failed(self.user.username)
            raise
        if not store.has(self.user):
            lockout.reset(self.user.username)
        return old

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if old and old == new:
            self.add_error("new_password1", _("The new password is the same as the old one."))
        return cleaned

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = False
        user: User = super().save(commit)
        return user


class TemporaryPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """An administrator's: the account is opened, and its owner must choose another password."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        lockout.reset(self.user.username)
        user: User = super().save(commit)
        return user
