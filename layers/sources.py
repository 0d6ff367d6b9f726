"""Feature sources: the one mechanism that serves vector data to maps, whatever the data are about.

A source says which address parameters it knows, what its answer depends on, and gives the features. Rooms above
register theirs under a key at start-up; a reference layer is a source by being in the database.
"""

from collections.abc import Hashable, Iterator
from typing import Any, Protocol

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import HttpRequest

from gis_projects.geo.bbox import BBox
from gis_projects.http.problems import NotFound
from layers.boxes import touching
from layers.models import Feature, Layer
from layers.querysets import FeatureQuerySet, Viewer
from layers.tiles.layer_tiles import LayerTiles, visible_layers
from layers.tiles.tile_set import TileSet

# 0.11 m on the ground: below what any of our sources is surveyed to.
GEOJSON_DIGITS = 6
MAX_DIGITS = 18  # of a number that every database has room for
JsonDict = dict[str, Any]


class FeatureSource(Protocol):
    """What a map may draw.

    parameters: the names in an address that the source knows besides ``bbox``.
    """

    parameters: frozenset[str]

    def version(self, request: HttpRequest) -> Hashable:
        """Changes whenever the answer to this very address may."""
        ...

    def features(self, request: HttpRequest, bbox: BBox | None) -> Iterator[JsonDict]:
        """GeoJSON features (EPSG:4326, lon/lat) that this request's user may see."""
        ...

    def feature(self, viewer: Viewer, identifier: str) -> JsonDict | None:
        """One of them, exact and with all properties; None when there is none that this viewer may see."""
        ...

    def tile_set(self, viewer: Viewer) -> TileSet:
        """The same as vector tiles."""
        ...


_registered: dict[str, FeatureSource] = {}


def register(key: str, source: FeatureSource) -> None:
    """Serve ``source`` at /layers/<key>/items.geojson; a key means one source for good."""
    if _registered.setdefault(key, source) is not source:
        raise ValueError(f"there is a feature source {key!r} already")


def is_registered(key: str) -> bool:
    """Whether a room above serves a source under this key: no layer may take it."""
    return key in _registered


def registered_keys() -> list[str]:
    """Of what rooms above serve."""
    return list(_registered)


def get_source(viewer: Viewer, key: str) -> FeatureSource:
    """Raises NotFound for an unknown key and, alike, for a layer that this viewer may not see."""
    if key in _registered:
        return _registered[key]
    layer = visible_layers(viewer).filter(key=key).first()
    if layer is None:
        raise NotFound()
    return LayerSource(layer)


class LayerSource:
    """A reference layer's features with their names."""

    parameters: frozenset[str] = frozenset()

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def version(self, request: HttpRequest) -> Hashable:
        return self.layer.revision, self.layer.updated_at

    def features(self, request: HttpRequest, bbox: BBox | None) -> Iterator[JsonDict]:
        rows = Feature.objects.filter(layer=self.layer).shown()
        if bbox is not None:
            rows = touching(rows, "geom", bbox)
        yield from self._made(rows.order_by("pk"))

    def feature(self, viewer: Viewer, identifier: str) -> JsonDict | None:
        if not (identifier.isascii() and identifier.isdigit() and len(identifier) <= MAX_DIGITS):
            return None
        rows = Feature.objects.filter(layer=self.layer, pk=int(identifier)).shown()
        return next(self._made(rows), None)

    def tile_set(self, viewer: Viewer) -> TileSet:
        return LayerTiles(self.layer, viewer)

    def _made(self, rows: FeatureQuerySet) -> Iterator[JsonDict]:
        found = rows.values_list("pk", "name", "name_en", "properties", geojson_of("geom"))
        for pk, name, name_en, properties, geometry in found:
            yield feature(pk, geometry, {"name": name, "name_en": name_en, **properties})


def geojson_of(column: str) -> AsGeoJSON:
    """The column as GeoJSON text, made by the database."""
    return AsGeoJSON(column, precision=GEOJSON_DIGITS)


def feature(identifier: object, geometry: str | None, properties: JsonDict) -> JsonDict:
    """One GeoJSON feature; the geometry's text goes in as it is, without being parsed."""
    return {
        "type": "Feature",
        "id": identifier,
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": properties,
    }
