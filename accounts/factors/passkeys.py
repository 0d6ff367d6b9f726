"""Passkeys (W3C Web Authentication Level 3): always discoverable, always with the user verified.

So one kind serves as a second factor and for signing in without a password. The challenge lives in the session, is
good for one answer and for a few minutes; the answer must come from exactly this origin.
"""

import ipaddress
import json
import time
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.factors import store
from accounts.models import User

CHALLENGE_S = 300
CREDENTIAL_MAX = 16_384  # characters of JSON
NAME_MAX = 60
_AT = "mfa.webauthn.at"
# What the parsers of fido2 and allauth raise for an answer that is none.
_BROKEN = (ValidationError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Refused(Exception):
    """The answer is not one to the challenge of this session, or of no passkey that is known."""


def host_of(request: HttpRequest) -> str:
    """The name that the browser knows the site by, without its port."""
    return request.get_host().rpartition(":")[0] or request.get_host()


def obstacle(request: HttpRequest) -> str:
    """Why passkeys cannot work at the address that the browser used, as a sentence; empty when they can."""
    host = host_of(request)
    if host == "localhost" or host.endswith(".localhost"):
        return ""
    if _is_number(host):
        return _(
            "Passkeys belong to a name: they do not work at the bare address %(host)s. Open the site by its name over"
            " HTTPS, or on this machine as http://localhost."
        ) % {"host": host}
    if not request.is_secure():
        return _("Passkeys work only over HTTPS; this page came over plain HTTP.")
    return ""


def begin_adding(user: User) -> dict[str, Any]:
    """Options for navigator.credentials.create, as JSON."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    _note_time()
    return _plain(options)


def add(user: User, name: str, answer: str) -> Authenticator:
    """Keep a new passkey, and give the account recovery codes. Raises Refused."""
    _take_time()
    try:
        credential = _parse(answer)
        response = auth.parse_registration_response(credential)
        _check_origin(response.response.client_data)
        auth.complete_registration(credential)
    except _BROKEN as error:
        raise Refused() from error
    finally:
        auth.clear_state()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if store.rows(user).filter(type=store.PASSKEY).count() >= store.PASSKEY_LIMIT:
            raise Refused()
        row = auth.WebAuthn.add(user, name[:NAME_MAX], credential).instance
        store.add_recovery_codes(user)
    return row


def begin_asking(user: User | None) -> dict[str, Any]:
    """Options for navigator.credentials.get: for the account's passkeys, or for whichever the device has."""
    options: dict[str, Any] = auth.begin_authentication(user)
    _note_time()
    return _plain(options)


def check(user: User | None, answer: str) -> Authenticator:
    """The passkey that answered, of this account, or of the one that it names itself. Raises Refused."""
    _take_time()
    try:
        credential = _parse(answer)
        response = auth.parse_authentication_response(credential)
        _check_origin(response.response.client_data)
        owner = user or auth.extract_user_from_response(credential)
        row = auth.complete_authentication(owner, credential)
    except _BROKEN as error:
        raise Refused() from error
    finally:
        auth.clear_state()
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"])
    return row


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """fido2's own mappings and bytes, as JSON has them."""
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found


def _parse(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= CREDENTIAL_MAX else None
    except (ValueError, RecursionError) as error:
        raise Refused() from error
    if not isinstance(found, dict):
        raise Refused()
    return found


def _check_origin(client_data: Any) -> None:
    """Stricter than fido2, which lets every subdomain speak for the site."""
    request = context.request
    if client_data.origin != f"{request.scheme}://{request.get_host()}" or client_data.cross_origin:
        raise Refused()


def _note_time() -> None:
    context.request.session[_AT] = int(time.time())


def _take_time() -> None:
    began = context.request.session.pop(_AT, 0)
    if time.time() - began >= CHALLENGE_S:
        auth.clear_state()
        raise Refused()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
