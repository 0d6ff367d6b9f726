"""Imports of other bureaus' files: the job, what it did to each site, and which column was which field last time.

The files, the preview and the row report of a job lie in its folder (projects.importing.folder); here is what must
outlive them.
"""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from layers.models import Batch, RasterScene
from projects.models.programme import Programme


class JobKind(models.TextChoices):
    """What the file is to become."""

    DATA = "data", _("sites or a reference layer")
    SCENE = "scene", _("imagery")


class JobState(models.TextChoices):
    """Those that end in “ing” wait for the sender or for a worker; the others for a person, or for nobody."""

    UPLOADING = "uploading", _("being sent")
    INSPECTING = "inspecting", _("being read")
    READY = "ready", _("waits for your choices")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, not stored")
    STORING = "storing", _("being stored")
    STORED = "stored", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


# A worker has these, or will have them soon.
WORKING = frozenset({JobState.INSPECTING, JobState.CHECKING, JobState.STORING, JobState.UNDOING})


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Planners see their own, administrators all."""
        if not isinstance(user, User) or not user.is_planner:
            return self.none()
        return self if user.is_administrator else self.filter(owner=user)


class ImportJob(models.Model):
    """One file of a bureau on its way in: sites, a reference layer or imagery. owner: None for the command.

    asker, address: who asked for what is being done, and from where: the owner or an administrator. run: names the
    attempt that holds the job, so that one that was given up cannot end it. files: name, size and fingerprint of each
    part; options: what the person chose; findings: what reading the file showed; counts: rows by outcome; layer_batch:
    what a stored import added to a reference layer; scene: what a picture became; messages: what stood in the way, each
    in every language; failed_at: the state in which it failed; pruned_at: when what an undo would need was forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="import_jobs",
        verbose_name=_("user"),
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=JobKind, default=JobKind.DATA)
    state = models.CharField(
        _("state"), max_length=12, choices=JobState, default=JobState.UPLOADING
    )
    failed_at = models.CharField(max_length=12, blank=True)
    run = models.UUIDField(null=True, editable=False)
    title = models.CharField(_("file"), max_length=200, blank=True)
    files = models.JSONField(default=list)
    size_bytes = models.PositiveBigIntegerField(default=0)
    has_files = models.BooleanField(default=False)
    programme = models.ForeignKey(
        Programme, models.SET_NULL, null=True, related_name="+", verbose_name=_("programme")
    )
    layer_batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="+")
    scene = models.ForeignKey(RasterScene, models.SET_NULL, null=True, related_name="+")
    options = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    address = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    stored_at = models.DateTimeField(_("imported"), null=True)
    pruned_at = models.DateTimeField(null=True, editable=False)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_job_owner")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="import_job_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=JobKind.values), name="import_job_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.pk)

    @property
    def is_for_layer(self) -> bool:
        """Whether it becomes a reference layer, not sites."""
        return "target_layer" in self.options

    @property
    def is_scene(self) -> bool:
        """Whether it becomes imagery."""
        return self.kind == JobKind.SCENE

    @property
    def can_undo(self) -> bool:
        """Whether what an undo needs is still kept. Of a scene nothing is: it is removed on its own page."""
        return self.state == JobState.STORED and self.pruned_at is None and not self.is_scene

    @property
    def is_working(self) -> bool:
        return self.state in WORKING


class ImportedRow(models.Model):
    """What a stored import did to one site. revision: the site's afterwards; former: what an update replaced.

    Written for a hundred thousand rows at once, by the import that holds its job: so neither has a constraint. site is
    a plain number, and the note outlives a site that the undoing removes.
    """

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", db_constraint=False)
    site = models.UUIDField()
    outcome = models.CharField(max_length=9)
    revision = models.PositiveIntegerField()
    former = models.JSONField(null=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")

    def __str__(self) -> str:
        return f"{self.outcome} {self.site}"


class SavedMapping(models.Model):
    """Which column was which field, for files with the same columns. signature: of the column names."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "programme", "signature"], name="saved_mapping_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.signature[:8]}"
