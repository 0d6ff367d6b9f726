"""Pictures that are none, that are endless, or that fetch others; as scenes and as photographs."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import Bait, Case, Cases, content

SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink'>"
    "<image x:href='{url}/a.png'/><script>alert(1)</script></svg>"
)
EPS = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({file}) (r) file\nshowpage\n"
HTML = "<!doctype html><script src='{url}/a.js'></script>"
OTHERS = {"svg": SVG, "eps": EPS, "html": HTML}


def cases() -> Cases:
    """Scenes, then photographs."""
    for kind, text in OTHERS.items():
        for name in ("a.tif", "a.png", "a.jpg"):
            yield Case(f"{kind} as {name}", content(name, _text(text)), "scene")
        yield Case(f"photograph that is {kind}", content("a.jpg", _text(text)), "photo")
        made = content("a.svg" if kind == "svg" else f"a.{kind}", _text(text))
        yield Case(f"photograph named {kind}", made, "photo")
    for name, target in {"file": "{file}", "url": "/vsicurl/{url}/o.tif"}.items():
        yield Case(f"overview tag to a {name}", _tagged(target), "scene")
        yield Case(f"sidecars to a {name}", _with_sidecars(target), "scene", "inert")
    yield Case("tif of 200,000 x 200,000", _sparse, "scene")
    yield Case("tif cut short", _cut, "scene")
    yield Case("tif with absurd tags", content("a.tif", _absurd_tags), "scene")
    yield Case("tif whose directories form a ring", content("a.tif", _ring_of_directories), "scene")
    for door, word in (("scene", "scene"), ("photo", "photograph")):
        wide = content("a.png", _png(60_000, 60_000))
        yield Case(f"png of 60,000 x 60,000 as a {word}", wide, door)  # type: ignore[arg-type]
        most = content("a.png", _png(2**31 - 1, 2**31 - 1))
        yield Case(f"png of the largest size as a {word}", most, door)  # type: ignore[arg-type]
    yield Case("photograph cut short", content("a.jpg", _half_a_jpeg), "photo")
    yield Case("photograph of nothing", content("a.jpg", b""), "photo")
    yield Case("photograph that is a program", content("a.jpg", b"\x7fELF" + bytes(99)), "photo")
    yield Case("photograph that is a zip", content("a.png", b"PK\3\4" + bytes(99)), "photo")


def _text(text: str) -> Callable[[Bait], str]:
    return lambda bait: text.format(url=bait.url, file=bait.file)


def _tif(path: Path, size: int = 64, **options: object) -> None:
    import numpy as np
    import rasterio
    from rasterio.transform import from_bounds

    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=3, dtype="uint8", crs="EPSG:4326",
        transform=from_bounds(123.6, 47.1, 123.61, 47.11, size, size), **options,
    ) as out:  # fmt: skip
        if size < 1_000:
            out.write(np.full((3, size, size), 90, np.uint8))


def _tagged(target: str) -> Callable[[Path, Bait], list[Path]]:
    def make(folder: Path, bait: Bait) -> list[Path]:
        import rasterio

        path = folder / "a.tif"
        _tif(path, 512)
        with rasterio.open(path, "r+") as out:
            where = target.format(url=bait.url, file=bait.file)
            out.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=where, MASK_OVERVIEW_FILE=where)
        return [path]

    return make


def _with_sidecars(target: str) -> Callable[[Path, Bait], list[Path]]:
    """Sidecars that GDAL would read; they come as further parts, which is refused or ignored."""

    def make(folder: Path, bait: Bait) -> list[Path]:
        _tif(folder / "a.tif")
        where = target.format(url=bait.url, file=bait.file)
        (folder / "a.tif.aux.xml").write_text(
            "<PAMDataset><Metadata domain='OVERVIEWS'><MDI key='OVERVIEW_FILE'>"
            f"{where}</MDI></Metadata></PAMDataset>"
        )
        (folder / "a.tif.ovr").write_text(f"<VRTDataset><SourceFilename>{where}</SourceFilename>")
        return sorted(folder.iterdir())

    return make


def _sparse(folder: Path, _bait: Bait) -> list[Path]:
    path = folder / "a.tif"
    _tif(path, 200_000, sparse_ok=True, tiled=True, compress="deflate", bigtiff="yes")
    return [path]


def _cut(folder: Path, _bait: Bait) -> list[Path]:
    path = folder / "a.tif"
    _tif(path, 512)
    path.write_bytes(path.read_bytes()[:5_000])
    return [path]


def _absurd_tags(_bait: Bait) -> bytes:
    entry = struct.pack("<HHII", 256, 4, 2**32 - 1, 8)
    return b"II*\0" + struct.pack("<IH", 8, 65_535) + entry * 100


def _ring_of_directories(_bait: Bait) -> bytes:
    entries = struct.pack("<HHII", 256, 3, 1, 64) + struct.pack("<HHII", 257, 3, 1, 64)
    return b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 8)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def _half_a_jpeg(_bait: Bait) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(out, "JPEG")
    data = out.getvalue()
    return data[: len(data) // 2]
