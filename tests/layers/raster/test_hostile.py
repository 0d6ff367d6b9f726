"""Pictures made to do harm: each is refused by its header, with one sentence."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from layers.raster.incoming import Upload, convert, inspect
from layers.raster.problems import SceneCode, SceneRefused
from tests.layers.raster.pictures import GRID, WKT, colours, png_header, tiff

VRT = b'<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand band="1"><SimpleSource><SourceFilename>/etc/passwd'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/x"/></svg>'
TEXTS = {
    "vrt": VRT,
    "svg": SVG,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
    "html": b"<!doctype html><script>alert(1)</script>",
    "wms": b'<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1/',
    "pdf": b"%PDF-1.7",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "gif": b"GIF89a\x10\0\x10\0",
    "zip": b"PK\x03\x04",
    "jp2": b"\0\0\0\x0cjP  \r\n\x87\n",
    "hdf5": b"\x89HDF\r\n\x1a\n",
    "empty": b"",
}


def refusal(path: Path, name: str) -> SceneCode:
    with pytest.raises(SceneRefused) as caught:
        inspect(Upload(path, name))
    sentence = caught.value.note.sentence()
    assert "Traceback" not in sentence
    assert str(path.parent) not in sentence
    return caught.value.note.code


@pytest.mark.parametrize("kind", list(TEXTS))
@pytest.mark.parametrize("name", ["a.tif", "a.jpg", "a.png"])
def test_what_is_no_picture_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(TEXTS[kind])
    assert refusal(path, name) is SceneCode.NOT_A_PICTURE


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.vrt", "a", "a.tif.exe"])
def test_a_name_must_fit_its_content(tmp_path: Path, name: str) -> None:
    assert refusal(tiff(tmp_path / "0.part", colours()), name) is SceneCode.WRONG_NAME


@pytest.mark.parametrize(
    "tags",
    [
        {"OVERVIEWS": {"OVERVIEW_FILE": "/vsicurl/http://127.0.0.1:1/x.tif"}},
        {"OVERVIEWS": {"OVERVIEW_FILE": "other.tif"}},
        {"overviews": {"Overview_File": "other.tif"}},
        {"GEOLOCATION": {"X_DATASET": "/etc/passwd"}},
        {"": {"NOTE": "OVERVIEW_FILE"}},
    ],
)
def test_tags_that_lead_elsewhere_are_refused(
    tmp_path: Path, tags: dict[str, dict[str, str]]
) -> None:
    path = tiff(tmp_path / "a.tif", colours(), tags=tags)
    assert refusal(path, "a.tif") is SceneCode.FOREIGN_FILES


def test_entities_hide_nothing(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", colours(), tags={"OVERVIEWS": {"OVERVIEW_FILE": "x" * 40}})
    data = path.read_bytes().replace(b'"OVERVIEW_FILE"', b'"&#79;VERVIEW_FILE"')
    start = data.index(b"x" * 40)
    path.write_bytes(data[:start] + data[start + 4 :])
    assert refusal(path, "a.tif") is SceneCode.FOREIGN_FILES


def test_what_lies_beside_is_not_read(tmp_path: Path) -> None:
    """Another picture's overviews, a mask and an .aux.xml with another CRS change nothing."""
    path = tiff(tmp_path / "a.tif", colours())
    convert(Upload(path, "a.tif"), tmp_path / "alone.tif", WKT, lossless=True)
    tiff(tmp_path / "a.tif.ovr", np.full((3, 150, 200), 255, np.uint8))
    tiff(tmp_path / "a.tif.msk", np.zeros((1, 300, 400), np.uint8))
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:3857</SRS></PAMDataset>")
    (tmp_path / "a.tfw").write_text("9\n0\n0\n-9\n0\n0\n")
    assert "4529" in inspect(Upload(path, "a.tif"))["wkt"]
    convert(Upload(path, "a.tif"), tmp_path / "beside.tif", WKT, lossless=True)
    assert (tmp_path / "alone.tif").read_bytes() == (tmp_path / "beside.tif").read_bytes()


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2**31 - 1, 1000), (1, 2**31)])
def test_a_huge_png_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png_header(width, height))
    assert refusal(path, "a.png") is SceneCode.TOO_MANY_PIXELS


def test_a_sparse_tiff_of_forty_billion_pixels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=200_000, height=200_000, count=1, dtype="uint8", tiled=True,
        blockxsize=4096, blockysize=4096, sparse_ok=True, bigtiff="YES", crs="EPSG:4529", transform=GRID,
    ):  # fmt: skip
        pass
    assert path.stat().st_size < 1_000_000
    assert refusal(path, "a.tif") is SceneCode.TOO_MANY_PIXELS


def classic(*tags: tuple[int, int, int, int], following: int = 0) -> bytes:
    """A little-endian TIFF with one directory of (tag, type, count, value)."""
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + struct.pack("<I", following)


SIZE = ((256, 4, 1, 64), (257, 4, 1, 64))
BROKEN: dict[str, bytes | Callable[[], bytes]] = {
    "a tag with four billion values": classic(*SIZE, (273, 4, 0xFFFFFFFF, 8)),
    "a tag beyond the file": classic(*SIZE, (324, 16, 9, 1 << 30)),
    "a width with many values": classic((256, 4, 5, 8), (257, 4, 1, 64)),
    "a directory that follows itself": classic(*SIZE, following=8),
    "a directory beyond the file": b"II*\0" + struct.pack("<I", 1 << 31),
    "no directory": b"II*\0\0\0\0\0",
    "no tags": classic(),
    "sixty thousand tags": b"II*\0" + struct.pack("<IH", 8, 60_000) + b"\0" * 720_010,
    "no size": classic((258, 3, 1, 8)),
    "half a header": b"II*\0\x08",
    "a big directory beyond the file": b"II+\0\x08\0\0\0" + struct.pack("<Q", 1 << 62),
    "a big directory of endless tags": b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1 << 63),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_broken_directories_are_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(BROKEN[kind])  # type: ignore[arg-type]
    assert refusal(path, "a.tif") is SceneCode.DAMAGED


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_tiff_is_refused(tmp_path: Path, share: float) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (3, 300, 300), np.uint8)
    path = tiff(tmp_path / "a.tif", noise, compress="DEFLATE", tiled=True)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(SceneRefused) as caught:
        convert(Upload(path, "a.tif"), tmp_path / "scene.tif", WKT)
    assert caught.value.note.code is SceneCode.DAMAGED
    assert not list(tmp_path.glob("scene*"))


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\x02" * 50, b"\xff\xd8\xff\xd9"]
)
def test_a_jpeg_without_a_frame_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    assert refusal(path, "a.jpg") is SceneCode.DAMAGED


def test_a_truncated_jpeg_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with rasterio.open(
        path, "w", driver="JPEG", width=400, height=300, count=3, dtype="uint8"
    ) as out:
        out.write(np.random.default_rng(3).integers(0, 255, (3, 300, 400), np.uint8))
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(SceneRefused) as caught:
        convert(Upload(path, "a.jpg", (1, 0, 0, -1, 0, 0)), tmp_path / "scene.tif", WKT)
    assert caught.value.note.code is SceneCode.DAMAGED
