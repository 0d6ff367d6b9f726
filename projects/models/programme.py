"""Programmes, and the workflows that their sites move along. All rows come from the city folder."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """What the states of every workflow have in common: colour and icon on each screen."""

    PLANNED = "planned", _("Not started")
    WORKING = "working", _("Under way")
    SUSPENDED = "suspended", _("Suspended")
    RETURNED = "returned", _("Sent back")
    COMPLETED = "completed", _("Works complete")
    ACCEPTED = "accepted", _("Accepted")


class Workflow(models.Model):
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")

    def __str__(self) -> str:
        return self.name


class WorkflowState(models.Model):
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="states")
    key = models.SlugField(max_length=64)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    phase = models.CharField(_("phase"), max_length=16, choices=Phase)
    is_initial = models.BooleanField(_("initial"), default=False)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("workflow", "order")
        verbose_name = _("workflow state")
        verbose_name_plural = _("workflow states")
        constraints = [
            models.UniqueConstraint(fields=["workflow", "key"], name="state_key_once"),
            models.UniqueConstraint(
                fields=["workflow"], condition=models.Q(is_initial=True), name="one_initial_state"
            ),
            models.CheckConstraint(
                condition=models.Q(phase__in=Phase.values), name="state_phase_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkflowStep(models.Model):
    """A permitted transition. A site can only move along one of these."""

    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="steps")
    source = models.ForeignKey(WorkflowState, models.CASCADE, related_name="steps_out")
    target = models.ForeignKey(WorkflowState, models.CASCADE, related_name="steps_in")
    requires_photo = models.BooleanField(_("requires a photograph"), default=False)
    requires_note = models.BooleanField(_("requires a note"), default=False)
    roles = models.JSONField(_("roles"), default=list)

    class Meta:
        ordering = ("source__order", "target__order")
        verbose_name = _("workflow step")
        verbose_name_plural = _("workflow steps")
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="step_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="step_goes_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Programme(models.Model):
    """A kind of public work with its own form, workflow and publication precision."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    theme = models.CharField(_("theme"), max_length=60)
    theme_en = models.CharField(_("English theme"), max_length=60)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("English description"), blank=True)
    workflow = models.ForeignKey(Workflow, models.PROTECT, related_name="programmes")
    geometry_kinds = models.JSONField(
        _("geometry kinds"), help_text='["Point", "LineString", "Polygon"]'
    )
    symbol = models.CharField(_("symbol"), max_length=20)
    precision = models.CharField(_("publication precision"), max_length=20, default="exact")
    attribute_schema = models.JSONField(_("attribute schema"), default=dict)
    lead_dept = models.CharField(_("lead department"), max_length=80, blank=True)
    lead_dept_en = models.CharField(_("lead department, English"), max_length=120, blank=True)
    published = models.BooleanField(_("published"), default=False)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "key")
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name
