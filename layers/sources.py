"""Feature sources: the one mechanism that serves vector data to maps, whatever the data are about.

A source says which address parameters it knows, what its answer depends on, and gives the features. Rooms above
register theirs under a key at start-up; a reference layer is a source by being in the database.
"""

from collections.abc import Hashable, Iterator
from typing import Any, Protocol

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Polygon
from django.http import HttpRequest

from gis_projects.geo.bbox import BBox
from gis_projects.http.problems import NotFound
from layers.models import Feature, Layer

# 0.11 m on the ground: below what any of our sources is surveyed to.
GEOJSON_DIGITS = 6
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


_registered: dict[str, FeatureSource] = {}


def register(key: str, source: FeatureSource) -> None:
    """Serve ``source`` at /layers/<key>/items.geojson; a key means one source for good."""
    if _registered.setdefault(key, source) is not source:
        raise ValueError(f"there is a feature source {key!r} already")


def is_registered(key: str) -> bool:
    """Whether a room above serves a source under this key: no layer may take it."""
    return key in _registered


def get_source(request: HttpRequest, key: str) -> FeatureSource:
    """Raises NotFound for an unknown key and, alike, for a layer that this user may not see."""
    if key in _registered:
        return _registered[key]
    layer = Layer.objects.visible_to(request.user).filter(key=key).first()
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
            rows = rows.filter(geom__bboverlaps=bbox_polygon(bbox))
        found = rows.order_by("pk").values_list(
            "pk", "name", "name_en", "properties", geojson_of("geom")
        )
        for pk, name, name_en, properties, geometry in found:
            yield feature(pk, geometry, {"name": name, "name_en": name_en, **properties})


def geojson_of(column: str) -> AsGeoJSON:
    """The column as GeoJSON text, made by the database."""
    return AsGeoJSON(column, precision=GEOJSON_DIGITS)


def bbox_polygon(bbox: BBox) -> Polygon:
    polygon = Polygon.from_bbox(bbox.bounds)
    polygon.srid = 4326
    return polygon


def feature(identifier: object, geometry: str | None, properties: JsonDict) -> JsonDict:
    """One GeoJSON feature; the geometry's text goes in as it is, without being parsed."""
    return {
        "type": "Feature",
        "id": identifier,
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": properties,
    }
