"""Real pictures from other projects, where they are at hand: each ends as its manifest expects."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from layers.raster.cog import is_cog
from layers.raster.incoming import Upload, convert, inspect
from layers.raster.problems import SceneCode, SceneRefused
from layers.raster.render import render_preview

Corpus = Callable[[str], Path]
# (file, bands, type)
ACCEPTED = [
    ("RGB.byte.tif", 3, "uint8"),
    ("RGBA.byte.tif", 3, "uint8"),
    ("RGBA.uint16.tif", 3, "uint16"),
    ("float_raster_with_nodata.tif", 1, "float32"),
    ("all-nodata.tif", 4, "uint16"),
    ("cogeo.tif", 3, "uint8"),
    ("world.byte.tif", 1, "uint8"),
    ("shade.tif", 1, "uint8"),
    ("alpha.tif", 3, "uint8"),
    ("test_esri_wkt.tif", 1, "uint16"),
    ("goes.tif", 3, "uint8"),
    ("byte.tif", 1, "uint8"),
    ("cgcs2000_zone41.tif", 1, "uint8"),
    *[
        (f"before_after/LC08_013032_{day}_{band}.tif", 3 if band == "RGB16" else 1, "uint16")
        for day in ("20180131", "20180405", "20180710", "20180827")
        for band in ("B2", "B3", "B4", "B5", "RGB16")
    ],
]
WITHOUT_CRS = ["float_nan.tif", "rotated.tif"]
REFUSED = [
    ("corrupt.tif", SceneCode.DAMAGED),
    ("389225main_sw_1965_1024.jpg", SceneCode.NO_GEOREFERENCE),
    ("no_georef.tif", SceneCode.NO_GEOREFERENCE),
]


@pytest.mark.parametrize(("name", "bands", "dtype"), ACCEPTED)
def test_it_becomes_a_scene(
    corpus: Corpus, tmp_path: Path, name: str, bands: int, dtype: str
) -> None:
    upload = Upload(corpus(name), Path(name).name)
    facts = convert(upload, tmp_path / "scene.tif", inspect(upload)["wkt"])
    assert (facts["bands"], facts["dtype"]) == (bands, dtype)
    assert is_cog(tmp_path / "scene.tif")
    assert render_preview(tmp_path / "scene.tif").startswith(b"RIFF")
    assert (facts["nodata_share"] == 1) == (name == "all-nodata.tif")


@pytest.mark.parametrize("name", WITHOUT_CRS)
def test_its_crs_is_to_be_asked_for(corpus: Corpus, name: str) -> None:
    assert inspect(Upload(corpus(name), name))["wkt"] == ""


@pytest.mark.parametrize(("name", "code"), REFUSED)
def test_it_is_refused(corpus: Corpus, tmp_path: Path, name: str, code: SceneCode) -> None:
    upload = Upload(corpus(name), name)
    with pytest.raises(SceneRefused) as caught:
        convert(upload, tmp_path / "scene.tif", inspect(upload)["wkt"])
    assert caught.value.note.code is code


def test_corners_stay_where_they_are_after_a_turn(corpus: Corpus, tmp_path: Path) -> None:
    upload = Upload(corpus("rotated.tif"), "rotated.tif")
    bounds = inspect(upload)["bounds"]
    convert(upload, tmp_path / "scene.tif", "EPSG:3857")
    with rasterio.open(tmp_path / "scene.tif") as made:
        pixel = max(made.res)
        assert np.allclose(made.bounds, bounds, atol=2 * pixel)
