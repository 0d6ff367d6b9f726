"""The map that a tablet takes along: what is there is told with its size, what is not there is asked for."""

import json
from typing import Any

import pytest
from django.test import Client

from layers.archives import making, tasks
from layers.archives.shelf import Progress, Shelf
from tests.conftest import Cast
from tests.layers.tiles.conftest import MakeLayer, make_layer, some_of_everything

__all__ = ["make_layer"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Layers whose archive a worker is asked for."""
    found: list[str] = []
    monkeypatch.setattr(tasks, "ask", lambda key, revision: found.append(key))
    monkeypatch.setattr(making, "ZOOMS", range(9))
    return found


@pytest.fixture
def bob(cast: Cast, client: Client) -> Client:
    client.force_login(cast.bob)
    return client


def told(client: Client, *keys: str) -> list[dict[str, Any]]:
    response = client.post("/field/ground", {"layers": keys}, content_type="application/json")
    assert response.status_code == 200
    layers: list[dict[str, Any]] = json.loads(response.content)["layers"]
    return layers


def test_an_archive_that_is_there_is_told_with_its_size(
    make_layer: MakeLayer, bob: Client, asked: list[str]
) -> None:
    make_layer(some_of_everything())
    made = making.make("mixed")
    (one,) = told(bob, "mixed", "no-such-layer")
    assert (one["state"], one["bytes"]) == ("ready", made.path.stat().st_size)
    assert one["made_at"] == made.made_at.isoformat()
    assert asked == []
    part = bob.get(one["url"], headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")


def test_one_that_is_not_there_is_asked_for(
    make_layer: MakeLayer, bob: Client, asked: list[str]
) -> None:
    make_layer(some_of_everything())
    (one,) = told(bob, "mixed")
    assert (one["state"], one["bytes"], asked) == ("making", 0, ["mixed"])
    Shelf("mixed").tell(Progress(one["revision"], "drawing", 0.4), now=True)
    assert told(bob, "mixed")[0]["share"] == 0.4
    Shelf("mixed").tell(Progress("", "failed"), now=True)
    assert told(bob, "mixed")[0]["state"] == "failed"


def test_a_layer_that_not_everybody_sees_is_not_told_of(
    make_layer: MakeLayer, bob: Client, asked: list[str]
) -> None:
    layer = make_layer(some_of_everything())
    layer.published = False
    layer.save()
    assert (told(bob, "mixed"), asked) == ([], [])


@pytest.mark.parametrize("body", ["", "[]", '{"layers": "mixed"}', '{"layers": [1]}'])
def test_what_cannot_be_read_is_refused(bob: Client, body: str) -> None:
    response = bob.post("/field/ground", body, content_type="application/json")
    assert response.status_code == 400
