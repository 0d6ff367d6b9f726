"""A source's archive: the same tiles that are served one by one, for those who may see the source."""

import gzip
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pmtiles.reader import Reader
from pmtiles.tile import tileid_to_zxy

from layers.archives import making, tasks
from layers.archives.making import make
from layers.archives.shelf import Progress, Shelf
from layers.models import Feature, Layer
from tests.conftest import Cast
from tests.layers.mvt.reading import read
from tests.layers.pmtiles.verifying import Verified, verified
from tests.layers.tiles.conftest import MakeLayer, some_of_everything

ZOOMS = range(11)


@pytest.fixture(autouse=True)
def fewer_zooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ZOOMS", ZOOMS)


def told(content: bytes) -> dict[str, list[Any]]:
    """What a tile says, without the vertices: layers in any order, features in theirs."""
    return {
        name: sorted((one.id or 0, one.kind, sorted(one.properties.items())) for one in features)
        for name, features in read(content).items()
    }


def served(client: Client, revision: str, number: int, key: str = "mixed") -> dict[str, list[Any]]:
    z, x, y = tileid_to_zxy(number)
    response = client.get(f"/layers/{key}/tiles/{revision}/{z}/{x}/{y}.mvt")
    return told(gzip.decompress(response.content)) if response.status_code == 200 else {}


def test_an_archive_holds_the_tiles_that_are_served(make_layer: MakeLayer, client: Client) -> None:
    make_layer(some_of_everything(160))
    found = make("mixed")
    archive = verified(found.path)
    assert found.size == found.path.stat().st_size
    for number, content in archive.tiles.items():
        if tileid_to_zxy(number)[0] < ZOOMS[-1]:
            assert told(gzip.decompress(content)) == served(client, found.revision, number)
    assert ids(archive, ZOOMS[-1]) == set(Feature.objects.values_list("pk", flat=True))
    [features, cells] = archive.metadata["vector_layers"]
    assert (features["id"], cells["id"]) == ("mixed", "mixed_cells")
    assert features["fields"]["种类"] == "String"
    assert features["maxzoom"] == ZOOMS[-1]


def ids(archive: Verified, zoom: int) -> set[int]:
    return {
        one.id
        for number, content in archive.tiles.items()
        if tileid_to_zxy(number)[0] == zoom
        for one in read(gzip.decompress(content)).get("mixed", [])
        if one.id is not None
    }


def test_a_client_reads_it_by_ranges(make_layer: MakeLayer, client: Client) -> None:
    make_layer(some_of_everything())
    found = make("mixed")
    address = f"/layers/mixed/tiles/{found.revision}.pmtiles"

    def get(offset: int, length: int) -> bytes:
        response = client.get(address, headers={"Range": f"bytes={offset}-{offset + length - 1}"})
        assert response.status_code == 206
        assert "immutable" in response["Cache-Control"]
        return response.content

    reader = Reader(get)
    number, content = next(iter(verified(found.path).tiles.items()))
    assert reader.get(*tileid_to_zxy(number)) == content
    assert reader.metadata()["name"] == "混合"
    head = client.head(address)
    assert head["Content-Length"] == str(found.size)
    assert client.get(address, headers={"If-None-Match": head["ETag"]}).status_code == 304
    behind = client.get(
        address, headers={"Range": f"bytes={found.size}-", "Accept": "application/json"}
    )
    assert behind.status_code == 416
    assert behind["Content-Range"] == f"bytes */{found.size}"


def test_what_one_may_not_see_is_not_there(
    make_layer: MakeLayer, client: Client, cast: Cast
) -> None:
    make_layer(some_of_everything(), published=False)
    found = make("mixed")
    address = f"/layers/mixed/tiles/{found.revision}.pmtiles"
    assert found.revision.startswith("staff-")
    assert client.get(address).status_code == 404
    assert client.get(address.replace("staff-", "")).status_code == 404
    client.force_login(cast.alice)
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_layer_that_changed_has_no_archive_until_it_is_made(
    make_layer: MakeLayer, client: Client
) -> None:
    layer = make_layer(some_of_everything())
    former = make("mixed")
    Layer.objects.filter(pk=layer.pk).update(revision=layer.revision + 1)
    assert client.get(f"/layers/mixed/tiles/{former.revision}.pmtiles").status_code == 410
    now = former.revision.rsplit("-", 1)[0] + f"-{layer.revision + 1}"
    assert client.get(f"/layers/mixed/tiles/{now}.pmtiles").status_code == 404
    assert make("mixed").revision == now
    assert not former.path.exists()


def test_one_that_is_there_is_not_made_again(make_layer: MakeLayer) -> None:
    make_layer(some_of_everything())
    assert make("mixed") == make("mixed")


def test_the_command_says_what_is_wrong(make_layer: MakeLayer) -> None:
    for arguments in ([], ["nothing"], ["mixed"]):
        if arguments == ["mixed"]:
            make_layer([])
        with pytest.raises(CommandError):
            call_command("build_pmtiles", *arguments)


def test_a_worker_tells_how_far_it_is_and_how_it_ended(make_layer: MakeLayer) -> None:
    make_layer(some_of_everything())
    shelf, seen = Shelf("mixed"), []
    tell = Shelf.tell

    def spy(self: Shelf, progress: Progress, *, now: bool = False) -> None:
        seen.append((progress.state, progress.share))
        tell(self, progress, now=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "tell", spy)
        tasks.ask("mixed", "r")
    assert [state for state, _ in seen[:2]] == ["queued", "drawing"]
    assert seen[-1] == ("drawing", 1.0)
    assert shelf.progress() is None
    assert shelf.newest() is not None


def test_a_failed_one_is_told_and_may_be_asked_for_again(make_layer: MakeLayer) -> None:
    make_layer([])
    tasks.ask("mixed", "r")
    told = Shelf("mixed").progress()
    assert told is not None
    assert told.state == "failed"


def test_a_source_that_keeps_changing_has_none(
    make_layer: MakeLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = make_layer(some_of_everything())
    draw = making._draw

    def changed(*arguments: Any) -> None:
        draw(*arguments)
        layer.revision += 1
        Layer.objects.filter(pk=layer.pk).update(revision=layer.revision)

    monkeypatch.setattr(making, "_draw", changed)
    with pytest.raises(making.SourceMoves):
        make("mixed")
    assert list(Shelf("mixed").folder.glob("*.pmtiles")) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "a.b", "甲"])
def test_only_plain_words_become_paths(name: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        Shelf(name)
