"""Rows of a layer as tiles take them: geometries in EPSG:3857, identifiers, values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from gis_projects.geo.web_mercator import to_web_mercator
from layers.models import Feature
from layers.tiles import postgis, spatialite
from layers.tiles.thinning import Extents

CHUNK = 5_000
Geometries = NDArray[np.object_]
LINES = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.LINEARRING,
    shapely.GeometryType.MULTILINESTRING,
)
AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def dialect() -> Any:
    """The module that holds this database's statements."""
    return postgis if connection.vendor == "postgresql" else spatialite


def wkb_of(column: str) -> Any:
    """A geometry column as an expression whose values ``geometries_of`` takes."""
    return dialect().wkb_of(column)


def bounds_of(column: str) -> Any:
    """A geometry column as an expression whose values ``Places.of`` takes."""
    return dialect().bounds_of(column)


def geometries_of(values: list[Any]) -> Geometries:
    """What ``wkb_of`` gave (EPSG:4326, None where there is none) as shapely geometries, EPSG:3857."""
    wkb = np.array([*dialect().as_wkb(values), None], dtype=object)[:-1]
    return to_web_mercator(shapely.from_wkb(wkb))


@dataclass(frozen=True)
class Chunk:
    """Features with a place. geometries: EPSG:3857, metres, each of one kind. ids and properties beside them.

    A collection of several kinds is as many rows, with one id.
    """

    geometries: Geometries
    ids: NDArray[np.int64]
    properties: list[dict[str, Any]]

    def extents(self) -> Extents:
        return extents_of(self.geometries)


def extents_of(geometries: Geometries) -> Extents:
    kinds = shapely.get_type_id(geometries)
    return Extents.of(shapely.bounds(geometries), np.isin(kinds, LINES))


def read(layer_id: int, size: int = CHUNK) -> Iterator[Chunk]:
    """All shown features of a layer by their numbers, some at a time, each time in a query of its own."""
    rows = Feature.objects.filter(layer=layer_id, geom__isnull=False).shown().order_by("pk")
    last = 0
    while True:
        some = list(fetch(rows.filter(pk__gt=last)[:size]))
        if some:
            last = some[-1][0]
            yield chunk_of(some)
        if len(some) < size:
            return


def fetch(rows: Any) -> Any:
    """pk, name, name_en, properties (JSON text), geometry of a queryset of features."""
    text = Cast(F("properties"), TextField())
    return rows.values_list("pk", "name", "name_en", text, wkb_of("geom"))


def chunk_of(found: list[tuple[Any, ...]]) -> Chunk:
    if not found:
        return Chunk(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), [])
    ids, names, names_en, texts, blobs = map(list, zip(*found, strict=True))
    properties = [
        {"name": name or None, "name_en": name_en or None, **orjson.loads(text)}
        for name, name_en, text in zip(names, names_en, texts, strict=True)
    ]
    geometries, owners = of_one_kind(geometries_of(blobs))
    return Chunk(
        geometries,
        np.array(ids, dtype=np.int64)[owners],
        [properties[at] for at in owners.tolist()],
    )


def of_one_kind(geometries: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    """Without what is empty, and collections as one geometry for each kind in it; and where each comes from."""
    there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    owners = np.flatnonzero(there)
    found = geometries[owners]
    mixed = shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION
    if not mixed.any():
        return found, owners
    split = [
        (one, at)
        for geometry, at in zip(found[mixed], owners[mixed].tolist(), strict=True)
        for one in _kinds(geometry)
    ]
    parts = np.array([*(one for one, _at in split), None], dtype=object)[:-1]
    return (
        np.concatenate([found[~mixed], parts]),
        np.concatenate([owners[~mixed], np.array([at for _one, at in split], dtype=np.int64)]),
    )


def _kinds(geometry: Any) -> list[Any]:
    parts = np.array([geometry], dtype=object)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    dimensions = shapely.get_dimensions(parts)
    makers: tuple[Any, ...] = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)
    return [
        make(parts[dimensions == n]) for n, make in enumerate(makers) if (dimensions == n).any()
    ]
