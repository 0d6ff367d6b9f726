"""Tiles of several sources in one: together no larger than a tile may be, and whatever is left out is counted."""

import gzip

import pytest
import shapely
from django.contrib.auth.models import AnonymousUser
from pmtiles.tile import tileid_to_zxy

from gis_projects.geo.tile_matrix import tile_at
from layers.archives import asking
from layers.archives.asking import asked_tiles, joined_tile
from layers.tiles.layer_tiles import LayerTiles, visible_layers
from layers.tiles.tile_set import MAX_ZOOM
from tests.layers.mvt.reading import Read, read
from tests.layers.tiles.conftest import PLACE, MakeLayer, some_of_everything

ZOOM = 6
KEYS = ("more", "fewer")


@pytest.fixture
def both(make_layer: MakeLayer) -> list[LayerTiles]:
    for key, count in zip(KEYS, (400, 40), strict=True):
        make_layer(some_of_everything(count), key=key)
    everybody = AnonymousUser()
    return [LayerTiles(layer, everybody) for layer in visible_layers(everybody).order_by("pk")]


def joined(both: list[LayerTiles], shown: int = ZOOM) -> tuple[int, Read]:
    x, y = tile_at(*PLACE, ZOOM)
    parts = [tiles.mvt(ZOOM, x, y, shown) for tiles in both]
    content = joined_tile(both, parts, ZOOM, x, y, shown)
    return len(content), read(gzip.decompress(content))


def told(tile: Read, key: str) -> int:
    """Features that are drawn, and those that are counted instead."""
    hidden = sum(int(one.properties["hidden"][1]) for one in tile.get(f"{key}_cells", []))
    return len(tile.get(key, [])) + hidden


def test_what_reaches_over_a_border_is_on_both_sides_of_it(make_layer: MakeLayer) -> None:
    """A line that is too short to be drawn at first, with its middle just west of the border between two tiles."""
    border, lat = 123.75, 47.33
    line = shapely.LineString([(border - 0.004, lat), (border + 0.002, lat)])
    make_layer([(line, {})], key="line")
    [tiles] = [LayerTiles(one, AnonymousUser()) for one in visible_layers(AnonymousUser())]
    there = {tileid_to_zxy(number) for number, _content in asked_tiles([tiles], range(15), print)}
    for z in range(12, 15):
        x, y = tile_at(border + 0.001, lat, z)
        assert {(z, x - 1, y), (z, x, y)} <= there
    assert (6, *tile_at(border + 0.001, lat, 6)) not in there


@pytest.mark.parametrize("shown", [ZOOM, MAX_ZOOM])
def test_what_fits_is_left_as_it_is(both: list[LayerTiles], shown: int) -> None:
    x, y = tile_at(*PLACE, ZOOM)
    size, tile = joined(both, shown)
    assert size < asking.MAX_BYTES
    for tiles in both:
        key = tiles.info.key
        alone = read(tiles.mvt(ZOOM, x, y, shown))[key]
        assert sorted(map(repr, tile[key])) == sorted(map(repr, alone))


@pytest.mark.parametrize("shown", [ZOOM, MAX_ZOOM])
def test_too_much_together_is_thinned_where_there_is_most(
    both: list[LayerTiles], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, before = joined(both, shown)
    monkeypatch.setattr(asking, "MAX_BYTES", whole * 2 // 3)
    size, tile = joined(both, shown)
    assert size <= whole * 2 // 3
    assert len(tile["more"]) < len(before["more"])
    assert tile["fewer"] == before["fewer"]
    assert told(tile, "more") == both[0].totals(ZOOM, *tile_at(*PLACE, ZOOM))[MAX_ZOOM]


def test_it_ends_when_nothing_can_be_left_out_any_more(
    both: list[LayerTiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MAX_BYTES", 1)
    _size, tile = joined(both)
    for tiles in both:
        key = tiles.info.key
        assert told(tile, key) == tiles.totals(ZOOM, *tile_at(*PLACE, ZOOM))[MAX_ZOOM]
