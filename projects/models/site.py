"""A site: one physical project on the ground. Written only through projects.editing."""

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.city import District
from projects.models.programme import Programme, WorkflowState
from projects.querysets import SiteQuerySet


class Site(models.Model):
    """geom: as the programme says, valid, EPSG:4326 lon/lat. public_geom: what the public may know of it.
    source_geom: geom with its heights, as ISO WKB, where these were kept; it goes when the site is moved without them.

    length_m and area_m2 are measured on the ellipsoid when the geometry is written. has_overlap marks a
    polygon that shares ground with another of its programme: only these need a union when totals are made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of their own, here and in Transition: each costs an import more than it gives. The first column of two
    # others needs none, and of states there are few.
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="sites",
        verbose_name=_("programme"),
        db_index=False,
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    search_text = models.CharField(max_length=400, editable=False, default="")
    district = models.ForeignKey(
        District,
        models.PROTECT,
        related_name="sites",
        null=True,
        blank=True,
        verbose_name=_("district"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    geom = models.GeometryField(_("geometry"), srid=4326)
    source_geom = models.BinaryField(null=True, editable=False)
    public_geom = models.GeometryField(srid=4326, null=True, editable=False)
    source_crs = models.CharField(_("source CRS"), max_length=80, default="EPSG:4326")
    state = models.ForeignKey(
        WorkflowState,
        models.PROTECT,
        related_name="sites",
        verbose_name=_("state"),
        db_index=False,
    )
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    actual_start = models.DateField(_("actual start"), null=True, blank=True)
    actual_end = models.DateField(_("actual end"), null=True, blank=True)
    investment = models.DecimalField(
        _("investment, 10,000 yuan"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    length_m = models.FloatField(_("length, m"), null=True, editable=False)
    area_m2 = models.FloatField(_("area, m²"), null=True, editable=False)
    has_overlap = models.BooleanField(default=False, editable=False)
    published = models.BooleanField(_("published"), default=False)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ("programme", "code")
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        indexes = [models.Index(fields=["programme", "state"], name="site_programme_state")]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="site_code_once"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="site_progress_percent"),
            models.CheckConstraint(
                condition=Q(planned_end__isnull=True)
                | Q(planned_start__isnull=True)
                | Q(planned_end__gte=F("planned_start")),
                name="site_planned_ordered",
            ),
            models.CheckConstraint(
                condition=Q(actual_end__isnull=True)
                | Q(actual_start__isnull=True)
                | Q(actual_end__gte=F("actual_start")),
                name="site_actual_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
