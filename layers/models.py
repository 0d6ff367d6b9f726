"""Reference layers and imagery. Geometry is EPSG:4326, lon/lat."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from layers.band_roles import band_roles_known
from layers.querysets import FeatureQuerySet, LayerQuerySet, SceneQuerySet
from layers.styles.document import mistakes


class Layer(models.Model):
    """A set of features that came together and is drawn in one style."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    # Layers of one group stand together in a map's list; those of none are in a group of their own.
    group = models.CharField(_("group"), max_length=80, blank=True)
    group_en = models.CharField(_("group, in English"), max_length=80, blank=True)
    attribution = models.CharField(_("attribution"), max_length=300, blank=True)
    is_schematic = models.BooleanField(_("schematic"), default=False)
    published = models.BooleanField(_("published"), default=False)
    style = models.JSONField(_("style"), default=dict, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    # Of the files that its features came in: columns in order ({name, type, width}), CRS, encoding.
    columns = models.JSONField(_("columns"), default=list, blank=True, editable=False)
    source_crs = models.CharField(_("source CRS"), max_length=200, blank=True, editable=False)
    source_encoding = models.CharField(_("encoding"), max_length=40, blank=True, editable=False)
    # Rises whenever features change, so that an answer that was kept can be told to be old.
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ("order", "key")
        verbose_name = _("layer")
        verbose_name_plural = _("layers")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a style that is none of docs/styles.md; no style is right, too."""
        found = mistakes(self.style) if self.style else []
        if found:
            raise ValidationError({"style": [f"{at or '/'}: {words}" for at, words in found]})


class LayerChoice(models.Model):
    """Which layers somebody's maps begin with, in which order and how opaque.

    layers: as a map's address has them, the top one first: ``nen,places.60,!chainage``.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="layer_choice"
    )
    layers = models.TextField()

    class Meta:
        verbose_name = _("chosen layers")
        verbose_name_plural = _("chosen layers")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.layers}"


class Batch(models.Model):
    """Features of a layer that came in together, in one file.

    A batch that was replaced is not shown, and is kept until it is pruned: taking the new one back shows it again.
    """

    layer = models.ForeignKey(
        Layer, models.CASCADE, related_name="batches", verbose_name=_("layer")
    )
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="replaced", verbose_name=_("replaced by")
    )
    file = models.CharField(_("file"), max_length=255, blank=True)
    columns = models.JSONField(_("columns"), default=list)
    source_crs = models.CharField(_("source CRS"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    count = models.PositiveIntegerField(_("features"), default=0)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("who"),
        related_name="+",
    )

    class Meta:
        ordering = ("layer", "pk")
        verbose_name = _("batch of features")
        verbose_name_plural = _("batches of features")

    def __str__(self) -> str:
        return f"{self.layer_id}/{self.file}"


class Feature(models.Model):
    """One feature of a reference layer; properties are kept as they came.

    geom: None for a row of a table that has no place. source_geom: the same with its heights, as ISO WKB, EPSG:4326
    lon/lat, where they were kept. batch: None when it came in no file.
    """

    layer = models.ForeignKey(
        Layer, models.CASCADE, related_name="features", verbose_name=_("layer")
    )
    # Written by layers.loading alone, and found through the layer: no constraint and no index of its own, which
    # would cost a quarter of an import's time.
    batch = models.ForeignKey(
        Batch,
        models.CASCADE,
        null=True,
        editable=False,
        related_name="features",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    geom = models.GeometryField(_("geometry"), srid=4326, null=True, blank=True)
    source_geom = models.BinaryField(null=True, editable=False)
    properties = models.JSONField(_("properties"), default=dict, blank=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        ordering = ("layer", "pk")
        verbose_name = _("feature")
        verbose_name_plural = _("features")

    def __str__(self) -> str:
        return self.name or f"{self.layer_id}/{self.pk}"


class TileTable(models.Model):
    """A layer's features as tiles want them, at one of its revisions; there only once all of them are in it.

    token: names the table, or the file, that holds them (layers.tiles). columns: layers.tiles.columns.Column, in order.
    bbox: EPSG:4326, or None when no feature has a place. ready_zoom: the last whose tiles are made already, or -1.
    Derived from the features, and made again when it is missing.
    """

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="tile_tables")
    revision = models.PositiveIntegerField()
    format = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=32, unique=True)
    columns = models.JSONField(default=list)
    bbox = models.JSONField(null=True)
    count = models.PositiveIntegerField(default=0)
    ready_zoom = models.SmallIntegerField(default=-1)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "revision", "format"], name="tile_table_once_a_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.layer_id}/{self.revision}"


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
    # Of Xian 80 and Beijing 54: there are no public parameters, so it lies about 90 m off, and somebody took that.
    datum_accepted = models.BooleanField(_("datum error accepted"), default=False, editable=False)
    width_px = models.PositiveIntegerField(_("width"), validators=[MinValueValidator(1)])
    height_px = models.PositiveIntegerField(_("height"), validators=[MinValueValidator(1)])
    # What each band is, in the order of the file: red, green, blue, nir …; None when nobody said.
    band_roles = models.JSONField(
        _("bands"), null=True, blank=True, default=None, validators=[band_roles_known]
    )
    is_simulated = models.BooleanField(_("simulated"), default=False)
    published = models.BooleanField(_("published"), default=False)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")

    def __str__(self) -> str:
        return self.name
