"""A small copy of a picture from outside, so that a person sees what was sent and where it would lie.

``glance_at`` runs in the quarantine and gives plain pixels; ``laid_out`` runs on the site, turns them to the map's
north and encodes them. Nothing is decoded there.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from PIL import Image
from rasterio.windows import Window

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import WGS84, AnyCRS, transform
from layers.raster.pixels import Bands, Mask, Meaning

GLANCE_PX = 640
_WEB_MERCATOR = 3857
# Of what is not red, green and blue in eight bits the darkest and the brightest share is left aside.
_STRETCH = (2, 98)


@dataclass(frozen=True, slots=True)
class Glance:
    """rgba: uint8, (height, width, 4), as the file has it; its longer side has GLANCE_PX pixels at most."""

    rgba: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """webp: the picture with north up, in web mercator; bbox: of its edges, EPSG:4326."""

    webp: bytes
    bbox: BBox


def glance_at(dataset: Any, meaning: Meaning) -> Glance:
    """Read every so many pixels of the open picture. Raises rasterio's errors for a damaged one."""
    width, height = _size(dataset.width, dataset.height)
    bands, mask = meaning.read(Window(0, 0, dataset.width, dataset.height), (height, width))
    rgb = bands if meaning.is_colour else _stretched(bands, mask)
    return Glance(np.ascontiguousarray(np.moveaxis(np.concatenate([rgb, mask[None]]), 0, 2)))


def laid_out(glance: Glance, grid: Affine, size: tuple[int, int], crs: AnyCRS) -> LaidOut:
    """The glance as the map would show it.

    grid: of the whole picture, column and row to x and y in ``crs``; size: its width and height in pixels.
    Raises TransformFailed, UnsupportedCRS and BBoxInvalid where the CRS does not reach.
    """
    height, width = glance.rgba.shape[:2]
    small = grid @ Affine.scale(size[0] / width, size[1] / height)
    corners = [small @ (x, y) for x in np.linspace(0, width, 9) for y in np.linspace(0, height, 9)]
    west, south, east, north = _moved(np.array(corners), crs, _WEB_MERCATOR).bounds
    columns, rows = _size(east - west, north - south, enlarged=True)
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    there = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    lying = shapely.get_coordinates(_moved(there, _WEB_MERCATOR, crs))
    col, row = (np.floor(axis).astype(int) for axis in ~small @ (lying[:, 0], lying[:, 1]))
    inside = (col >= 0) & (col < width) & (row >= 0) & (row < height)
    pixels = np.zeros((rows * columns, 4), np.uint8)
    pixels[inside] = glance.rgba[row[inside], col[inside]]
    out = io.BytesIO()
    Image.fromarray(pixels.reshape(rows, columns, 4)).save(out, "WEBP", quality=75)
    edges = shapely.box(west, south, east, north)
    return LaidOut(out.getvalue(), BBox.from_geometry(transform(edges, _WEB_MERCATOR, WGS84)))


def _moved(coordinates: NDArray[np.float64], from_crs: AnyCRS, to_crs: AnyCRS) -> Any:
    return transform(shapely.MultiPoint(coordinates), from_crs, to_crs)


def _size(width: float, height: float, *, enlarged: bool = False) -> tuple[int, int]:
    """Of the same shape, the longer side GLANCE_PX at most (or exactly, when enlarged)."""
    share = GLANCE_PX / max(width, height)
    share = share if enlarged else min(1.0, share)
    return max(1, round(width * share)), max(1, round(height * share))


def _stretched(bands: Bands, mask: Mask) -> NDArray[np.uint8]:
    """The first three bands, or the only one in grey, spread over eight bits."""
    chosen = bands[:3] if len(bands) >= 3 else bands[[0, 0, 0]]
    result = np.zeros(chosen.shape, np.uint8)
    there = mask > 0
    for number, band in enumerate(chosen):
        if not there.any():
            break
        low, high = np.percentile(band[there].astype(np.float64), _STRETCH)
        spread = (band.astype(np.float64) - low) * 255 / max(high - low, 1e-9)
        result[number] = np.clip(np.nan_to_num(spread), 0, 255).astype(np.uint8)
    return result
