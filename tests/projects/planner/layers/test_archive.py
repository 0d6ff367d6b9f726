"""A planner has a layer's tile archive made, and the page says how far it is."""

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from layers.archives import making
from layers.archives.shelf import Progress, Shelf
from layers.models import Feature, Layer
from tests.conftest import Cast


@pytest.fixture
def page(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(making, "ZOOMS", range(5))
    layer = Layer.objects.create(key="wells", name="机井", published=True)
    Feature.objects.create(layer=layer, geom=Point(123.9, 47.3))
    client.force_login(cast.alice)
    return "/planner/layers/wells/"


def test_an_archive_that_was_made_can_be_fetched(page: str, client: Client) -> None:
    assert f"{page}archive/" in client.get(page).content.decode()
    assert client.post(f"{page}archive/").status_code == 302
    response = client.get(page)
    assert f"{page}archive/" not in response.content.decode()
    assert "Refresh" not in response
    address = response.content.decode().split(".pmtiles")[0].rsplit('"', 1)[1] + ".pmtiles"
    assert b"".join(client.get(address)).startswith(b"PMTiles")


def test_the_page_looks_again_while_one_is_being_made(page: str, client: Client) -> None:
    Shelf("wells").tell(Progress("x", "drawing", 0.42), now=True)
    response = client.get(page)
    assert response["Refresh"] == "3"
    assert 'value="42"' in response.content.decode()


def test_one_that_failed_is_told_and_can_be_asked_for_again(page: str, client: Client) -> None:
    Shelf("wells").tell(Progress("", "failed"), now=True)
    content = client.get(page).content.decode()
    assert 'role="alert"' in content
    assert f"{page}archive/" in content
    client.post(f"{page}archive/")
    assert Shelf("wells").newest() is not None
