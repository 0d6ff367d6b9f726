"""The report, its clauses word for word, and the targets that they set."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.city import City
from projects.models.programme import Programme


class Kind(models.TextChoices):
    COUNT = "count", _("Number of sites")
    SUM = "sum", _("Sum over sites")
    STOCK = "stock", _("Total in existence")
    MILESTONE = "milestone", _("Milestone")
    PER_UNIT = "per_unit", _("Number per district")
    RATIO = "ratio", _("Ratio")


class Comparator(models.TextChoices):
    EQ = "eq", "="
    GE = "ge", "≥"
    LE = "le", "≤"
    RANGE = "range", _("from … to …")
    NONE = "none", _("no number")


class Measure(models.TextChoices):
    SITES = "sites", _("sites")
    LENGTH = "length", _("length")
    AREA = "area", _("area")
    HOUSEHOLDS = "households", _("households")
    CAPACITY = "capacity", _("capacity")
    PLACES = "places", _("places")


class Report(models.Model):
    city = models.ForeignKey(City, models.CASCADE, related_name="reports")
    key = models.SlugField(max_length=64, unique=True)
    year = models.PositiveIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    issuer = models.CharField(_("issuer"), max_length=120, blank=True)

    class Meta:
        ordering = ("-year",)
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One sentence of the report, verbatim."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="clauses")
    key = models.SlugField(max_length=64)
    section = models.CharField(_("section"), max_length=80)
    section_en = models.CharField(_("English section"), max_length=80, blank=True)
    text = models.TextField(_("text"))
    text_en = models.TextField(_("English text"), blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("report", "order")
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="clause_key_once")]

    def __str__(self) -> str:
        return self.text[:40]


class Target(models.Model):
    """A number (or a milestone) that a clause promises.

    value_field names the attribute that is summed for households, capacity and places, and that holds the
    claimed figure for length and area; accepted_field the one that holds the accepted figure.
    """

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="targets")
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    comparator = models.CharField(_("comparator"), max_length=8, choices=Comparator)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3, null=True, blank=True)
    value_max = models.DecimalField(
        _("upper value"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    unit_en = models.CharField(_("English unit"), max_length=40, blank=True)
    measure = models.CharField(_("measure"), max_length=12, choices=Measure, blank=True)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("programme"),
    )
    where = models.JSONField(_("attribute filter"), default=dict, blank=True)
    value_field = models.CharField(_("summed attribute"), max_length=64, blank=True)
    accepted_field = models.CharField(_("accepted attribute"), max_length=64, blank=True)
    milestone_state = models.CharField(_("milestone state"), max_length=64, blank=True)
    lead_dept = models.CharField(_("lead department"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    note_en = models.TextField(_("English note"), blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "key")
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.CheckConstraint(
                condition=Q(comparator="none") | Q(value__isnull=False), name="target_value_given"
            ),
            models.CheckConstraint(
                condition=~Q(comparator="range") | Q(value_max__gte=F("value")),
                name="target_range_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_mapped(self) -> bool:
        return self.programme_id is not None

    def takes(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a site of the programme with these attributes counts; in SQL: ``filters.of_target``."""
        return all(attributes.get(name) == value for name, value in self.where.items())
