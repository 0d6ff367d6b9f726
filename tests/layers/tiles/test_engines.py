"""The database's encoder and ours give the same tiles, from either store."""

import pytest
import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.tile_matrix import tile_at
from layers.models import Layer, TileTable
from layers.tiles import encoding, postgis, spatialite, tables
from layers.tiles.columns import Column
from layers.tiles.store import Plan
from tests.layers.mvt.reading import Read, read
from tests.layers.tiles.conftest import PLACE, MakeLayer, some_of_everything, values

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostGIS has an encoder of its own"
)
ZOOMS = [4, 8, 10, 11, 12, 13, 14, 16]


@pytest.fixture
def stores(make_layer: MakeLayer, monkeypatch: pytest.MonkeyPatch) -> tuple[TileTable, TileTable]:
    """The same layer in a table of PostGIS, and in a file as SpatiaLite's side keeps it."""
    layer = make_layer(some_of_everything(240))
    in_database = TileTable.objects.get()
    monkeypatch.setattr(tables, "dialect", lambda: _FileWriter)
    Layer.objects.filter(pk=layer.pk).update(revision=2)
    in_file = tables.make(layer.pk)
    assert in_file is not None
    return in_database, in_file


class _FileWriter:
    writing = staticmethod(spatialite.writing)
    tokens = staticmethod(spatialite.tokens)
    drop = staticmethod(spatialite.drop)


def _plans(table: TileTable) -> list[Plan]:
    columns = list(enumerate(Column.of(table.columns)))
    found = []
    for z in ZOOMS:
        column, row = tile_at(*PLACE, z)
        for x in (column - 1, column, column + 1):
            found += [Plan(table.token, "mixed", columns, z, x, y, z) for y in (row, row + 1)]
            found.append(Plan(table.token, "mixed", columns, z, x, row, z - 2))
    return found


def test_both_engines_and_both_stores_say_the_same(stores: tuple[TileTable, TileTable]) -> None:
    in_database, in_file = stores
    compared = {1: 0, 2: 0, 3: 0}
    for of_database, of_file in zip(_plans(in_database), _plans(in_file), strict=True):
        theirs = read(postgis.tile(of_database))
        ours = read(encoding.encoded_rows(of_database, *postgis.rows(of_database)))
        filed = read(encoding.encoded_rows(of_file, *spatialite.rows(of_file)))
        for name in ("mixed", "mixed_cells"):
            expected = _by_identity(theirs.get(name, []))
            for found in (ours, filed):
                _compare(expected, _by_identity(found.get(name, [])), of_database)
        for one in theirs.get("mixed", []):
            compared[one.kind] += 1
    assert min(compared.values()) > 50, compared


def _by_identity(features: list[Read]) -> dict[tuple[object, ...], Read]:
    found = {}
    for one in features:
        key = (one.id or None, one.kind) if one.id else (one.kind, one.parts[0][0])
        found[key] = one
    assert len(found) == len(features)
    return found


def _compare(
    theirs: dict[tuple[object, ...], Read], ours: dict[tuple[object, ...], Read], plan: Plan
) -> None:
    where = (plan.z, plan.x, plan.y)
    assert theirs.keys() == ours.keys(), (where, theirs.keys() ^ ours.keys())
    for key, one in theirs.items():
        assert values(one) == values(ours[key]), (where, key)
        assert _apart(one.shape, ours[key].shape) <= 1.0, (where, key, one, ours[key])


def _apart(one: BaseGeometry, other: BaseGeometry) -> float:
    """The farthest that a vertex of either is from the other, in tile units, along x or y."""
    return max(_farthest(one, other), _farthest(other, one))


def _farthest(one: BaseGeometry, other: BaseGeometry) -> float:
    distance = 0.0
    for vertex in shapely.points(shapely.get_coordinates(one)):
        near = shapely.get_coordinates(shapely.shortest_line(vertex, other))
        distance = max(distance, *abs(near[1] - near[0]))
    return distance
