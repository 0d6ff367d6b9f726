"""Tiles, decoded and looked into."""

import io
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layers.raster.encoding import ImageFormat
from layers.raster.errors import SceneUnreadable
from layers.raster.reader import describe
from layers.raster.render import (
    render_preview,
    render_tile,
)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int, float, float]:
    """Column and row of the tile, and how far into it the point lies (0 to 1)."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return int(x), int(y), x % 1, y % 1


def pixel(path: Path, lon: float, lat: float, size_px: int = 256) -> tuple[int, ...]:
    x, y, right, down = tile_at(lon, lat, 16)
    content = render_tile(path, 16, x, y, "png", size_px=size_px)
    assert content is not None
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    assert picture.size == (size_px, size_px)
    value = picture.getpixel((int(right * size_px), int(down * size_px)))
    assert isinstance(value, tuple)
    return tuple(int(part) for part in value)


@pytest.mark.parametrize("size_px", [256, 512])
def test_it_shows_the_right_colour_at_the_right_place(scene: Path, size_px: int) -> None:
    west, south, east, north = describe(scene).footprint.bounds
    lon, lat = (east - west), (north - south)

    def at(u: float, v: float) -> tuple[int, ...]:
        return pixel(scene, west + u * lon, south + v * lat, size_px)

    assert np.allclose(at(0.25, 0.3), (200, 30, 30, 255), atol=14)
    assert np.allclose(at(0.75, 0.6), (30, 180, 40, 255), atol=14)
    assert np.allclose(at(0.12, 0.88), (20, 40, 200, 255), atol=14)


def test_it_is_transparent_outside_the_scene(scene: Path) -> None:
    footprint = describe(scene).footprint
    assert pixel(scene, footprint.bounds[0] - 0.0005, footprint.centroid.y)[3] == 0


def test_it_answers_nothing_where_there_is_nothing(scene: Path) -> None:
    assert render_tile(scene, 16, 0, 0) is None


def test_it_answers_nothing_for_all_nodata(corpus: Callable[[str], Path]) -> None:
    path = corpus("all-nodata.tif")
    centre = describe(path).footprint.centroid
    x, y, *_ = tile_at(centre.x, centre.y, 12)
    assert render_tile(path, 12, x, y) is None


def test_it_never_shows_damage_as_black(corpus: Callable[[str], Path]) -> None:
    path = corpus("corrupt.tif")
    centre = describe(path).footprint.centroid
    x, y, *_ = tile_at(centre.x, centre.y, 18)  # not from an overview, which is sound here
    with pytest.raises(SceneUnreadable):
        render_tile(path, 18, x, y)


@pytest.mark.parametrize(
    ("image_format", "name"), [("webp", "WEBP"), ("png", "PNG"), ("jpg", "JPEG")]
)
def test_it_writes_the_format_asked_for(scene: Path, image_format: ImageFormat, name: str) -> None:
    centre = describe(scene).footprint.centroid
    x, y, *_ = tile_at(centre.x, centre.y, 16)
    content = render_tile(scene, 16, x, y, image_format)
    assert content is not None
    assert Image.open(io.BytesIO(content)).format == name


def test_it_makes_a_preview_of_the_size_asked_for(scene: Path) -> None:
    picture = Image.open(io.BytesIO(render_preview(scene, size_px=200))).convert("RGB")
    assert picture.size == (200, 200)
    assert np.allclose(np.asarray(picture)[20, 20], (20, 40, 200), atol=16)
