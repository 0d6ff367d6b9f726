"""Tiles that are made with a layer's table: the same as those that are made when asked for, and small enough."""

import gzip
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pmtiles.tile import zxy_to_tileid

from gis_projects.geo.tile_matrix import tile_at, tile_bbox
from gis_projects.geo.web_mercator import degrees
from layers.models import Feature, TileTable
from layers.querysets import Viewer
from layers.sources import get_source
from layers.tiles import hot, known, live, packing, ready, tables
from layers.tiles.layer_tiles import LayerTiles
from layers.tiles.packing import packed_tile
from layers.tiles.rows import dialect
from projects.layer_styles import save_style
from tests.conftest import Cast
from tests.layers.mvt.reading import Read, read
from tests.layers.tiles.conftest import (
    PLACE,
    MakeLayer,
    address,
    get_tile,
    some_of_everything,
    tile_path,
    values,
)

MIDDLE = degrees(tile_bbox(12, *tile_at(*PLACE, 12))).centre


def tiles_of(viewer: Viewer, key: str = "mixed") -> LayerTiles:
    found = get_source(viewer, key).tile_set(viewer)
    assert isinstance(found, LayerTiles)
    return found


def crowd(count: int, columns: int = 0) -> list[tuple[Any, dict[str, Any]]]:
    """Squares that all lie in one tile of zoom 12, with values that nothing can compress."""
    random = np.random.default_rng(11)
    places = random.uniform(-0.02, 0.02, (count, 2)) + MIDDLE
    sizes = random.uniform(0.00002, 0.0002, count)
    return [
        (shapely.box(x, y, x + size, y + size), {f"c{at}": random.bytes(12).hex() for at in range(columns)})
        for (x, y), size in zip(places, sizes, strict=True)
    ]  # fmt: skip


def identity(one: Read) -> tuple[object, ...]:
    return (one.id, one.kind) if one.id else (one.kind, *one.parts[0][0])


def test_a_ready_tile_is_the_one_that_is_made_when_asked_for(
    make_layer: MakeLayer, cast: Cast
) -> None:
    make_layer(some_of_everything(160))
    tiles = tiles_of(cast.alice)
    compared = 0
    for z in range(ready.LAST_ZOOM + 1):
        column, row = tile_at(*PLACE, z)
        for x, y in ((column, row), (column + 1, row), (column, row + 1), (column - 1, row - 1)):
            if not (0 <= x < 2**z and 0 <= y < 2**z):
                continue
            content = tiles.ready(z, x, y)
            assert content is not None
            one = read(gzip.decompress(content)) if content else {}
            other = read(tiles.mvt(z, x, y, z))
            assert one.keys() == other.keys()
            for name in one:
                found, expected = (
                    {identity(f): f.properties for f in side[name]} for side in (one, other)
                )
                if name == "mixed":
                    assert found == expected, (z, x, y)
                compared += len(found)
    assert compared > 500


def test_ready_tiles_count_what_they_leave_out(make_layer: MakeLayer, client: Client) -> None:
    make_layer(crowd(700))
    for z in range(13):
        tile = get_tile(client, tile_path(client, "mixed", z))
        hidden = sum(values(one)["hidden"] for one in tile.get("mixed_cells", []))
        assert len({one.id for one in tile["mixed"]}) + hidden == 700, z


def test_no_tile_is_too_large_whether_it_was_ready_or_not(
    make_layer: MakeLayer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (packing, ready):
        monkeypatch.setattr(module, "MAX_BYTES", 12_000)
    make_layer(crowd(1_500, columns=3))
    tiles, unready = tiles_of(cast.alice), tiles_of(cast.alice)
    monkeypatch.setattr(unready, "ready", lambda *_place: None)
    thinned = 0
    for z in range(17):
        x, y = tile_at(*PLACE, z)
        made = [gzip.compress(tiles.mvt(z, x, y, z), 1)]
        sent = [packed_tile(one, z, x, y) for one in (tiles, unready)]
        assert max(map(len, sent)) <= 12_000, z
        if len(made[0]) > 13_000:
            thinned += 1
            for one in sent:
                found = read(gzip.decompress(one))
                assert sum(values(cell)["hidden"] for cell in found["mixed_cells"])
    assert thinned >= 2


def test_the_table_of_the_state_before_serves_until_there_is_a_new_one(
    make_layer: MakeLayer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_ROWS", 50)
    layer = make_layer(crowd(60))
    path = tile_path(client, "mixed", 6)
    before = client.get(path)
    Feature.objects.filter(layer=layer).first().delete()  # type: ignore[union-attr]
    layer.revision += 1
    layer.save()
    known.forget()
    assert tile_path(client, "mixed", 6) == path
    assert client.get(path).content == before.content
    assert client.get("/layers/mixed/tilejson.json").json()["bounds"]
    tables.make(layer.pk)
    tables.sweep()
    known.forget()
    assert client.get(path).status_code == 410
    tile = get_tile(client, tile_path(client, "mixed", 6))
    hidden = sum(values(one)["hidden"] for one in tile["mixed_cells"])
    assert len(tile["mixed"]) + hidden == 59


def test_what_was_withdrawn_is_gone_though_its_table_serves_on(
    make_layer: MakeLayer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_ROWS", 50)
    layer = make_layer(crowd(60))
    path = tile_path(client, "mixed", 6)
    layer.revision += 1
    layer.published = False
    layer.save()
    known.forget()
    assert client.get(path).status_code == 404


def test_columns_that_the_style_reads_are_in_every_tile(
    make_layer: MakeLayer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.tiles.columns.FEW_FEATURES", 10)
    monkeypatch.setattr("layers.tiles.columns.CATEGORIES", 5)
    layer = make_layer([(shape, {"owner": f"o{at}", "kind": "k", "note": f"n{at}"})
                        for at, (shape, _) in enumerate(crowd(40))])  # fmt: skip
    before = tile_path(client, "mixed", 10)
    assert names_in(client, before) == {"name", "kind"}
    colour = ["match", ["get", "owner"], "o1", "#ff0000", "#00ff00"]
    label = {"type": "symbol", "minzoom": 11, "layout": {"text-field": ["get", "note"]}}
    circle = {"type": "circle", "paint": {"circle-color": colour}}
    save_style(layer, {"version": 8, "layers": [circle, label]}, by=None)
    known.forget()
    for is_new_table in (False, True):
        if is_new_table:
            tables.make(layer.pk)
            known.forget()
        assert names_in(client, tile_path(client, "mixed", 8)) == {"owner", "kind"} | (
            {"name"} if is_new_table is False else set()
        )
        assert names_in(client, tile_path(client, "mixed", 10)) >= {"owner", "kind", "note"}
        assert names_in(client, tile_path(client, "mixed", 12)) == {"name", "owner", "kind", "note"}
    assert client.get(before).status_code == 410
    assert TileTable.objects.count() == 1
    table = TileTable.objects.get()
    x, y = tile_at(*PLACE, 8)
    content = dialect().ready(table.token, zxy_to_tileid(8, x, y))
    assert "owner" in read(gzip.decompress(content))["mixed"][0].properties


def names_in(client: Client, path: str) -> set[str]:
    return {name for one in get_tile(client, path)["mixed"] for name in values(one)}


def test_a_feature_as_large_as_a_country_ends_the_ready_zooms_early(make_layer: MakeLayer) -> None:
    layer = make_layer([(shapely.box(90, 20, 130, 50), {"a": 1})])
    table = TileTable.objects.get(layer=layer)
    assert 6 < table.ready_zoom < ready.LAST_ZOOM
    assert LayerTiles(layer, AnonymousUser()).ready(3, 6, 3) is None


def test_a_ready_tile_is_answered_on_the_short_way_as_on_the_long_one(
    make_layer: MakeLayer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_layer(crowd(60))
    paths = [tile_path(client, "mixed", 10), address(client, "mixed").format(z=9, x=1, y=1)]
    for path in paths:
        long = client.get(path)
        with monkeypatch.context() as patch:
            patch.setattr(hot, "packed_tile", lambda *_args: 1 / 0)
            short = client.get(path)
        assert (short.status_code, short.content) == (long.status_code, long.content)
        for name in ("ETag", "Cache-Control"):
            assert short[name] == long[name]
    for wrong in ("17/1/1", "3/8/1", "3/1/8"):
        z, x, y = wrong.split("/")
        response = client.get(address(client, "mixed").format(z=z, x=x, y=y))
        assert response.status_code == 404
        assert response.json()["type"] == "/problems/tile-out-of-range"
    assert client.get(f"{paths[0]}?x=1").status_code == 400
