"""Reference layers and imagery. Geometry is EPSG:4326, lon/lat."""

import uuid

from django.contrib.gis.db import models
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from layers.querysets import LayerQuerySet, SceneQuerySet


class Layer(models.Model):
    """A set of features that came together and is drawn in one style."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    attribution = models.CharField(_("attribution"), max_length=300, blank=True)
    is_schematic = models.BooleanField(_("schematic"), default=False)
    published = models.BooleanField(_("published"), default=False)
    style = models.JSONField(_("style"), default=dict, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ("order", "key")
        verbose_name = _("layer")
        verbose_name_plural = _("layers")

    def __str__(self) -> str:
        return self.name


class Feature(models.Model):
    """One feature of a reference layer; properties are kept as they came."""

    layer = models.ForeignKey(
        Layer, models.CASCADE, related_name="features", verbose_name=_("layer")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    geom = models.GeometryField(_("geometry"), srid=4326)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    class Meta:
        ordering = ("layer", "pk")
        verbose_name = _("feature")
        verbose_name_plural = _("features")

    def __str__(self) -> str:
        return self.name or f"{self.layer_id}/{self.pk}"


class RasterScene(models.Model):
    """One image over one footprint at one date, stored as a cloud-optimised GeoTIFF (COG)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=200)
    file = models.CharField(_("path below the media folder"), max_length=300)
    acquired_on = models.DateField(_("acquired on"))
    sensor = models.CharField(_("sensor"), max_length=80, blank=True)
    footprint = models.PolygonField(_("footprint"), srid=4326)
    source_crs = models.CharField(_("source CRS"), max_length=80)
    width_px = models.PositiveIntegerField(_("width"), validators=[MinValueValidator(1)])
    height_px = models.PositiveIntegerField(_("height"), validators=[MinValueValidator(1)])
    is_simulated = models.BooleanField(_("simulated"), default=False)
    published = models.BooleanField(_("published"), default=False)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")

    def __str__(self) -> str:
        return self.name
