"""How a scene is looked at: which bands, or an index of them, between which values, in which colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp

from layers.raster.errors import BandMissing, RoleMissing
from layers.raster.pool import OpenScene

_RGB = ("red", "green", "blue")
_RGB_MEANING = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True, slots=True)
class Index:
    """A normalised difference (first - second) / (first + second) of two bands, from -1 to 1."""

    first: str
    second: str
    low: float
    high: float
    colormap: str

    def of(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """values: (2, …), first and second. NaN where both are 0."""
        first, second = values[0].astype(np.float32), values[1].astype(np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((first - second) / (first + second), np.float32)


# NDVI: Rouse et al. 1974, NASA SP-351. NDWI of open water: McFeeters 1996, doi:10.1080/01431169608948714.
INDICES: dict[str, Index] = {
    "ndvi": Index("nir", "red", -0.1, 0.9, "ndvi"),
    "ndwi": Index("green", "nir", -0.5, 0.8, "water"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What becomes the darkest and the brightest: values, or percentiles (0 to 100) of the whole scene."""

    low: float
    high: float
    is_percentile: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """bands: one or three numbers from 1, none for the natural colours. index: a key of INDICES, instead of bands.

    stretch: None for the usual: as they are for eight bits, an index's own range, else percentiles 2 and 98.
    colormap: a key of colours.RAMPS, for one band or an index alone.
    """

    bands: tuple[int, ...] = ()
    index: str = ""
    stretch: Stretch | None = None
    colormap: str = ""


NATURAL = Look()


@dataclass(frozen=True, slots=True)
class Product:
    """What is read for a look: the bands, and what is made of them."""

    bands: tuple[int, ...]
    index: Index | None = None

    @property
    def is_single(self) -> bool:
        return self.index is not None or len(self.bands) == 1


def product_of(look: Look, scene: OpenScene, roles: Sequence[str] | None) -> Product:
    """roles: what each band is, in the order of the file. Raises BandMissing and RoleMissing."""
    if look.index:
        index = INDICES[look.index]
        found = Product((_band(index.first, roles), _band(index.second, roles)), index)
    else:
        found = Product(look.bands or _natural(scene, roles))
    for number in found.bands:
        if not _exists(scene, number):
            raise BandMissing(number, scene.band_count)
    return found


def _exists(scene: OpenScene, number: int) -> bool:
    return number <= scene.dataset.count and number != scene.alpha_band


def _band(role: str, roles: Sequence[str] | None) -> int:
    if roles is None or role not in roles:
        raise RoleMissing(role)
    return list(roles).index(role) + 1


def _natural(scene: OpenScene, roles: Sequence[str] | None) -> tuple[int, ...]:
    """Red, green and blue as roles or the file name them; else the first three, or the first alone."""
    if roles is not None and set(_RGB) <= set(roles):
        named = tuple(_band(role, roles) for role in _RGB)
        if all(
            _exists(scene, number) for number in named
        ):  # roles may have been said of another file
            return named
    meaning = scene.dataset.colorinterp
    if all(colour in meaning for colour in _RGB_MEANING):  # a file may well keep blue first
        return tuple(meaning.index(colour) + 1 for colour in _RGB_MEANING)
    bands = [band for band in scene.dataset.indexes if band != scene.alpha_band]
    return tuple(bands[:3]) if len(bands) >= 3 else (bands[0],)
