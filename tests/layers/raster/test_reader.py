"""Opening scenes as people send them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from layers.raster.errors import SceneNotGeoreferenced, SceneUnreadable
from layers.raster.reader import describe, verify
from layers.raster.render import read_whole

Corpus = Callable[[str], Path]


@pytest.mark.parametrize(
    "name", ["no_georef.tif", "rotated.tif", "float_nan.tif", "cgcs2000_zone41.tif", "goes.tif"]
)
def test_it_says_when_a_picture_has_no_place_on_earth(corpus: Corpus, name: str) -> None:
    # cgcs2000_zone41.tif names zone 41 and holds eastings without the zone: 41,000 km off.
    with pytest.raises(SceneNotGeoreferenced):
        describe(corpus(name))


def test_it_finds_damaged_blocks(corpus: Corpus) -> None:
    with pytest.raises(SceneUnreadable):
        verify(corpus("corrupt.tif"))


@pytest.mark.parametrize("name", ["cogeo.tif", "RGBA.uint16.tif", "float_raster_with_nodata.tif"])
def test_it_reads_sound_files(corpus: Corpus, name: str) -> None:
    verify(corpus(name))
    assert describe(corpus(name)).footprint.is_valid


def test_it_stretches_sixteen_bits(corpus: Corpus) -> None:
    rgb, alpha = read_whole(corpus("before_after/LC08_013032_20180710_RGB16.tif"), 256)
    assert rgb[alpha > 0].std() > 20


def test_it_gives_an_empty_picture_when_all_is_nodata(corpus: Corpus) -> None:
    _, alpha = read_whole(corpus("all-nodata.tif"), 256)
    assert not alpha.any()


def test_it_refuses_a_file_that_is_no_geotiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_text("<VRTDataset/>")
    with pytest.raises(SceneUnreadable):
        describe(path)


@pytest.mark.parametrize("path", ["/vsicurl/http://127.0.0.1/a.tif", "https://127.0.0.1/a.tif"])
def test_it_reads_no_remote_address(path: str) -> None:
    with pytest.raises(SceneUnreadable, match="on this machine"):
        describe(path)
