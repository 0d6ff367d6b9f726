"""What django-allauth asks of a site: how secrets are kept, and the names that authenticators show."""

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.factors.passkeys import host_of
from accounts.models import User


class SecretsUnreadable(Exception):
    """A secret was kept under another SECRET_KEY."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Named in settings.MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SecretsUnreadable after a change of SECRET_KEY."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise SecretsUnreadable() from error

    def get_totp_issuer(self) -> str:
        return _("Public works on the map")

    def get_totp_label(self, user: User) -> str:
        return f"{user.username}@{host_of(context.request)}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host_of(context.request), "name": _("Public works on the map")}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        kept: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return kept | {"name": user.username, "display_name": str(user)}


def _box() -> Fernet:
    key = salted_hmac("accounts.factors.adapter", "secrets", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
