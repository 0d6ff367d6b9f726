"""Scenes made for a test: a file below the media folder, and its row."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.test import Client
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import Resampling

from gis_projects.geo.crs import transform_point
from layers.models import RasterScene
from layers.raster.reader import describe

LON, LAT = 123.95, 47.35


def grid_around(srid: int, pixel: float, width: int, height: int, degrees: float = 0) -> Affine:
    """Pixels around the middle of the test city. pixel: in the unit of the CRS."""
    x, y = transform_point(LON, LAT, 4326, srid)
    middle = Affine.translation(x, y) @ Affine.rotation(degrees) @ Affine.scale(pixel, -pixel)
    return middle @ Affine.translation(-width / 2, -height / 2)


def write(
    path: Path, bands: NDArray[Any], srid: int = 32651, grid: Affine | None = None, **more: Any
) -> Path:
    """bands: (count, height, width)."""
    count, height, width = bands.shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=bands.dtype,
        crs=f"EPSG:{srid}", transform=grid or grid_around(srid, 2.0, width, height),
        tiled=True, blockxsize=256, blockysize=256,
        photometric="MINISBLACK", **more,
    ) as made:  # fmt: skip
        made.write(bands)
    with rasterio.open(path, "r+") as made:
        made.build_overviews([2, 4], Resampling.average)
    return path


def scene_of(
    key: str, bands: NDArray[Any], *, roles: list[str] | None = None, **row: Any
) -> RasterScene:
    """A published scene of 10 June 2025, unless ``row`` says otherwise."""
    name = f"scenes/{key}.tif"
    file_options = {name: row.pop(name) for name in ("srid", "grid", "nodata") if name in row}
    info = describe(write(Path(settings.MEDIA_ROOT) / name, bands, **file_options))
    usual = {
        "name": key,
        "file": name,
        "acquired_on": dt.date(2025, 6, 10),
        "footprint": Polygon(list(info.footprint.exterior.coords), srid=4326),
        "source_crs": info.crs_label[:80],
        "width_px": info.width,
        "height_px": info.height,
        "band_roles": roles,
        "published": True,
    }
    return RasterScene.objects.create(key=key, **usual | row)


def plain(*values: float, side: int = 512, dtype: str = "uint8") -> NDArray[Any]:
    """Bands of one value each."""
    return np.stack([np.full((side, side), value, dtype) for value in values])


def pixels(content: bytes) -> NDArray[np.uint8]:
    """Red, green, blue, alpha of an encoded picture, (height, width, 4)."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def middle(client: Client, path: str) -> list[int]:
    """The usual colour of what a tile shows."""
    response = client.get(path)
    assert response.status_code == 200, response.content
    picture = pixels(response.content)
    return [int(value) for value in np.median(picture[picture[..., 3] > 0], axis=0)]


def refused(client: Client, path: str, status: int, slug: str) -> dict[str, Any]:
    """The body of a problem document, with a sentence and nothing of the machine in it."""
    response = client.get(path)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    body: dict[str, Any] = json.loads(response.content)
    assert body["type"] == f"/problems/{slug}"
    assert body["detail"] or body["title"]
    text = response.content.decode()
    assert "Traceback" not in text and str(settings.MEDIA_ROOT) not in text
    return body
