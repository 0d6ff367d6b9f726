"""What is written in bulk is what Django's own insert would have left, on the database at hand."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import IntegrityError, connection, transaction

from layers import bulk
from layers.bulk import spatialite
from layers.models import Feature, Layer

SHAPES = [
    "POINT (123.9 47.3)",
    "LINESTRING (123.9 47.3, 124 47.4, 124.1 47.2)",
    "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
    "MULTIPOINT ((1 2), (3 4))",
    "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8, 9 9))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (3 4, 5 6), POLYGON ((0 0, 1 0, 1 1, 0 0)))",
]
NASTY = ["", "a\tb", "line\nbreak\r", "back\\slash \\N", "引号\"'", "%s %(x)s", "\\.", "😀"]


@pytest.fixture
def layer(db: None) -> Layer:
    return Layer.objects.create(key="kept", name="kept")


def insert(layer: Layer, count: int, shapes: list[str] = SHAPES, **columns: Any) -> None:
    geoms = shapely.from_wkt([shapes[at % len(shapes)] for at in range(count)])
    given: dict[str, Any] = {
        "layer": bulk.Same(layer.pk),
        "name": [NASTY[at % len(NASTY)] for at in range(count)],
        "name_en": bulk.Same(""),
        "geom": bulk.geometries(np.asarray(geoms)),
        "properties": ['{"at": 1, "text": "a\\tb\\\\"}'] * count,
    }
    bulk.insert(Feature, {**given, **columns})


@pytest.mark.parametrize("count", [7, 700])
def test_rows_come_back_as_they_were_given(layer: Layer, count: int) -> None:
    insert(layer, count)
    found = list(Feature.objects.filter(layer=layer).order_by("pk"))
    assert len(found) == count
    for at, one in enumerate(found):
        assert one.name == NASTY[at % len(NASTY)]
        assert one.properties == {"at": 1, "text": "a\tb\\"}
        assert one.geom.equals_exact(GEOSGeometry(SHAPES[at % len(SHAPES)], 4326))
        assert one.geom.srid == 4326


def test_what_comes_after_gets_a_number_of_its_own(layer: Layer) -> None:
    insert(layer, 600)
    Feature.objects.order_by("-pk").first().delete()  # type: ignore[union-attr]
    highest = max(Feature.objects.values_list("pk", flat=True))
    insert(layer, 600)
    later = Feature.objects.create(layer=layer, geom=GEOSGeometry(SHAPES[0], 4326))
    assert Feature.objects.count() == 1200
    assert later.pk > highest + 601


def test_rows_without_geometry_are_rows(layer: Layer) -> None:
    geoms = np.full(600, None, dtype=object)
    geoms[::2] = shapely.Point(1, 2)
    insert(layer, 600, geom=bulk.geometries(geoms))
    assert Feature.objects.filter(geom__isnull=True).count() == 300


def test_a_reference_to_nothing_is_refused(layer: Layer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Layer(pk=layer.pk + 999), 600)
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Feature.objects.exists()


@pytest.fixture
def on_spatialite() -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("SpatiaLite's own matter")
    return


@pytest.mark.usefixtures("on_spatialite", "db")
@pytest.mark.parametrize("wkt", SHAPES)
def test_blobs_are_those_of_spatialite(wkt: str) -> None:
    geom = shapely.from_wkt(wkt)
    [ours] = spatialite.geometries(np.asarray([geom]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT GeomFromWKB(%s, 4326)", [shapely.to_wkb(geom)])
        assert ours == bytes(cursor.fetchone()[0])


@pytest.mark.usefixtures("on_spatialite")
def test_the_index_and_the_triggers_are_as_before(layer: Layer) -> None:
    def triggers() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            )
            return list(cursor.fetchall())

    before = triggers()
    assert any(name == "gii_layers_feature_geom" for name, _sql in before)
    insert(layer, 700)
    assert triggers() == before
    Feature.objects.create(layer=layer, geom=Polygon.from_bbox((10, 10, 11, 11)))
    Feature.objects.order_by("pk").first().delete()  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("SELECT CheckSpatialIndex('layers_feature', 'geom')")
        assert cursor.fetchone()[0] == 1


def test_many_calls_write_what_one_does(layer: Layer) -> None:
    geoms = np.asarray(shapely.from_wkt([*SHAPES, None]))
    columns: dict[str, Any] = {
        "layer": bulk.Same(layer.pk),
        "batch": [None, 2**40, None, 1, 2, 3, 4, 5],
        "name": NASTY,
        "geom": bulk.geometries(geoms),
        "properties": ['{"a": "\\"\\\\"}'] * 8,
        "name_en": bulk.Same("river"),
    }
    names = ("layer", "batch", "name", "name_en", "geom", "properties")
    with transaction.atomic(), bulk.writing(Feature, names) as write:
        write(columns)
        write({**columns, "name": [], "batch": [], "geom": [], "properties": []})
        write(columns)
    found = list(Feature.objects.order_by("pk"))
    assert [one.name for one in found] == [*NASTY, *NASTY]
    assert [one.batch_id for one in found[:3]] == [None, 2**40, None]
    assert {one.name_en for one in found} == {"river"}
    assert found[0].properties == {"a": '"\\'}
    assert [one.geom is None for one in found[:8]] == [False] * 7 + [True]
    assert found[2].geom.equals_exact(GEOSGeometry(SHAPES[2], 4326))
    Feature.objects.all().delete()
