"""The audit trail's one table: rows that are added, and that the database refuses to change (audit_guards)."""

import datetime as dt
import decimal
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_PREVIOUS = "0" * 64
LABEL_LENGTH = 200


class Action(models.TextChoices):
    CREATED = "created", _("added")
    UPDATED = "updated", _("changed")
    MOVED = "moved", _("moved to another state")
    INSPECTED = "inspected", _("inspected")
    PHOTOGRAPHED = "photographed", _("photograph added")
    REMOVED = "removed", _("removed")
    LOGGED_IN = "logged_in", _("signed in")
    LOGGED_OUT = "logged_out", _("signed out")
    LOGIN_FAILED = "login_failed", _("failed to sign in")


class AuditEntry(models.Model):
    """Who did what to what, when and from where; ``hash`` seals it together with the entry before.

    The user is kept by number and name, not as a reference: an entry outlives the account. changes: JSON text,
    ``{field: [old, new]}``, kept as the very text that was hashed, since a database may rewrite numbers in its own
    JSON type. address: of the client, or ``command``. Each number stands once and goes on from the one before, so
    a chain cannot fork; verify_audit looks at both.
    """

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(_("who"), max_length=150, blank=True)
    address = models.CharField(_("from where"), max_length=45, blank=True)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    action = models.CharField(_("action"), max_length=16, choices=Action)
    kind = models.CharField(_("kind"), max_length=32)
    subject = models.CharField(_("subject"), max_length=64, blank=True)
    label = models.CharField(_("name"), max_length=LABEL_LENGTH, blank=True)
    changes = models.TextField(_("what changed"))
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-sequence",)
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["kind", "subject"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.label}"

    @property
    def changed(self) -> dict[str, list[Any]]:
        """Field to old and new value."""
        found: dict[str, list[Any]] = json.loads(self.changes)
        return found

    def sealed(self) -> str:
        """The hash that the entry should have, from what it says."""
        return seal({name: getattr(self, name) for name in SEALED})


# All that an entry says, and the hash before it.
SEALED = tuple(field.attname for field in AuditEntry._meta.concrete_fields if field.name != "hash")


def seal(values: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of the ``SEALED`` values; the time in UTC, to the microsecond."""
    at: dt.datetime = values["at"]
    content = {**values, "at": at.astimezone(dt.UTC).isoformat(timespec="microseconds")}
    return hashlib.sha256(_canonical(content)).hexdigest()


class Chain:
    """Seals entries one after the other, each over the one before: ``seal`` of each, what is the same written once.

    sequence, previous: number and hash of the last entry.
    """

    def __init__(self, sequence: int, previous: str) -> None:
        self.sequence, self.previous = sequence, previous

    def seal_all(
        self, same: Mapping[str, Any], changes: list[str], labels: list[str], subjects: list[str]
    ) -> tuple[list[int], list[str], list[str]]:
        """Numbers, previous hashes and hashes of entries beside these columns. same: what all of them say besides."""
        before, change_to_label, label_to_previous, previous_to_number, number_to_subject = _frame(
            same
        )
        first = self.sequence + 1
        previous = self.previous.encode()
        hashes = []
        rows = zip(changes, labels, subjects, strict=True)
        for number, (change, label, subject) in enumerate(rows, first):
            text = (
                before, _string(change), change_to_label, _string(label), label_to_previous,
                previous, previous_to_number, b"%d" % number, number_to_subject, _string(subject), b"}",
            )  # fmt: skip
            found = hashlib.sha256(b"".join(text)).hexdigest()
            hashes.append(found)
            previous = found.encode()
        former = [self.previous, *hashes]
        self.previous = former.pop()
        self.sequence += len(hashes)
        return list(range(first, first + len(hashes))), former, hashes


def _string(text: str) -> bytes:
    """``_canonical`` of a text."""
    try:
        return orjson.dumps(text)
    except TypeError:
        return _canonical(text)


def _frame(same: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Canonical JSON of an entry, cut where what differs stands: changes, label, previous, sequence, subject."""
    told = {**same, "at": same["at"].astimezone(dt.UTC).isoformat(timespec="microseconds")}
    found, piece = [], b"{"
    for name in sorted(SEALED):
        if name in told:
            piece += _canonical({name: told[name]})[1:-1] + b","
            continue
        quote = b'"' if name == "previous" else b""
        found.append(piece + b'"%s":%s' % (name.encode(), quote))
        piece = quote + b","
    return tuple(found)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces, in UTF-8: dates in ISO 8601, decimal numbers and UUIDs as text.

    Raises TypeError for anything else that JSON does not have.
    """
    return _canonical(value).decode()


def _canonical(value: Any) -> bytes:
    """Orjson refuses whole numbers of more than 64 bits, and half surrogate pairs, which stay escaped."""
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        text = json.dumps(
            value, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return text.encode("utf-8", "backslashreplace")


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    raise TypeError(f"the audit trail cannot hold a {type(value).__name__}")
