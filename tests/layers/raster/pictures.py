"""Pictures as other bureaus send them, made for a test: a grid in EPSG:4529 over the test city, half metre pixels."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

WEST, NORTH = 41_545_000.0, 5_219_000.0
GRID = from_origin(WEST, NORTH, 2.0, 2.0)
WKT = rasterio.crs.CRS.from_epsg(4529).to_wkt()


def colours(height: int = 300, width: int = 400) -> NDArray[np.uint8]:
    """West red, east green, and a blue corner in the north-west: (3, height, width)."""
    bands = np.zeros((3, height, width), np.uint8)
    bands[0, :, : width // 2] = 200
    bands[1, :, width // 2 :] = 180
    bands[:, : height // 4, : width // 4] = np.array([20, 40, 210], np.uint8)[:, None, None]
    return bands


def tiff(path: Path, bands: NDArray[Any], **options: Any) -> Path:
    """Write bands (count, height, width) plainly; what is named in ``after`` is set afterwards."""
    after = {
        name: options.pop(name, None)
        for name in ("mask", "colormap", "colorinterp", "tags", "gcps")
    }
    count, height, width = bands.shape
    usual = {"crs": "EPSG:4529", "transform": GRID} if after["gcps"] is None else {}
    plain = {"driver": "GTiff", "width": width, "height": height, "count": count}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES", GDAL_PAM_ENABLED="NO"),
        rasterio.open(path, "w", **plain, **{"dtype": bands.dtype, **usual, **options}) as made,
    ):
        made.write(bands)
        if after["gcps"]:
            made.gcps = after["gcps"]
        if after["mask"] is not None:
            made.write_mask(after["mask"])
        if after["colormap"]:
            made.write_colormap(1, after["colormap"])
        if after["colorinterp"]:
            made.colorinterp = after["colorinterp"]
        for domain, tags in (after["tags"] or {}).items():
            made.update_tags(ns=domain or None, **tags)
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", body), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
