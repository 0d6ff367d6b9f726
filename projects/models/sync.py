"""Work done without network: the tablets, every operation that they sent, and photographs on their way in.

An operation is kept word for word, whatever became of it; nothing that a tablet ever sent is thrown away.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.evidence import Inspection, Photo


class Device(models.Model):
    """A tablet, by the number it gave itself. unsent, unsent_photos: what it said was waiting on it, when last seen."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    app_version = models.CharField(_("version of the app"), max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("last user")
    )
    first_seen = models.DateTimeField(_("first seen"), auto_now_add=True)
    last_seen = models.DateTimeField(_("last seen"))
    last_push = models.DateTimeField(_("last sent"), null=True)
    last_pull = models.DateTimeField(_("last fetched"), null=True)
    unsent = models.PositiveIntegerField(_("waiting records"), default=0)
    unsent_photos = models.PositiveIntegerField(_("waiting photographs"), default=0)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ("-last_seen",)
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return self.name or str(self.pk)[:8]


class OperationState(models.TextChoices):
    """What became of an operation. ``duplicate`` is an answer, not a state: the first time decided."""

    APPLIED = "applied", _("applied")
    MERGED = "merged", _("merged with others' changes")
    CONFLICT = "conflict", _("in conflict")
    HELD = "held", _("waiting for something else")
    PROPOSED = "proposed", _("proposed")
    QUARANTINED = "quarantined", _("refused")


class Operation(models.Model):
    """One record of a tablet, immutable: body is its JSON text, and sha256 that text's hash.

    operation: the client's id; null for a text that names none. result: what the tablet is told, again and again.
    site, target: ids without constraint, since the thing may be gone or not here yet.
    """

    SETTLED: ClassVar[frozenset[str]] = frozenset({OperationState.APPLIED, OperationState.MERGED})
    # What waits for somebody in the office.
    TRAY: ClassVar[frozenset[str]] = frozenset(
        {OperationState.CONFLICT, OperationState.PROPOSED, OperationState.QUARANTINED}
    )

    operation = models.UUIDField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="operations")
    device = models.ForeignKey(Device, models.PROTECT, related_name="operations")
    device_seq = models.BigIntegerField(null=True)
    entity = models.CharField(_("kind"), max_length=16, blank=True)
    target = models.UUIDField(null=True)
    site = models.UUIDField(null=True, db_index=True)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    depends_on = models.JSONField(default=list)
    client_time = models.DateTimeField(_("time on the tablet"), null=True)
    clock_offset_s = models.FloatField(_("its clock is slow by, seconds"), null=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=12, choices=OperationState)
    code = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.TextField(_("explanation"), blank=True)
    result = models.JSONField(default=dict)
    settled_at = models.DateTimeField(_("decided"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("loaded from a file by"),
    )
    decision = models.CharField(_("decision"), max_length=16, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes = [models.Index(fields=["state", "settled_at"], name="operation_tray")]
        constraints = [
            models.UniqueConstraint(
                fields=["operation"], condition=~Q(code="op-id-reuse"), name="operation_once"
            ),
            # A body that cannot stand under its own id (or has none) is told by its text and its sender.
            models.UniqueConstraint(
                fields=["sha256", "author"],
                condition=Q(operation__isnull=True) | Q(code="op-id-reuse"),
                name="operation_stray_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.operation}"


class PhotoState(models.TextChoices):
    WAITING = "waiting", _("on its way")
    VERIFIED = "verified", _("verified")


class PhotoUpload(models.Model):
    """A photograph that an operation announced. Its bytes come in parts; ``verified`` means they are here for good.

    photo: the evidence it became; null while it waits, or when its site is gone or it is no picture that can be read
    (code says which). taken: role, taken_at, lon, lat, bearing_deg, accuracy_m, caption as the tablet gave them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="upload")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    site = models.UUIDField(db_index=True)
    inspection = models.UUIDField(null=True, db_index=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    taken = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=PhotoState, default="waiting")
    code = models.CharField(_("reason"), max_length=40, blank=True)
    original = models.CharField(max_length=300, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at",)
        verbose_name = _("photograph on its way")
        verbose_name_plural = _("photographs on their way")

    def __str__(self) -> str:
        return str(self.pk)


class Correction(models.Model):
    """What somebody says of an inspection afterwards; the inspection itself stays as it was written."""

    id = models.UUIDField(primary_key=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("time"))
    note = models.TextField(_("note"), blank=True)
    progress = models.PositiveSmallIntegerField(_("progress, %"), null=True, blank=True)

    class Meta:
        ordering = ("at",)
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.inspection_id} · {self.at:%Y-%m-%d}"


class Track(models.Model):
    """Where an inspector walked. line: EPSG:4326 lon/lat.

    times: seconds after started_at; accuracies: metres, radius of 95 %, null where nobody told it; one of each for each
    vertex. stale_fixes: how many were old when the tablet had them; is_mock: they did not look like a receiver's.
    """

    id = models.UUIDField(primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    site = models.UUIDField(null=True, db_index=True)
    line = models.LineStringField(_("line"), srid=4326)
    started_at = models.DateTimeField(_("started"))
    times = models.JSONField(default=list)
    accuracies = models.JSONField(default=list)
    stale_fixes = models.PositiveIntegerField(default=0)
    is_mock = models.BooleanField(default=False)

    class Meta:
        ordering = ("started_at",)
        verbose_name = _("track")
        verbose_name_plural = _("tracks")

    def __str__(self) -> str:
        return f"{self.by} · {self.started_at:%Y-%m-%d %H:%M}"
