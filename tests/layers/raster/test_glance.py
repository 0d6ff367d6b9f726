"""A small copy of a picture, made in quarantine, lies on the map where the whole one will."""

import io
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from PIL import Image

from gis_projects.geo.crs import transform_point
from layers.raster.glance import GLANCE_PX, LaidOut, laid_out
from layers.raster.remote import Header, look, upload_of
from tests.layers.raster.pictures import GRID, colours, tiff


def seen(path: Path, name: str = "a.tif") -> Header:
    header = look(upload_of(path, name, None), glance=True)
    assert header.glance is not None
    return header


def laid(header: Header, crs: int = 4529) -> LaidOut:
    assert header.glance is not None
    return laid_out(header.glance, header.grid, (header.width, header.height), crs)


def colour_at(lying: LaidOut, lon: float, lat: float) -> tuple[int, ...]:
    """In equirectangular steps: over three kilometres that is web mercator to a pixel."""
    picture = Image.open(io.BytesIO(lying.webp)).convert("RGBA")
    west, south, east, north = lying.bbox.bounds
    x = (lon - west) / (east - west) * picture.width
    y = (north - lat) / (north - south) * picture.height
    return tuple(picture.getpixel((int(x), int(y))))  # type: ignore[arg-type]


def test_a_glance_is_small_and_has_every_pixel_of_a_small_picture(tmp_path: Path) -> None:
    header = seen(tiff(tmp_path / "a.tif", colours(1_200, 1_600)))
    assert header.glance is not None
    assert header.glance.rgba.shape == (480, GLANCE_PX, 4)
    small = seen(tiff(tmp_path / "b.tif", colours(30, 40)))
    assert small.glance is not None
    assert np.array_equal(small.glance.rgba[..., :3], np.moveaxis(colours(30, 40), 0, 2))


@pytest.mark.parametrize(
    ("x", "y", "channel"), [(0.25, 0.75, 0), (0.75, 0.5, 1), (0.1, 0.1, 2)]
)  # west red, east green, blue in the north-west
def test_it_lies_where_its_grid_says(tmp_path: Path, x: float, y: float, channel: int) -> None:
    header = seen(tiff(tmp_path / "a.tif", colours()))
    east, north = GRID @ (400 * x, 300 * y)
    lon, lat = transform_point(east, north, 4529, 4326)
    red, green, blue, alpha = colour_at(laid(header), lon, lat)
    assert int(np.argmax([red, green, blue])) == channel
    assert alpha == 255


def test_a_turned_picture_is_turned_and_clear_around(tmp_path: Path) -> None:
    turned = GRID @ Affine.rotation(30)
    header = seen(tiff(tmp_path / "a.tif", colours(), transform=turned))
    lying = laid(header)
    x, y = turned @ (300, 150)
    lon, lat = transform_point(x, y, 4529, 4326)
    assert int(np.argmax(colour_at(lying, lon, lat)[:3])) == 1
    west, _south, _east, north = lying.bbox.bounds
    assert colour_at(lying, west + 1e-5, north - 1e-5)[3] == 0


def test_sixteen_bits_are_spread_and_holes_stay_clear(tmp_path: Path) -> None:
    bands = np.linspace(500, 900, 300 * 400).reshape(1, 300, 400).astype(np.uint16)
    bands[:, :50] = 0
    header = seen(tiff(tmp_path / "a.tif", bands, nodata=0))
    assert header.glance is not None
    rgba = header.glance.rgba
    assert not rgba[:50, :, 3].any()
    assert rgba[60, :, 0].max() < 40
    assert rgba[299, :, 0].min() > 240


def test_the_same_glance_lies_elsewhere_in_another_crs(tmp_path: Path) -> None:
    plain = Affine.translation(500_000, 5_219_000) @ Affine.scale(2, -2)
    header = seen(tiff(tmp_path / "a.tif", colours(), transform=plain, crs=None))
    here, there = (laid(header, srid).bbox.bounds[0] for srid in (4549, 4550))
    assert there - here == pytest.approx(3, abs=1e-6)
