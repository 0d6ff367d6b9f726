"""The tablets that talk to us: which there are, what waits on them, and which may not any more."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from gis_projects.http.problems import DeviceRevoked
from gis_projects.write_turns import write_turn
from projects.models import Device


@dataclass(frozen=True, slots=True)
class Told:
    """What a tablet says of itself. unsent: records and photographs that still wait on it, if it says so."""

    id: uuid.UUID
    name: str = ""
    app_version: str = ""
    unsent: int | None = None
    unsent_photos: int | None = None


def known(user: User, number: uuid.UUID) -> Device:
    """The tablet that a record names, which may never have been here itself."""
    defaults = {"user": user, "last_seen": timezone.now()}
    return Device.objects.get_or_create(pk=number, defaults=defaults)[0]


def seen(user: User, told: Told, *, pushed: bool = False, pulled: bool = False) -> Device:
    """Note a contact; a tablet that was never here before is taken up. Raises DeviceRevoked."""
    now = timezone.now()
    values = {"user": user, "last_seen": now}
    optional = {
        "name": told.name[:80] or None,
        "app_version": told.app_version[:40] or None,
        "unsent": told.unsent,
        "unsent_photos": told.unsent_photos,
        "last_push": now if pushed else None,
        "last_pull": now if pulled else None,
    }
    values |= {name: value for name, value in optional.items() if value is not None}
    with write_turn():
        device, _is_new = Device.objects.update_or_create(pk=told.id, defaults=values)
    if device.revoked_at is not None:
        raise DeviceRevoked()
    return device
