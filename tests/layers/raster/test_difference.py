"""What changed between two scenes."""

from pathlib import Path

import numpy as np
import pytest

from gis_projects.geo.tile_matrix import tile_at, tile_bbox
from layers.raster.colours import table
from layers.raster.difference import Side, change_onto, difference
from layers.raster.errors import NoOverlap, RoleMissing
from layers.raster.mesh import Grid
from tests.layers.raster.scenes import LAT, LON, grid_around, plain, write
from tests.layers.raster.test_zonal import star

ROLES = ["red", "green", "blue", "nir"]


@pytest.fixture
def before(tmp_path: Path) -> Side:
    """NDVI 0 everywhere."""
    return Side(write(tmp_path / "before.tif", plain(100, 90, 80, 100)), ROLES)


@pytest.fixture
def after(tmp_path: Path) -> Side:
    """NDVI 0.6 in the east, 0 in the west; another grid, twice as coarse, in another CRS, bands in another order."""
    bands = plain(80, 90, 100, 100, side=256)
    bands[2, :, 128:], bands[3, :, 128:] = 50, 200
    grid = grid_around(4529, 4.0, 256, 256)
    return Side(write(tmp_path / "after.tif", bands, 4529, grid), ["blue", "green", "red", "nir"])


def test_it_is_compared_on_the_coarser_grid(before: Side, after: Side) -> None:
    found = difference(before, after, star(240))
    assert found.before.mean == pytest.approx(0, abs=1e-6)
    assert found.after.mean == pytest.approx(0.3, abs=0.02)
    assert found.change.mean == pytest.approx(found.after.mean - found.before.mean, abs=1e-6)
    assert found.gained_share == pytest.approx(0.5, abs=0.03)
    assert found.lost_share == 0
    pixels = found.change.area_m2 / 16  # of 4 m
    assert found.change.count == pytest.approx(pixels, rel=0.01)


def test_the_other_way_round_is_the_negative(before: Side, after: Side) -> None:
    there, back = difference(before, after, star(240)), difference(after, before, star(240))
    assert back.change.mean == pytest.approx(-there.change.mean, abs=1e-6)
    assert back.lost_share == pytest.approx(there.gained_share)


def test_pixels_without_data_in_either_count_in_none(tmp_path: Path, after: Side) -> None:
    bands = plain(100, 90, 80, 100)
    bands[:, :, 256:] = 0
    half = Side(write(tmp_path / "half.tif", bands, nodata=0), ROLES)
    found = difference(half, after, star(240))
    assert found.after.mean == pytest.approx(0, abs=0.02)
    assert found.change.nodata_share == pytest.approx(0.5, abs=0.03)


def test_scenes_that_do_not_meet_are_refused(tmp_path: Path, before: Side) -> None:
    grid = grid_around(32651, 2.0, 512, 512).__class__(2, 0, 700_000, 0, -2, 5_240_000)
    away = Side(write(tmp_path / "away.tif", plain(1, 2, 3, 4), 32651, grid), ROLES)
    with pytest.raises(NoOverlap):
        difference(before, away, star(240))
    tile = Grid.over(tile_bbox(16, *tile_at(LON, LAT, 16)), 64, 64)
    assert change_onto(before, away, tile) is None


def test_a_scene_of_three_bands_is_refused(tmp_path: Path, before: Side) -> None:
    rgb = Side(write(tmp_path / "rgb.tif", plain(1, 2, 3)), None)
    with pytest.raises(RoleMissing) as refused:
        difference(before, rgb, star(240))
    assert refused.value.role == "nir"


def test_its_picture_has_the_colours_of_the_legend_and_is_fainter_around_the_site(
    before: Side, after: Side
) -> None:
    grid = Grid.over(tile_bbox(16, *tile_at(LON, LAT, 16)), 256, 256)
    found = change_onto(before, after, grid, star(150))
    assert found is not None
    rgb, alpha = found
    gained = (rgb == table("change")[-1]).all(axis=2)
    same = (np.abs(rgb.astype(int) - 245) <= 3).all(axis=2)
    assert gained[alpha > 0].mean() + same[alpha > 0].mean() > 0.95
    assert {0, 90, 255} <= set(np.unique(alpha).tolist()) | {0}
