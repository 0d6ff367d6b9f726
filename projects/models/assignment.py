"""Who works where: districts and programmes for a time, and single sites that an inspector is asked to visit."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audited import Audited

# How long a site stays with its inspector after the visit: for photographs and corrections that are still on their way.
KEPT_DAYS = 14


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self) -> Self:
        """Those whose days today is among, by the city's calendar."""
        today = timezone.localdate()
        return self.filter(
            Q(begins_on__isnull=True) | Q(begins_on__lte=today),
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        )


class Assignment(Audited):
    """Districts and programmes that somebody works on; an empty side means all of it. begins_on, ends_on: both days
    are among its days, and None is open.
    """

    audit_kind: ClassVar[str] = "assignment"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name=_("user")
    )
    district = models.ForeignKey(
        "District", models.CASCADE, null=True, blank=True, verbose_name=_("district")
    )
    programme = models.ForeignKey(
        "Programme", models.CASCADE, null=True, blank=True, verbose_name=_("programme")
    )
    begins_on = models.DateField(_("from (day)"), null=True, blank=True)
    ends_on = models.DateField(_("until (day)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "district", "programme"],
                name="assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(begins_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("begins_on")),
                name="assignment_ordered",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.district or '*'} · {self.programme or '*'}"

    def audit_values(self) -> dict[str, Any]:
        """Whom, what and when: by user name, district code and programme key; None is all of them."""
        return {
            "user": self.user.username,
            "district": None if self.district is None else self.district.code,
            "programme": None if self.programme is None else self.programme.key,
            **{name: getattr(self, name) for name in ("begins_on", "ends_on", "note")},
        }


class SiteAssignmentQuerySet(models.QuerySet["SiteAssignment"]):
    def open(self) -> Self:
        """Neither visited nor withdrawn."""
        return self.filter(done_at__isnull=True, withdrawn_at__isnull=True)

    def in_force(self) -> Self:
        """Those by which the inspector works on the site: open, whatever their days, and a while after the visit."""
        return self.filter(
            Q(done_at__isnull=True) | Q(done_at__gte=_kept_since()), withdrawn_at__isnull=True
        )

    def lapsed(self) -> Self:
        """Visited so long ago that the site is the inspector's no more."""
        return self.filter(done_at__lt=_kept_since(), withdrawn_at__isnull=True)


class SiteAssignment(models.Model):
    """An inspector is asked to visit one site. Written by projects.assigning alone, which tells the trail of the site.

    begins_on: a visit on that day or later is the one that was asked for. due_on: the last day; late ones stay open.
    done_at, inspection: the visit that answered it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="site_assignments",
        verbose_name=_("inspector"),
    )
    site = models.ForeignKey(
        "Site", models.CASCADE, related_name="assignments", verbose_name=_("site")
    )
    begins_on = models.DateField(_("from (day)"))
    due_on = models.DateField(_("until (day)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    inspection = models.ForeignKey("Inspection", models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = SiteAssignmentQuerySet.as_manager()

    class Meta:
        ordering = (F("due_on").asc(nulls_last=True), "pk")
        verbose_name = _("inspection task")
        verbose_name_plural = _("inspection tasks")
        indexes = [models.Index(fields=["due_on"], name="site_assignment_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site"],
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="site_assignment_open_once",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("begins_on")),
                name="site_assignment_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.site_id}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.withdrawn_at is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    def told(self) -> str:
        """For the trail: whom, the days as an ISO 8601 interval, and the note."""
        days = f"{self.begins_on}/{'..' if self.due_on is None else self.due_on}"
        return " · ".join(part for part in (self.user.username, days, self.note) if part)


def _kept_since() -> dt.datetime:
    """A day's beginning, so that what depends on it changes once a day."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - dt.timedelta(days=KEPT_DAYS)
