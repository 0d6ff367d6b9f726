"""The scenes of one day as one tile set."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gis_projects.geo.tile_matrix import tile_at
from layers.raster import mosaic
from layers.raster.pool import close_all
from tests.layers.raster.scenes import (
    LAT,
    LON,
    grid_around,
    middle,
    pixels,
    plain,
    refused,
    scene_of,
)

pytestmark = pytest.mark.django_db
Z = 16
X, Y = tile_at(LON, LAT, Z)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    close_all()
    return tmp_path


def test_a_mosaic_puts_the_finest_on_top_and_fills_with_the_others(client: Client) -> None:
    scene_of("fine", plain(200, 0, 0, side=256), grid=grid_around(32651, 1.0, 256, 256))
    scene_of("coarse", plain(0, 0, 200, side=512), grid=grid_around(32651, 4.0, 512, 512))
    scene_of("other-day", plain(0, 200, 0), acquired_on="2025-06-11")
    picture = pixels(client.get(f"/mosaics/2025-06-10/tiles/{Z - 1}/{X // 2}/{Y // 2}.png").content)
    colours = {tuple(map(int, colour[:3])) for colour in picture.reshape(-1, 4) if colour[3]}
    assert (200, 0, 0) in colours and (0, 0, 200) in colours
    assert not any(colour[1] > 0 for colour in colours)


def test_of_equally_fine_scenes_the_last_is_on_top(client: Client) -> None:
    scene_of("a", plain(200, 0, 0))
    scene_of("b", plain(0, 0, 200))
    assert middle(client, f"/mosaics/2025-06-10/tiles/{Z}/{X}/{Y}.png")[:3] == [0, 0, 200]


def test_a_mosaic_shows_each_user_what_that_user_sees(client: Client) -> None:
    scene_of("hidden", plain(200, 0, 0), published=False)
    refused(client, f"/mosaics/2025-06-10/tiles/{Z}/{X}/{Y}.png", 404, "not-found")
    refused(client, "/mosaics/2025-06-10/tiles.json", 404, "not-found")
    scene_of("shown", plain(0, 0, 200))
    assert middle(client, f"/mosaics/2025-06-10/tiles/{Z}/{X}/{Y}.png")[0] == 0
    assert client.get("/mosaics/2025-06-10/tiles/10/0/0.png").status_code == 204


def test_a_mosaic_opens_no_more_files_than_it_says(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mosaic, "MAX_FILES", 2)
    for number in range(4):
        bands = plain(0, 0, 50 * number)
        scene_of(f"s{number}", bands, grid=grid_around(32651, 2.0, 512, 512), nodata=0)
    opened = []
    usual = mosaic.opened
    monkeypatch.setattr(mosaic, "opened", lambda path: opened.append(path) or usual(path))
    client.get(f"/mosaics/2025-06-10/tiles/12/{X >> 4}/{Y >> 4}.png")
    assert 1 <= len(opened) <= 2


@pytest.mark.parametrize("day", ["2025-13-01", "yesterday", "2024-01-01"])
def test_a_day_without_scenes_is_not_found(client: Client, day: str) -> None:
    refused(client, f"/mosaics/{day}/tiles/{Z}/{X}/{Y}.png", 404, "not-found")
    refused(client, f"/mosaics/{day}/tiles.json", 404, "not-found")


def test_a_mosaic_with_a_damaged_scene_says_so(client: Client, media: Path) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    (media / scene.file).write_bytes(b"II*\0")
    refused(client, f"/mosaics/2025-06-10/tiles/{Z}/{X}/{Y}.png", 422, "scene-unreadable")


def test_a_tile_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    scene_of("a", plain(1, 2, 3))
    with django_assert_num_queries(1):
        client.get(f"/mosaics/2025-06-10/tiles/{Z}/{X}/{Y}.png")
