"""TileJSON 3.0.0 (https://github.com/mapbox/tilejson-spec) of scenes and mosaics."""

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from gis_projects.geo.tile_matrix import MAX_TILE_MATRIX, WEB_MERCATOR, tile_side
from layers.models import RasterScene
from layers.raster import colours, parameters
from layers.raster.answers import file_of
from layers.raster.encoding import ImageFormat
from layers.raster.looks import Look, product_of
from layers.raster.painting import colormap_of, limits_of
from layers.raster.pool import OpenScene, opened, revision_of

_TILE_PX = 256


def scene_tilejson(
    request: HttpRequest, scene: RasterScene, look: Look, image_format: ImageFormat, size_px: int
) -> dict[str, Any]:
    """Raises SceneUnreadable, SceneNotGeoreferenced, BandMissing and RoleMissing."""
    path = file_of(scene.file)
    revision = revision_of(path)
    with opened(path) as found:
        product = product_of(look, found, scene.band_roles)
        limits = limits_of(found, product, look)
        first, last = zooms_of(found)
    document = {
        "tilejson": "3.0.0",
        "name": scene.name,
        "description": f"{scene.acquired_on.isoformat()} {scene.sensor}".strip(),
        "scheme": "xyz",
        "tiles": [
            tiles_address(
                request, reverse("raster:scene-tile", args=[scene.pk, 0, 0, 0, image_format]),
                size_px, {"revision": revision},
            )
        ],
        "bounds": [round(float(value), 7) for value in scene.footprint.extent],
        "minzoom": first,
        "maxzoom": last,
    }  # fmt: skip
    if product.is_single:
        low, high = limits[0] if limits else (0, 255)
        document["legend"] = colours.legend(colormap_of(product, look), low, high)
    return document


def tiles_address(
    request: HttpRequest, first_tile: str, size_px: int, more: dict[str, str] | None = None
) -> str:
    """The template of the tiles, with the look that was asked for. first_tile: the path of 0/0/0."""
    query = {name: request.GET[name] for name in parameters.LOOK if request.GET.get(name)}
    if size_px != _TILE_PX:
        query["size"] = str(size_px)
    query |= more or {}
    path = request.build_absolute_uri(first_tile).replace("/0/0/0.", "/{z}/{x}/{y}.")
    return f"{path}?{urlencode(query)}" if query else path


def zooms_of(scene: OpenScene) -> tuple[int, int]:
    """The matrix where the scene is about one tile, and the one where its pixels are at most doubled."""
    bounds = scene.bounds_in(WEB_MERCATOR)
    if bounds is None:
        return 0, MAX_TILE_MATRIX
    west, south, east, north = bounds
    dataset = scene.dataset
    pixel_m = math.sqrt((east - west) * (north - south) / (dataset.width * dataset.height))
    return _matrix(max(east - west, north - south) / _TILE_PX), _matrix(pixel_m)


def _matrix(pixel_m: float) -> int:
    """The coarsest tile matrix whose pixels are no larger."""
    wanted = math.ceil(math.log2(tile_side(0) / _TILE_PX / pixel_m) - 1e-9)
    return min(MAX_TILE_MATRIX, max(0, wanted))


def united(extents: Sequence[tuple[float, float, float, float]]) -> list[float]:
    """West, south, east, north around all."""
    wests, souths, easts, norths = zip(*extents, strict=True)
    return [round(float(value), 7) for value in (min(wests), min(souths), max(easts), max(norths))]
