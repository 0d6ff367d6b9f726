"""Scenes that are kept open: reading a header for each tile would cost more than the tile.

A GDAL dataset belongs to one thread, so each thread has a few of its own; the one unused for longest is closed.
A file that was replaced is another file: the key holds its time and size.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError

from gis_projects.geo.crs import AnyCRS, UnsupportedCRS, parse_crs, transform_coordinates
from layers.raster.env import gdal_env
from layers.raster.errors import SceneNotGeoreferenced, SceneUnreadable
from layers.raster.reader import open_dataset, outline_xy

# Two are read side by side at most; the rest saves opening. Some 100 kB each.
KEPT_PER_THREAD = 8

Key = tuple[str, int, int]
Bounds = tuple[float, float, float, float]


class OpenScene:
    """An open dataset and what each tile asks of it. ``crs``: EPSG number, or WKT when there is none."""

    def __init__(self, key: Key, dataset: Any) -> None:
        try:
            info = parse_crs(dataset.crs.to_wkt())
        except UnsupportedCRS as error:
            raise SceneNotGeoreferenced(
                "The coordinate system of the image is not known."
            ) from error
        self.key = key
        self.dataset = dataset
        self.crs: AnyCRS = info.srid or info.wkt
        self.transform: Affine = dataset.transform
        self._bounds: dict[AnyCRS, Bounds | None] = {}

    @cached_property
    def to_pixels(self) -> Affine:
        """From coordinates in the CRS to columns and rows, continuous, (0, 0) the corner of the first pixel."""
        inverse: Affine = ~self.transform
        return inverse

    @cached_property
    def overviews(self) -> list[int]:
        return sorted(int(factor) for factor in self.dataset.overviews(1))

    @cached_property
    def alpha_band(self) -> int | None:
        meaning = self.dataset.colorinterp
        if ColorInterp.alpha not in meaning or self.dataset.count == 1:
            return None
        return int(meaning.index(ColorInterp.alpha)) + 1

    @property
    def band_count(self) -> int:
        """Without an alpha band."""
        return int(self.dataset.count) - (self.alpha_band is not None)

    @cached_property
    def is_masked(self) -> bool:
        return any(flags != [MaskFlags.all_valid] for flags in self.dataset.mask_flag_enums)

    @cached_property
    def has_one_mask(self) -> bool:
        """Whether a mask or an alpha band holds for all bands alike."""
        return all(MaskFlags.per_dataset in flags for flags in self.dataset.mask_flag_enums)

    def bounds_in(self, crs: AnyCRS) -> Bounds | None:
        """West, south, east, north of the outline in another CRS; None when part of it has no place there."""
        if crs not in self._bounds:
            found = transform_coordinates(outline_xy(self.dataset), self.crs, crs)
            if np.isfinite(found).all():
                (west, south), (east, north) = found.min(axis=0), found.max(axis=0)
                self._bounds[crs] = (float(west), float(south), float(east), float(north))
            else:
                self._bounds[crs] = None
        return self._bounds[crs]


class _Kept(threading.local):
    def __init__(self) -> None:
        self.scenes: OrderedDict[Key, OpenScene] = OrderedDict()


_kept = _Kept()


def revision_of(path: str | os.PathLike[str]) -> str:
    """Changes when the file does. Raises SceneUnreadable for a missing file."""
    _, modified, size = _key(path)
    return f"{modified:x}-{size:x}"


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[OpenScene]:
    """The open scene, for this thread, until the block ends; whatever rasterio raises becomes SceneUnreadable.

    Raises SceneUnreadable and SceneNotGeoreferenced.
    """
    key = _key(path)
    try:
        with gdal_env():
            yield _scene(key)
    except RasterioError as error:
        _forget(key)
        raise SceneUnreadable("The image is damaged or is not a GeoTIFF.") from error


def close_all() -> None:
    """Close what this thread has open."""
    while _kept.scenes:
        _kept.scenes.popitem()[1].dataset.close()


def _scene(key: Key) -> OpenScene:
    scene = _kept.scenes.get(key)
    if scene is None:
        for stale in [other for other in _kept.scenes if other[0] == key[0]]:
            _forget(stale)
        scene = OpenScene(key, open_dataset(key[0]))
        _kept.scenes[key] = scene
        while len(_kept.scenes) > KEPT_PER_THREAD:
            _kept.scenes.popitem(last=False)[1].dataset.close()
    _kept.scenes.move_to_end(key)
    return scene


def _forget(key: Key) -> None:
    scene = _kept.scenes.pop(key, None)
    if scene is not None:
        scene.dataset.close()


def _key(path: str | os.PathLike[str]) -> Key:
    try:
        found = Path(path).stat()
    except OSError as error:
        raise SceneUnreadable("The file of the image is missing.") from error
    return os.fspath(path), found.st_mtime_ns, found.st_size
