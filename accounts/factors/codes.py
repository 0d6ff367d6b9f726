"""One-time codes (RFC 6238) and recovery codes: checked, and good for once.

allauth remembers used codes in the cache, which each worker has for itself; here the row remembers the last time step
that was accepted, so no worker takes a code, or an older one, a second time (RFC 6238, section 5.2).
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils import timezone

from accounts.factors import store
from accounts.models import User


def new_secret() -> str:
    """A fresh secret, encrypted: for the session until the first code proves that it was taken over."""
    kept: str = encrypt(auth.generate_totp_secret())
    return kept


def add(user: User, kept: str, code: str) -> bool:
    """Activate what ``new_secret`` gave when the code is right; that code is used up then."""
    step = _step(decrypt(kept), code)
    if step is None:
        return False
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if store.rows(user).filter(type=store.TOTP).exists():
            return False
        Authenticator.objects.create(
            user=user, type=store.TOTP, data={"secret": kept, "step": step}
        )
        store.add_recovery_codes(user)
    return True


def check(user: User, code: str) -> Authenticator | None:
    """The factor that the code belongs to, the code being used up. Raises SecretsUnreadable."""
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(
            user=user, type__in=(store.TOTP, store.RECOVERY)
        ):
            if _takes(row, code):
                row.refresh_from_db()
                row.last_used_at = timezone.now()
                row.save(update_fields=["last_used_at"])
                return row
    return None


def _takes(row: Authenticator, code: str) -> bool:
    if row.type == store.RECOVERY:
        return bool(RecoveryCodes(row).validate_code(code))
    step = _step(decrypt(row.data["secret"]), code, after=row.data.get("step", -1))
    if step is None:
        return False
    row.data["step"] = step
    row.save(update_fields=["data"])
    return True


def _step(secret: str, code: str, after: int = -1) -> int | None:
    """The time step that the code is of, within allauth's tolerance and later than ``after``."""
    for step in auth.yield_hotp_counters_from_time():
        expected = auth.format_hotp_value(auth.hotp_value(secret, step))
        if step > after and compare_user_code(actual=code, expected=expected):
            return int(step)
    return None
