"""A planner has all that everybody sees made one file; what is withdrawn ends its address."""

import gzip

import pytest
from django.test import Client

from layers.archives import making
from layers.archives.shelf import Shelf
from projects import editing
from projects.models import Programme
from tests.conftest import Cast
from tests.factories import make_site, square
from tests.layers.mvt.reading import read
from tests.layers.pmtiles.verifying import verified

PAGE = "/planner/layers/"


@pytest.fixture(autouse=True)
def fewer_zooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ZOOMS", range(7))


def test_the_whole_publication_is_made_and_fetched_until_it_changes(
    parks: Programme, client: Client, cast: Cast
) -> None:
    site = make_site(parks, "P")
    hidden = make_site(parks, "D", published=False, geom=square(123.7))
    client.force_login(cast.alice)
    assert "/planner/archive/" in client.get(PAGE).content.decode()
    assert client.post("/planner/archive/").status_code == 302
    page = client.get(PAGE).content.decode()
    assert "/planner/archive/" not in page
    address = f"/layers/publication/{making.published().revision}.pmtiles"
    assert address in page
    stranger = Client()
    assert b"".join(stranger.get(address)).startswith(b"PMTiles")
    part = stranger.get(address, headers={"range": "bytes=0-6"})
    assert (part.status_code, b"".join(part)) == (206, b"PMTiles")
    archive = Shelf(None).newest()
    assert archive is not None
    tiles = [read(gzip.decompress(one)) for one in verified(archive.path).tiles.values()]
    found = {str(f.properties["id"][1]) for tile in tiles for f in tile.get("sites", [])}
    assert found == {str(site.pk)}
    assert str(hidden.pk) not in found
    assert any("districts" in tile for tile in tiles)
    editing.update_site(site, {"published": False})
    assert stranger.get(address).status_code == 410
    assert "/planner/archive/" in client.get(PAGE).content.decode()


def test_inspectors_have_no_button(parks: Programme, client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    assert "/planner/archive/" not in client.get(PAGE).content.decode()
