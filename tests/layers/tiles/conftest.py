"""A layer with everything that geometries and properties can be, near 47.3 N, 124 E."""

import gzip
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.tile_matrix import tile_at
from layers.models import Feature, Layer
from layers.tiles import tables
from projects.editing import to_geos
from tests.layers.mvt.reading import Read, read

PLACE = (123.98, 47.33)
Properties = dict[str, Any]
MakeLayer = Callable[..., Layer]


def some_of_everything(count: int = 60) -> list[tuple[BaseGeometry, Properties]]:
    """Points, lines, polygons with holes, their multiples, tiny ones, and a collection; the same each time."""
    random = np.random.default_rng(7)
    found: list[tuple[BaseGeometry, Properties]] = []
    for number in range(count):
        x, y = PLACE + random.uniform(-0.15, 0.15, 2)
        size = float(10 ** random.uniform(-5, -1))
        shape = _shape(number % 8, float(x), float(y), size)
        found.append((shape, _properties(number)))
    return found


def _shape(kind: int, x: float, y: float, size: float) -> BaseGeometry:
    square = shapely.box(x, y, x + size, y + size / 2)
    line = shapely.LineString([(x, y), (x + size, y + size / 3), (x + size / 2, y + size)])
    moved = partial(shapely.transform, transformation=lambda corners: corners + 2 * size)
    kinds: list[BaseGeometry] = [
        shapely.Point(x, y),
        line,
        square,
        square.difference(square.buffer(-size / 8)),
        shapely.MultiPoint([(x, y), (x + size, y)]),
        shapely.MultiLineString([line, moved(line)]),
        shapely.MultiPolygon([square, moved(square)]),
        shapely.GeometryCollection([square, shapely.Point(x, y), line]),
    ]
    return kinds[kind]


def _properties(number: int) -> Properties:
    return {
        "种类": ["林地", "草地", "水面"][number % 3],
        "whole": number - 20,
        "number": number / 7,
        "mixed": number if number % 2 else f"n{number}",
        "truth": number % 2 == 0,
        "nested": {"a": [1, number]},
        "empty": None,
        "100%": "percent",
        'quo"ted': "q",
        **({"seldom": 1.5} if number % 9 == 0 else {}),
    }


@pytest.fixture
def make_layer(db: None) -> MakeLayer:
    """Makes a layer of these features; with its table of tiles unless it is not ``ready``."""

    def make(
        features: Sequence[tuple[BaseGeometry, Properties]],
        *,
        key: str = "mixed",
        published: bool = True,
        ready: bool = True,
    ) -> Layer:
        layer = Layer.objects.create(key=key, name="混合", published=published)
        for number, (shape, properties) in enumerate(features):
            Feature.objects.create(
                layer=layer, name=f"名{number}", geom=to_geos(shape), properties=properties
            )
        if ready:
            assert tables.make(layer.pk) is not None
        return layer

    return make


def address(client: Client, key: str) -> str:
    """The tiles' address of a source, with the places of z, x and y, without the host."""
    response = client.get(f"/layers/{key}/tilejson.json")
    assert response.status_code == 200, response.content
    [url] = response.json()["tiles"]
    return str(url).removeprefix("http://testserver")


def tile_path(client: Client, key: str, z: int, at: tuple[float, float] = PLACE) -> str:
    x, y = tile_at(*at, z)
    return address(client, key).format(z=z, x=x, y=y)


def get_tile(client: Client, path: str) -> dict[str, list[Read]]:
    response = client.get(path)
    if response.status_code == 204:
        return {}
    assert response.status_code == 200, response.content
    return read(gzip.decompress(response.content))


def values(feature: Read) -> Properties:
    """Its properties without the types that the tile has them in."""
    return {name: value for name, (_type, value) in feature.properties.items()}
