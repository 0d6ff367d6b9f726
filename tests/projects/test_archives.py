"""Archives of what the domain registers, and of all that is public."""

import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pmtiles.tile import tileid_to_zxy

from layers.archives import making
from layers.archives.making import make
from tests.layers.archives.test_archives import served, told
from tests.layers.mvt.reading import read
from tests.layers.pmtiles.verifying import verified
from tests.layers.tiles.conftest import MakeLayer, make_layer, some_of_everything

__all__ = ["make_layer"]
pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def fewer_zooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ZOOMS", range(10))


def test_other_sources_are_asked_tile_by_tile(client: Client) -> None:
    found = make("districts")
    archive = verified(found.path)
    assert archive.header["minzoom"] == 0
    last = [number for number in archive.tiles if tileid_to_zxy(number)[0] == 8]
    for number in last[:9]:
        assert told(gzip.decompress(archive.tiles[number])) == served(
            client, found.revision, number, "districts"
        )


def test_all_that_is_public_goes_into_one_file(make_layer: MakeLayer, tmp_path: Path) -> None:
    make_layer(some_of_everything())
    make_layer(some_of_everything(), key="secret", published=False)
    call_command(
        "build_pmtiles",
        "--publication",
        str(tmp_path / "all.pmtiles"),
        stdout=StringIO(),
    )
    archive = verified(tmp_path / "all.pmtiles")
    named = {layer["id"] for layer in archive.metadata["vector_layers"]}
    assert {"mixed", "districts"} <= named
    assert not any(name.startswith("secret") for name in named)
    seen = {name for content in archive.tiles.values() for name in read(gzip.decompress(content))}
    assert {"mixed", "mixed_cells", "districts"} <= seen <= named
