"""The city and its county-level districts."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from gis_projects.geo.bbox import BBox


class City(models.Model):
    """One installation serves one city. publication_revision moves when a public answer may change."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    code = models.CharField(_("GB/T 2260 code"), max_length=12)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    attribution = models.CharField(_("attribution"), max_length=300, blank=True)
    attribution_en = models.CharField(_("English attribution"), max_length=300, blank=True)
    map_approval_number = models.CharField(_("map approval number"), max_length=60, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    publication_revision = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    def __str__(self) -> str:
        return self.name

    @property
    def bbox(self) -> BBox:
        return BBox(self.west, self.south, self.east, self.north)


class District(models.Model):
    """A county-level unit, by its GB/T 2260 code."""

    city = models.ForeignKey(City, models.CASCADE, related_name="districts")
    code = models.CharField(_("GB/T 2260 code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    pinyin = models.CharField(_("pinyin"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    geom = models.GeometryField(_("geometry"), srid=4326, null=True, blank=True)
    is_schematic = models.BooleanField(_("schematic"), default=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return self.name
