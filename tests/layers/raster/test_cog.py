"""What write_cog puts on the disk."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from layers.raster.cog import Profile, is_cog, write_cog
from layers.raster.reader import describe, open_scene, verify
from tests.layers.raster.conftest import SCENE_BBOX


def test_it_writes_a_cog_that_says_where_it_lies(scene: Path) -> None:
    info = describe(scene)
    assert is_cog(scene)
    assert (info.width, info.height, info.srid) == (512, 512, 32651)
    assert 121 < info.footprint.centroid.x < 127
    assert 46 < info.footprint.centroid.y < 49
    verify(scene)


@pytest.mark.parametrize("profile", ["jpeg", "webp", "deflate"])
def test_it_writes_every_profile(tmp_path: Path, profile: Profile) -> None:
    rgb = np.full((300, 400, 3), 90, np.uint8)
    path = write_cog(tmp_path / "a.tif", rgb, SCENE_BBOX, profile=profile, tags={"NOTE": "x"})
    assert is_cog(path)
    with open_scene(path) as dataset:
        assert abs(int(dataset.read(1).mean()) - 90) <= 1
        assert dataset.tags()["NOTE"] == "x"


def test_it_keeps_the_mask(tmp_path: Path) -> None:
    rgb = np.full((300, 300, 3), 90, np.uint8)
    mask = np.zeros((300, 300), bool)
    mask[:, :100] = True
    path = write_cog(tmp_path / "a.tif", rgb, SCENE_BBOX, mask=mask)
    with open_scene(path) as dataset:
        assert dataset.dataset_mask()[150, 50] == 255
        assert dataset.dataset_mask()[150, 250] == 0


def test_it_leaves_nothing_half_written(tmp_path: Path) -> None:
    write_cog(tmp_path / "a.tif", np.zeros((64, 64, 3), np.uint8), SCENE_BBOX)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (0, 10, 3)])
def test_it_refuses_shapes_that_are_no_picture(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rgb must be"):
        write_cog(tmp_path / "a.tif", np.zeros(shape, np.uint8), SCENE_BBOX)


def test_it_refuses_a_mask_of_another_size(tmp_path: Path) -> None:
    rgb = np.zeros((10, 10, 3), np.uint8)
    with pytest.raises(ValueError, match="mask"):
        write_cog(tmp_path / "a.tif", rgb, SCENE_BBOX, mask=np.ones((9, 10), bool))


def test_it_knows_a_cog_from_others(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    assert is_cog(corpus("cogeo.tif"))
    assert not is_cog(corpus("RGB.byte.tif"))
    (tmp_path / "text.tif").write_text("no picture")
    assert not is_cog(tmp_path / "text.tif")
