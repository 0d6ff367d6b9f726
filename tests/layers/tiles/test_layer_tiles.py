"""Tiles of a reference layer over HTTP: what is in them, how they may be kept, and what is refused."""

import gzip
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.models import Feature, Layer, TileTable
from layers.tiles import file_cache, known, rows, spatialite, tables
from layers.tiles.file_cache import FileCache
from layers.tiles.tile_set import FORMAT
from projects.editing import to_geos
from tests.conftest import Cast
from tests.factories import square
from tests.layers.tiles.conftest import (
    PLACE,
    MakeLayer,
    address,
    get_tile,
    some_of_everything,
    tile_path,
    values,
)


def test_tilejson_says_where_they_are_and_what_is_in_them(
    make_layer: MakeLayer, client: Client
) -> None:
    layer = make_layer(some_of_everything())
    response = client.get("/layers/mixed/tilejson.json")
    assert response["Content-Type"] == "application/json"
    document = response.json()
    assert document["tilejson"] == "3.0.0"
    assert document["tiles"] == [
        f"http://testserver/layers/mixed/tiles/{FORMAT}-{layer.pk}-1/{{z}}/{{x}}/{{y}}.mvt"
    ]
    west, south, east, north = document["bounds"]
    assert west < PLACE[0] < east
    assert south < PLACE[1] < north
    features, cells = document["vector_layers"]
    assert features["id"] == "mixed"
    assert features["fields"] == {
        "name": "String",
        "种类": "String",
        "whole": "Number",
        "number": "Number",
        "mixed": "String",
        "truth": "Boolean",
        "nested": "String",
        "100%": "String",
        'quo"ted': "String",
        "seldom": "Number",
    }
    assert cells["id"] == "mixed_cells"


@pytest.mark.parametrize("ready", [True, False])
def test_a_tile_holds_the_features_with_their_properties(
    make_layer: MakeLayer, client: Client, ready: bool
) -> None:
    layer = make_layer([(square(*PLACE), {"kind": "park", "area": 2.5})], ready=ready)
    response = client.get(tile_path(client, "mixed", 14))
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert response["Content-Encoding"] == "gzip"
    [feature] = get_tile(client, tile_path(client, "mixed", 14))["mixed"]
    assert feature.id == Feature.objects.get(layer=layer).pk
    assert feature.kind == 3
    assert values(feature) == {"name": "名0", "kind": "park", "area": 2.5}


def test_a_public_tile_may_be_kept_but_no_shared_cache_keeps_it_unasked(
    make_layer: MakeLayer, client: Client, cast: Cast
) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 10)
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=31536000, s-maxage=60, immutable"
    assert "Vary" not in first or "Cookie" not in first["Vary"]
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    client.force_login(cast.alice)
    assert tile_path(client, "mixed", 10) == path
    assert client.get(path).content == first.content


def test_an_empty_tile_is_no_content(make_layer: MakeLayer, client: Client) -> None:
    make_layer(some_of_everything())
    response = client.get(address(client, "mixed").format(z=10, x=1, y=1))
    assert (response.status_code, response.content) == (204, b"")
    assert "immutable" in response["Cache-Control"]


def test_an_empty_layer_has_tilejson_and_empty_tiles(make_layer: MakeLayer, client: Client) -> None:
    make_layer([])
    assert "bounds" not in client.get("/layers/mixed/tilejson.json").json()
    assert client.get(tile_path(client, "mixed", 10)).status_code == 204


@pytest.mark.parametrize("place", ["17/0/0", "25/0/0", "3/8/0", "3/0/8", "99999999999/1/1"])
def test_a_tile_that_does_not_exist_is_a_problem(
    make_layer: MakeLayer, client: Client, place: str
) -> None:
    make_layer(some_of_everything())
    z, x, y = place.split("/")
    response = client.get(address(client, "mixed").format(z=z, x=x, y=y))
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/tile-out-of-range"


def test_another_revision_is_gone_and_says_where_today_s_tiles_are(
    make_layer: MakeLayer, client: Client
) -> None:
    layer = make_layer(some_of_everything())
    path, mark = tile_path(client, "mixed", 10), f"/{FORMAT}-"
    layer.revision += 1
    layer.save()
    known.forget()
    for old in (path, path.replace(mark, "/0-"), path.replace(mark, f"/staff-{FORMAT}-")):
        response = client.get(old)
        assert response.status_code in {404, 410}
    response = client.get(path)
    assert response.status_code == 410
    assert response.json()["type"] == "/problems/tiles-gone"
    assert response.json()["tilejson"] == "/layers/mixed/tilejson.json"
    assert response["Cache-Control"] == "no-store"
    assert client.get(tile_path(client, "mixed", 10)).status_code == 200


def test_a_layer_that_one_may_not_see_is_one_that_does_not_exist(
    make_layer: MakeLayer, client: Client, cast: Cast
) -> None:
    layer = make_layer(some_of_everything(), published=False)
    feature = Feature.objects.filter(layer=layer).first()
    assert feature is not None
    paths = [
        "/layers/{}/tilejson.json",
        f"/layers/{{}}/tiles/{FORMAT}-{layer.pk}-1/10/1/1.mvt",
        f"/layers/{{}}/tiles/staff-{FORMAT}-{layer.pk}-1/10/1/1.mvt",
        f"/layers/{{}}/features/{feature.pk}",
    ]
    for path in paths:
        hidden, nothing = (client.get(path.format(key)) for key in ("mixed", "nowhere"))
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.json() | {"instance": ""} == nothing.json() | {"instance": ""}
    client.force_login(cast.bob)
    staff = tile_path(client, "mixed", 10)
    assert "/staff-" in staff
    assert client.get(staff)["Cache-Control"] == "private, no-store"
    assert client.get(staff).status_code == 200
    assert client.get("/layers/mixed/tilejson.json")["Cache-Control"] == "private, no-store"
    assert Client().get(staff).status_code == 404


def test_what_is_withdrawn_is_gone_within_a_second(
    make_layer: MakeLayer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 10)
    first = client.get(path)
    Layer.objects.update(published=False)
    monkeypatch.setattr(known, "now", lambda: time.monotonic() + known.KNOWN_S)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 404


@pytest.mark.parametrize("ready", [True, False])
def test_a_tile_asks_the_database_little(
    make_layer: MakeLayer, client: Client, ready: bool
) -> None:
    make_layer(some_of_everything(), ready=ready)
    path = tile_path(client, "mixed", 10)
    client.get(path)  # what a process asks once is asked
    cache.clear()
    known.forget()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    own_file = ready and connection.vendor != "postgresql"
    assert len(asked) == (2 if own_file else 3 if ready else 4), [one["sql"] for one in asked]
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) == (0 if own_file else 1 if ready else 2), [one["sql"] for one in asked]


def test_a_feature_is_given_exactly(make_layer: MakeLayer, client: Client) -> None:
    layer = make_layer([(square(*PLACE), {"kind": "park", "deep": [1, 2]})])
    feature = Feature.objects.get(layer=layer)
    response = client.get(f"/layers/mixed/features/{feature.pk}")
    assert response["Content-Type"] == "application/geo+json"
    body = response.json()
    assert body["id"] == feature.pk
    assert body["properties"] == {"name": "名0", "name_en": "", "kind": "park", "deep": [1, 2]}
    assert body["geometry"]["coordinates"][0][0] == [123.99, 47.33]
    for wrong in ("0", "-1", "x", "9" * 40, str(feature.pk + 1)):
        assert client.get(f"/layers/mixed/features/{wrong}").status_code == 404


def test_the_table_of_a_layer_follows_its_revision(make_layer: MakeLayer, client: Client) -> None:
    layer = make_layer(some_of_everything())
    old = TileTable.objects.get()
    assert tables.make(layer.pk) == old
    Feature.objects.create(layer=layer, name="新", geom=to_geos(square(*PLACE)))
    layer.revision += 1
    layer.save()
    names = {
        values(one)["name"] for one in get_tile(client, tile_path(client, "mixed", 14))["mixed"]
    }
    assert "新" in names  # from the features themselves, before there is a table
    tables.sweep()
    assert list(TileTable.objects.all()) == [old]
    new = tables.make(layer.pk)
    assert new is not None
    tables.sweep()
    assert list(TileTable.objects.all()) == [new]
    assert rows.dialect().tokens() == {new.token}
    found = get_tile(client, tile_path(client, "mixed", 14))["mixed"]
    assert {values(one)["name"] for one in found} == names
    layer.delete()
    tables.sweep()
    assert rows.dialect().tokens() == set()


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="a test's transaction does not outlive the error"
)
def test_a_table_that_was_lost_is_made_up_for(
    make_layer: MakeLayer,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    layer = make_layer(some_of_everything())
    path = tile_path(client, "mixed", 12)
    before = get_tile(client, path)
    token = TileTable.objects.get().token
    rows.dialect().drop(token)
    monkeypatch.setattr(spatialite, "_local", threading.local())
    known.forget()
    with django_capture_on_commit_callbacks(execute=True):
        after = get_tile(client, path)
    assert {one.id for one in after["mixed"]} == {one.id for one in before["mixed"]}
    table = TileTable.objects.get(layer=layer)
    assert table.token != token
    assert rows.dialect().tokens() == {table.token}


def test_it_is_compressed_once(make_layer: MakeLayer, client: Client) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 8)
    response = client.get(path, headers={"accept-encoding": "gzip, br"})
    assert gzip.decompress(response.content)[:1] == b"\x1a"
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.fixture
def hot_tiles(settings: Any, tmp_path: Path) -> FileCache:
    """The cache of hot tiles as TILE_CACHE=file has it."""
    backend = "layers.tiles.file_cache.FileCache"
    place = {"BACKEND": backend, "LOCATION": str(tmp_path / "hot"), "TIMEOUT": 60}
    settings.CACHES = {**settings.CACHES, "tiles": place}
    found = caches["tiles"]
    assert isinstance(found, FileCache)
    return found


def test_a_hot_tile_is_answered_without_a_query_and_is_the_same(
    make_layer: MakeLayer, client: Client, hot_tiles: FileCache
) -> None:
    make_layer(some_of_everything())
    paths = [tile_path(client, "mixed", 10), address(client, "mixed").format(z=9, x=1, y=1)]
    for path in paths:
        first = client.get(path)
        with CaptureQueriesContext(connection) as asked:
            second = client.get(path)
            third = client.get(path, headers={"if-none-match": first["ETag"]})
        assert len(asked) == 0
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert third.status_code == 304
        for name in ("ETag", "Cache-Control"):
            assert first[name] == second[name] == third[name]
    assert client.get(f"{paths[0]}?x=1").status_code == 400


def test_a_hot_tile_of_a_layer_that_was_withdrawn_is_not_given(
    make_layer: MakeLayer,
    client: Client,
    hot_tiles: FileCache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 10)
    assert client.get(path).status_code == 200
    Layer.objects.update(published=False)
    monkeypatch.setattr(known, "now", lambda: time.monotonic() + known.KNOWN_S)
    assert client.get(path).status_code == 404


def test_what_only_staff_see_is_in_no_cache(
    make_layer: MakeLayer, client: Client, hot_tiles: FileCache, cast: Cast, tmp_path: Path
) -> None:
    make_layer(some_of_everything(), published=False)
    client.force_login(cast.alice)
    assert client.get(tile_path(client, "mixed", 10)).status_code == 200
    assert not list((tmp_path / "hot").glob("*/*"))


def test_files_of_hot_tiles_have_an_end(
    hot_tiles: FileCache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file_cache, "MAX_BYTES", 256 * 25)
    monkeypatch.setattr(file_cache, "_CLEARING", 1)
    for at in range(600):
        hot_tiles.set(f"{at}", b"0123456789")
    sizes = [
        sum(file.stat().st_size for file in folder.iterdir())
        for folder in (tmp_path / "hot").iterdir()
    ]
    assert max(sizes) <= 25
    assert sum(sizes) > 0
    hot_tiles.set("old", b"old")
    monkeypatch.setattr(hot_tiles, "default_timeout", -1)
    assert hot_tiles.get("old") is None
