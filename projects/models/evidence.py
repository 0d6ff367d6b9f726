"""The append-only evidence: transitions, inspections, photographs, and their pairs."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from layers.models import RasterScene
from projects.models.programme import WorkflowState, WorkflowStep
from projects.models.site import Site


class Inspection(models.Model):
    """A visit. The device makes the id, so a retry after a lost answer makes no twin."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    site = models.ForeignKey(Site, models.PROTECT, related_name="inspections")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    inspected_at = models.DateTimeField(_("inspected at"))
    progress = models.PositiveSmallIntegerField(_("progress, %"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    position = models.PointField(_("position"), srid=4326, null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    details = models.JSONField(_("what the device tells"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-inspected_at",)
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__lte=100),
                name="inspection_progress_percent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site.code} · {self.inspected_at:%Y-%m-%d}"


class Transition(models.Model):
    """A site entered a state. step is null only for the first entry, when the site was registered."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="transitions")
    step = models.ForeignKey(
        WorkflowStep, models.PROTECT, null=True, related_name="transitions", db_index=False
    )
    to_state = models.ForeignKey(WorkflowState, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("date"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False)
    note = models.TextField(_("note"), blank=True)
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, related_name="transitions", db_index=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        indexes = [
            models.Index(
                fields=["inspection"],
                condition=models.Q(inspection__isnull=False),
                name="transition_inspection",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site.code} → {self.to_state}"


class PhotoRole(models.TextChoices):
    BEFORE = "before", _("Before")
    DURING = "during", _("During")
    AFTER = "after", _("After")
    OTHER = "other", _("Other")


class Photo(models.Model):
    """original is staff-only; display is re-encoded without EXIF and may be shown to the public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    site = models.ForeignKey(Site, models.PROTECT, related_name="photos")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="photos")
    role = models.CharField(_("role"), max_length=8, choices=PhotoRole)
    original = models.CharField(max_length=300)
    display = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    position = models.PointField(_("position"), srid=4326, null=True, blank=True)
    bearing_deg = models.FloatField(_("bearing"), null=True, blank=True)
    accuracy_m = models.FloatField(_("accuracy, m"), null=True, blank=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    is_simulated = models.BooleanField(_("simulated"), default=False)
    # A marked copy of that photograph, which may arrive after it.
    sketch_of = models.UUIDField(null=True, blank=True, editable=False)
    published = models.BooleanField(_("published"), default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("taken_at", "created_at")
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        constraints = [
            models.UniqueConstraint(fields=["site", "sha256"], name="photo_once_per_site")
        ]

    def __str__(self) -> str:
        return f"{self.site.code} · {self.role}"


class PhotoPair(models.Model):
    """Which before goes with which after."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="photo_pairs")
    before = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    after = models.ForeignKey(Photo, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("photo pair")
        verbose_name_plural = _("photo pairs")
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="photo_pair_once")]

    def __str__(self) -> str:
        return f"{self.before} | {self.after}"


class ScenePair(models.Model):
    """Two scenes over one footprint, before and after the works; while one is still missing, the site has the other.

    A scene that is removed leaves its place empty: the other one must not lose its site, which says who may see it.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="scene_pairs")
    before = models.ForeignKey(RasterScene, models.SET_NULL, null=True, related_name="+")
    after = models.ForeignKey(RasterScene, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("scene pair")
        verbose_name_plural = _("scene pairs")
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="scene_pair_once")]

    def __str__(self) -> str:
        return f"{self.before} | {self.after}"
