"""Which factors an account has; adding and removing them. Each change writes its audit entry, see trail.py."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User

RECOVERY, TOTP, PASSKEY = "recovery_codes", "totp", "webauthn"
PASSKEY_LIMIT = 10  # for each account


@dataclass(frozen=True)
class Factor:
    """One line of a person's list. name: of a passkey, else empty."""

    pk: int
    kind: str
    name: str
    added: datetime
    last_used: datetime | None


def rows(user: User) -> "QuerySet[Authenticator]":
    """Those that ask for something at sign-in; recovery codes only stand in for them."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found.exclude(type=RECOVERY).order_by("created_at", "pk")


def has(user: User) -> bool:
    return rows(user).exists()


def listed(user: User) -> list[Factor]:
    return [
        Factor(row.pk, row.type, row.data.get("name", ""), row.created_at, row.last_used_at)
        for row in rows(user)
    ]


def is_missing(user: User) -> bool:
    """True for those in the office who must set up a factor before anything else (settings.SECOND_FACTOR)."""
    if settings.SECOND_FACTOR != "office":
        return False
    return (user.is_planner or user.is_staff) and not has(user)


def recovery(user: User) -> RecoveryCodes | None:
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return None if row is None else RecoveryCodes(row)


def add_recovery_codes(user: User, *, anew: bool = False) -> None:
    """Give the account its codes; ``anew``: others instead of those that it has."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if anew:
            for row in Authenticator.objects.filter(user=user, type=RECOVERY):
                row.delete()
        RecoveryCodes.activate(user)


def remove(user: User, pk: int) -> bool:
    """Take one factor away, and the recovery codes with the last; False when the account has no such factor."""
    with transaction.atomic():
        row = rows(user).filter(pk=pk).first()
        if row is None:
            return False
        row.delete()
        if not has(user):
            Authenticator.objects.filter(user=user).delete()
        return True


def remove_all(user: User) -> int:
    """For whoever lost a tablet: no factor is left, and every session ends. Gives how many there were."""
    with transaction.atomic():
        count = rows(user).count()
        Authenticator.objects.filter(user=user).delete()
        if count:
            user.end_sessions()
        return count
