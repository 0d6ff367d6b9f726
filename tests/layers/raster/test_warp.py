"""The decimated read with one bilinear step, held against GDAL's own warp with a tolerance of a thousandth of a pixel.

A scene whose bands are its own columns and rows tells at each pixel of a tile which place it was read from.
"""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT

from gis_projects.geo.crs import transform_point
from gis_projects.geo.tile_matrix import tile_at, tile_bbox
from layers.raster.mesh import Grid
from layers.raster.pool import close_all, opened
from layers.raster.warp import read_onto

SIDE = 1500
LON, LAT = 123.95, 47.35
# CRS, pixel size in its unit, rotation in degrees.
SCENES = {
    "utm": (32651, 2.0, 0.0),
    "gauss-krueger": (4529, 2.0, 0.0),
    "cgcs2000": (4490, 2e-5, 0.0),
    "degrees": (4326, 2e-5, 0.0),
    "rotated": (32651, 2.0, 28.0),
    "mirrored": (4529, 2.0, 180.0),
}


def grid_of(srid: int, pixel: float, degrees: float) -> Affine:
    """Around the middle of the city."""
    x, y = transform_point(LON, LAT, 4326, srid)
    middle = Affine.translation(x, y) @ Affine.rotation(degrees)
    return middle @ Affine.scale(pixel, -pixel) @ Affine.translation(-SIDE / 2, -SIDE / 2)


def write(path: Path, bands: NDArray[Any], srid: int, grid: Affine, **more: Any) -> Path:
    height, width = bands.shape[1:]
    plain = path.with_suffix(".plain.tif")
    with rasterio.open(
        plain, "w", driver="GTiff", width=width, height=height, count=len(bands), dtype=bands.dtype,
        crs=f"EPSG:{srid}", transform=grid, tiled=True, blockxsize=256, blockysize=256, **more,
    ) as made:  # fmt: skip
        made.write(bands)
    with rasterio.open(plain, "r+") as made:
        made.build_overviews([2, 4, 8], Resampling.average)
    return plain


@pytest.fixture(params=SCENES)
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    srid, pixel, degrees = SCENES[request.param]
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5
    return write(
        tmp_path / "places.tif", np.stack([columns, rows]), srid, grid_of(srid, pixel, degrees)
    )


def by_gdal(
    path: Path, z: int, x: int, y: int, size: int = 256
) -> tuple[NDArray[Any], NDArray[Any]]:
    bounds = tile_bbox(z, x, y).bounds
    with (
        rasterio.open(path) as dataset,
        WarpedVRT(
            dataset, crs="EPSG:3857", transform=from_bounds(*bounds, size, size), width=size, height=size,
            resampling=Resampling.bilinear, add_alpha=True, tolerance=0.001,
        ) as vrt,
    ):  # fmt: skip
        return vrt.read(list(range(1, dataset.count + 1))), vrt.read(dataset.count + 1)


def ours(
    path: Path, z: int, x: int, y: int, size: int = 256
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    with opened(path) as scene:
        bands = range(1, scene.dataset.count + 1)
        return read_onto(scene, Grid.over(tile_bbox(z, x, y), size, size), bands)


def neighbours(z: int) -> list[tuple[int, int]]:
    x, y = tile_at(LON, LAT, z)
    return [(x + right, y + down) for right, down in itertools.product((-1, 0, 1), repeat=2)]


@pytest.mark.parametrize("z", [13, 14, 15, 16, 17, 19])
def test_each_pixel_comes_from_the_place_that_the_exact_warp_takes_it_from(
    places: Path, z: int
) -> None:
    """Within a quarter of what one pixel of the tile covers, or of a pixel of the scene when that is more."""
    compared = 0
    for x, y in neighbours(z):
        found = ours(places, z, x, y)
        expected, alpha = by_gdal(places, z, x, y)
        shown = alpha == 255
        if found is None:
            assert not shown.any()
            continue
        both = _away_from_edges(shown & (found[1] == 255))
        if not both.any():
            continue
        covered = _covered(expected, both)
        gaps = np.hypot(*(found[0] - expected))[both]
        assert gaps.max() <= 0.25 * max(1.0, covered), (x, y, covered)
        compared += int(both.sum())
    assert compared > 1000


def _covered(expected: NDArray[Any], both: NDArray[np.bool_]) -> float:
    steps = np.hypot(*np.diff(expected, axis=2))
    return float(np.median(steps[both[:, 1:] & both[:, :-1]]))


def _away_from_edges(shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """There a mean over what is left of the neighbourhood moves the place."""
    inner = shown.copy()
    for axis, step in itertools.product((0, 1), (-2, -1, 1, 2)):
        inner &= np.roll(shown, step, axis=axis)
    return inner


@pytest.mark.parametrize("z", [14, 16, 18])
def test_the_edge_of_the_scene_is_where_the_exact_warp_has_it(places: Path, z: int) -> None:
    """No pixel differs that is more than one away from GDAL's edge."""
    for x, y in neighbours(z):
        found = ours(places, z, x, y)
        _, alpha = by_gdal(places, z, x, y)
        shown = alpha >= 128
        mine = np.zeros_like(shown) if found is None else found[1] >= 128
        grown, shrunk = shown.copy(), shown.copy()
        for axis, step in itertools.product((0, 1), (-1, 1)):
            grown |= np.roll(shown, step, axis=axis)
            shrunk &= np.roll(shown, step, axis=axis)
        inside = np.s_[1:-1, 1:-1]
        assert not (mine & ~grown)[inside].any()
        assert not (shrunk & ~mine)[inside].any()


@pytest.mark.parametrize("size", [256, 512])
def test_values_of_a_texture_agree_with_the_exact_warp(tmp_path: Path, size: int) -> None:
    """Eight bits: on average within 1.5 of 255 at full resolution, within 5 where both reduce squares of 6 pixels."""
    rng = np.random.default_rng(7)
    coarse = rng.uniform(30, 220, (3, SIDE // 6, SIDE // 6)).astype(np.uint8)
    bands = np.kron(coarse, np.ones((1, 6, 6))).astype(np.uint8)
    path = write(tmp_path / "texture.tif", bands, 32651, grid_of(32651, 2.0, 12.0))
    for z, mean in ((17, 1.5), (15, 3.0), (14, 5.0)):
        x, y = tile_at(LON, LAT, z)
        found = ours(path, z, x, y, size)
        assert found is not None
        expected, alpha = by_gdal(path, z, x, y, size)
        both = (alpha == 255) & (found[1] == 255)
        assert np.abs(found[0].astype(int) - expected)[:, both].mean() <= mean, z


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_missing_values_do_not_darken_their_neighbours(tmp_path: Path, dtype: str) -> None:
    bands = np.full((1, SIDE, SIDE), 200, dtype)
    bands[:, :, : SIDE // 2] = 0
    path = write(tmp_path / "half.tif", bands, 32651, grid_of(32651, 2.0, 0.0), nodata=0)
    for z in (14, 17):
        found = ours(path, z, *tile_at(LON, LAT, z))
        assert found is not None
        values, alpha = found
        assert set(np.unique(alpha)) == {0, 255}
        assert np.abs(values[0][alpha == 255].astype(float) - 200).max() <= 1


def test_not_a_number_is_no_data(tmp_path: Path) -> None:
    bands = np.full((1, SIDE, SIDE), 0.5, np.float32)
    bands[:, :, : SIDE // 2] = np.nan
    path = write(tmp_path / "nan.tif", bands, 32651, grid_of(32651, 2.0, 0.0))
    found = ours(path, 17, *tile_at(LON, LAT, 17))
    assert found is not None
    values, alpha = found
    assert 0 < (alpha == 255).mean() < 1
    assert np.allclose(values[0][alpha == 255], 0.5)


def test_a_tile_of_half_the_world_finds_the_scene(places: Path) -> None:
    found = ours(places, 2, *tile_at(LON, LAT, 2))
    assert found is not None
    assert 1 <= (found[1] > 0).sum() <= 9 or not found[1].any()


def test_open_scenes_are_bounded_and_a_replaced_file_is_read_anew(tmp_path: Path) -> None:
    from layers.raster import pool

    close_all()
    bands = np.full((1, 64, 64), 10, np.uint8)
    paths = [write(tmp_path / f"{n}.tif", bands, 32651, grid_of(32651, 2.0, 0)) for n in range(12)]
    for path in paths:
        with opened(path):
            pass
    assert len(pool._kept.scenes) == pool.KEPT_PER_THREAD
    write(tmp_path / "11.tif", bands + 5, 32651, grid_of(32651, 2.0, 0))
    with opened(paths[11]) as scene:
        assert scene.dataset.read(1).max() == 15
    assert sum(key[0] == str(paths[11]) for key in pool._kept.scenes) == 1
    close_all()
    assert not pool._kept.scenes
