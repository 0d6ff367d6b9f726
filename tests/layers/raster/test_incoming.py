"""A picture of every kind becomes a COG of ours, or is refused with a reason."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp

from layers.raster.cog import is_cog
from layers.raster.incoming import Upload, convert, inspect
from layers.raster.problems import SceneCode, SceneRefused
from tests.layers.raster.pictures import GRID, NORTH, WEST, WKT, colours, tiff


def bring(path: Path, name: str = "", **options: Any) -> tuple[dict[str, Any], Any, Any]:
    """The facts, all bands and the mask of the scene that a picture becomes."""
    world = options.pop("world", None)
    target = path.with_name("scene.tif")
    facts = convert(Upload(path, name or path.name, world), target, WKT, **options)
    assert is_cog(target)
    assert [one.name for one in path.parent.glob("scene*")] == ["scene.tif"]
    with rasterio.open(target) as made:
        assert made.crs.to_epsg() == 4529
        assert set(made.tags()) <= {"AREA_OR_POINT", "OVR_RESAMPLING_ALG"}
        return facts, made.read(), made.dataset_mask()


def refusal(path: Path, name: str = "", **options: Any) -> SceneCode:
    with pytest.raises(SceneRefused) as caught:
        inspect(Upload(path, name or path.name, **options))
    assert caught.value.note.sentence()
    return caught.value.note.code


def test_it_says_what_the_header_says(tmp_path: Path) -> None:
    header = inspect(Upload(tiff(tmp_path / "a.tif", colours()), "a.tif"))
    assert (header["width"], header["height"], header["bands"]) == (400, 300, 3)
    assert header["bounds"] == [WEST, NORTH - 600, WEST + 800, NORTH]
    assert rasterio.crs.CRS.from_wkt(header["wkt"]).to_epsg() == 4529


def test_it_says_what_the_file_calls_its_bands(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", np.zeros((4, 8, 8), dtype="uint16"))
    with rasterio.open(path, "r+") as dataset:
        dataset.descriptions = ("blue", "green", "red", "N" * 200)
    names = inspect(Upload(path, "a.tif"))["band_names"]
    assert names == ["blue", "green", "red", "N" * 80]


def test_it_makes_webp_of_eight_bits(tmp_path: Path) -> None:
    facts, bands, mask = bring(tiff(tmp_path / "a.tif", colours()))
    assert facts["profile"] == "webp"
    assert np.abs(bands.astype(int) - colours()).mean() < 3
    assert mask.all()
    assert facts["nodata_share"] == 0
    assert facts["outline"][0] == [WEST, NORTH]


def test_it_keeps_every_value_when_asked(tmp_path: Path) -> None:
    facts, bands, _mask = bring(tiff(tmp_path / "a.tif", colours()), lossless=True)
    assert facts["profile"] == "zstd"
    assert (bands == colours()).all()


def test_no_foreign_tag_comes_along(tmp_path: Path) -> None:
    tags = {"": {"TIFFTAG_SOFTWARE": "secret", "OWNER": "张三"}}
    path = tiff(tmp_path / "a.tif", colours(), tags=tags)
    bring(path)
    raw = (tmp_path / "scene.tif").read_bytes()
    assert b"secret" not in raw
    assert "张三".encode() not in raw


@pytest.mark.parametrize("dtype", ["uint16", "int16", "int32", "float32", "float64"])
def test_it_keeps_the_type_and_the_values(tmp_path: Path, dtype: str) -> None:
    values = (np.arange(300 * 400).reshape(1, 300, 400) % 30_000).astype(dtype)
    facts, bands, _mask = bring(tiff(tmp_path / "a.tif", values))
    assert facts["dtype"] == dtype
    assert (bands == values).all()


def test_what_is_not_a_number_is_not_there(tmp_path: Path) -> None:
    ndvi = np.full((1, 300, 400), 0.5, np.float32)
    ndvi[0, :30] = np.nan
    facts, _bands, mask = bring(tiff(tmp_path / "a.tif", ndvi))
    assert facts["nodata_share"] == pytest.approx(0.1)
    assert not mask[:30].any()
    assert mask[30:].all()


def test_nodata_becomes_a_mask(tmp_path: Path) -> None:
    bands = colours()
    bands[:, 200:] = 7
    facts, _bands, mask = bring(tiff(tmp_path / "a.tif", bands, nodata=7))
    assert facts["nodata_share"] == pytest.approx(1 / 3, abs=1e-6)
    assert not mask[200:].any()
    assert mask[:200].all()


def test_a_mask_of_its_own_stays(tmp_path: Path) -> None:
    mask = np.ones((300, 400), bool)
    mask[:, :100] = False
    _facts, _bands, found = bring(tiff(tmp_path / "a.tif", colours(), mask=mask))
    assert ((found > 0) == mask).all()


def test_soft_edges_stay_soft(tmp_path: Path) -> None:
    alpha = np.tile(np.linspace(0, 255, 400).astype(np.uint8), (1, 300, 1))
    rgba = np.concatenate([colours(), alpha])
    _facts, bands, _mask = bring(tiff(tmp_path / "a.tif", rgba, photometric="RGB", alpha="YES"))
    assert bands.shape[0] == 4
    assert (bands[3] == alpha[0]).all()


def test_a_palette_becomes_colours(tmp_path: Path) -> None:
    index = np.zeros((1, 300, 400), np.uint8)
    index[:, :, 200:] = 3
    palette = {0: (10, 20, 30, 255), 3: (200, 100, 50, 255)}
    path = tiff(tmp_path / "a.tif", index, photometric="PALETTE", colormap=palette)
    facts, bands, _mask = bring(path, lossless=True)
    assert facts["bands"] == 3
    assert tuple(bands[:, 5, 5]) == (10, 20, 30)
    assert tuple(bands[:, 5, 300]) == (200, 100, 50)


def test_inks_become_colours(tmp_path: Path) -> None:
    inks = np.zeros((4, 300, 400), np.uint8)
    inks[1:3] = 255  # magenta and yellow are red
    _facts, bands, _mask = bring(tiff(tmp_path / "a.tif", inks, photometric="CMYK"), lossless=True)
    assert tuple(bands[:3, 9, 9]) == (255, 0, 0)


def test_jpeg_inside_a_tiff_comes_as_red_green_blue(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", colours(), compress="JPEG", photometric="YCBCR")
    _facts, bands, _mask = bring(path)
    assert np.abs(bands.astype(int) - colours()).mean() < 4


def test_blue_may_come_first(tmp_path: Path) -> None:
    order = [ColorInterp.blue, ColorInterp.green, ColorInterp.red]
    path = tiff(tmp_path / "a.tif", colours()[::-1], colorinterp=order)
    assert (bring(path, lossless=True)[1] == colours()).all()


def test_two_bits_are_not_black(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", np.full((1, 300, 400), 3, np.uint8), nbits=2)
    assert bring(path)[1].max() == 255


def test_south_up_is_turned_over(tmp_path: Path) -> None:
    grid = Affine(2, 0, WEST, 0, 2, NORTH - 600)
    facts, bands, _mask = bring(
        tiff(tmp_path / "a.tif", colours()[:, ::-1], transform=grid), lossless=True
    )
    assert (bands == colours()).all()
    assert facts["outline"][0] == [WEST, NORTH]


def test_a_turned_grid_is_made_north_up(tmp_path: Path) -> None:
    grid = GRID @ Affine.rotation(30)
    path = tiff(tmp_path / "a.tif", colours(), transform=grid)
    facts, _bands, mask = bring(path)
    assert 0.2 < facts["nodata_share"] < 0.8
    assert not mask[0, 0]
    with rasterio.open(tmp_path / "scene.tif") as made:
        assert made.transform.b == 0
        x, y = grid @ (50, 20)  # a blue pixel of the upload is blue where it lies
        assert tuple(value > 150 for value in next(made.sample([(x, y)]))[:3]) == (
            False,
            False,
            True,
        )


def test_a_world_file_places_a_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "0.part"
    with rasterio.open(
        path, "w", driver="JPEG", width=400, height=300, count=3, dtype="uint8"
    ) as out:
        out.write(colours())
    world = (2.0, 0.0, 0.0, -2.0, WEST + 1, NORTH - 1)
    assert inspect(Upload(path, "a.jpg", world))["bounds"] == [WEST, NORTH - 600, WEST + 800, NORTH]
    facts, _bands, _mask = bring(path, "a.jpg", world=world)
    assert facts["outline"][0] == [WEST, NORTH]


def test_a_sparse_tile_is_no_black_tile(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    options = {"tiled": True, "blockxsize": 128, "blockysize": 128, "sparse_ok": True}
    with rasterio.open(
        path, "w", driver="GTiff", width=256, height=256, count=3, dtype="uint8",
        crs="EPSG:4529", transform=GRID, **options,
    ) as out:  # fmt: skip
        out.write(colours(128, 128), window=((0, 128), (0, 128)))
    facts, _bands, mask = bring(path)
    assert facts["nodata_share"] == pytest.approx(0.75)
    assert mask[:128, :128].all()


def test_no_place_is_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", colours(), crs=None, transform=None)
    assert refusal(path) is SceneCode.NO_GEOREFERENCE


def test_control_points_alone_are_refused(tmp_path: Path) -> None:
    points = [
        GroundControlPoint(r, c, WEST + c, NORTH - r) for r, c in ((0, 0), (0, 9), (9, 0), (9, 9))
    ]
    path = tiff(tmp_path / "a.tif", colours(), gcps=(points, rasterio.crs.CRS.from_epsg(4529)))
    assert refusal(path) is SceneCode.CONTROL_POINTS


def test_too_many_bands_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", np.zeros((20, 16, 16), np.uint8))
    assert refusal(path) is SceneCode.TOO_MANY_BANDS


def test_complex_pixels_are_refused(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", np.zeros((1, 16, 16), np.complex64))
    assert refusal(path) is SceneCode.UNKNOWN_PIXELS


def test_damage_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 8, (3, 600, 600), np.uint8)
    path = tiff(tmp_path / "a.tif", noise, compress="DEFLATE", tiled=True)
    with rasterio.open(path) as whole:
        place = int(whole.get_tag_item("BLOCK_OFFSET_1_1", "TIFF", bidx=1))
    data = bytearray(path.read_bytes())
    data[place : place + 200] = b"\xff" * 200
    path.write_bytes(data)
    with pytest.raises(SceneRefused) as caught:
        convert(Upload(path, "a.tif"), tmp_path / "scene.tif", WKT)
    assert caught.value.note.code is SceneCode.DAMAGED
    assert str(tmp_path) not in caught.value.note.sentence()
    assert not list(tmp_path.glob("scene*"))
