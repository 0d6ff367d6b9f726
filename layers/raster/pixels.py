"""What the bands of a picture mean, and how a window of them becomes bands of ours and a mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags

from layers.raster.problems import SceneCode, SceneRefused

MAX_BANDS = 16
_NAME_LENGTH = 80
DTYPES = frozenset({"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"})

Bands = NDArray[Any]
Mask = NDArray[np.uint8]


class Reader(Protocol):
    """Gives the bands (count, height, width) and the mask (height, width), 255 where there is data.

    shape: height and width to be read in, by the nearest pixel, when they are not the window's own.
    """

    def __call__(self, window: Any, shape: tuple[int, int] | None = None) -> tuple[Bands, Mask]: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """count, dtype: of what ``read`` gives.

    is_colour: three bands are red, green, blue in eight bits. is_soft: the mask has values between 0 and 255.
    names: what the file says of each band, empty where it says nothing.
    """

    count: int
    dtype: str
    is_colour: bool
    is_soft: bool
    read: Reader
    names: tuple[str, ...] = ()


def meaning_of(dataset: Any) -> Meaning:
    """Decide from colour interpretation and type; GDAL has made colours of inks already.

    Raises SceneRefused for what cannot be shown.
    """
    if dataset.count > MAX_BANDS:
        raise SceneRefused(SceneCode.TOO_MANY_BANDS, count=dataset.count, limit=MAX_BANDS)
    dtype = dataset.dtypes[0]
    if dtype not in DTYPES or len(set(dataset.dtypes)) != 1:
        raise SceneRefused(SceneCode.UNKNOWN_PIXELS, dtype=", ".join(sorted(set(dataset.dtypes))))
    if dataset.count == 1 and dtype in {"uint8", "uint16"} and _palette(dataset) is not None:
        return Meaning(3, "uint8", True, False, _palette_reader(dataset))
    bands = [band for band in dataset.indexes if band != _alpha(dataset)]
    colours = tuple(dataset.colorinterp[band - 1] for band in bands)
    rgb = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    is_colour = dtype == "uint8" and len(bands) == 3
    if is_colour and set(colours) == set(rgb):
        bands = [bands[colours.index(colour)] for colour in rgb]  # blue may come first
    is_soft = is_colour and _alpha(dataset) is not None
    names = tuple(_said(dataset, band) for band in bands)
    return Meaning(len(bands), dtype, is_colour, is_soft, _plain_reader(dataset, bands), names)


def _said(dataset: Any, band: int) -> str:
    """A band's description, or the colour that it is marked with."""
    colour = dataset.colorinterp[band - 1].name
    marked = "" if colour in {"undefined", "gray"} else colour
    return str(dataset.descriptions[band - 1] or marked)[:_NAME_LENGTH]


def _alpha(dataset: Any) -> int | None:
    if dataset.count == 1 or ColorInterp.alpha not in dataset.colorinterp:
        return None
    return int(dataset.colorinterp.index(ColorInterp.alpha)) + 1


def _plain_reader(dataset: Any, bands: list[int]) -> Reader:
    alpha = _alpha(dataset)
    scale = _grey_scale(dataset)
    is_masked = any(flags != [MaskFlags.all_valid] for flags in dataset.mask_flag_enums)
    missing = _missing_blocks(dataset)

    def read(window: Any, shape: tuple[int, int] | None = None) -> tuple[Bands, Mask]:
        values = dataset.read(bands, window=window, out_shape=shape and (len(bands), *shape))
        mask = np.full(values.shape[1:], 255, np.uint8)
        if alpha is not None:
            softness = dataset.read(alpha, window=window, out_shape=shape)
            mask = _eight_bits(softness, values.dtype)
        elif is_masked:
            mask = dataset.dataset_mask(window=window, out_shape=shape)
        if values.dtype.kind == "f":
            finite = np.isfinite(values).all(axis=0)
            mask = np.where(finite, mask, 0).astype(np.uint8)
        if missing is not None and shape is None:
            missing(window, mask)
        if not mask.all():
            values[:, mask == 0] = 0
        return values if scale == 1 else values * np.uint8(scale), mask

    return read


def _eight_bits(alpha: NDArray[Any], dtype: np.dtype[Any]) -> Mask:
    """Soft edges are kept in eight bits; wider alpha says only where there is data."""
    if dtype == np.uint8:
        return np.asarray(alpha, dtype=np.uint8)
    return np.where(alpha > 0, 255, 0).astype(np.uint8)


def _grey_scale(dataset: Any) -> int:
    """Pictures of one, two or four bits are spread over eight, or they would be black."""
    bits = int(dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", 8))
    return 255 // (2**bits - 1) if dataset.dtypes[0] == "uint8" and 0 < bits < 8 else 1


def _missing_blocks(dataset: Any) -> Callable[[Any, Mask], None] | None:
    """Blocks that a sparse TIFF leaves out hold no data: GDAL would read them as black."""
    if dataset.driver != "GTiff" or dataset.nodata is not None:
        return None
    height, width = dataset.block_shapes[0]

    def mark(window: Any, mask: Mask) -> None:
        first_row, first_col = window.row_off // height, window.col_off // width
        last_row = (window.row_off + window.height - 1) // height
        last_col = (window.col_off + window.width - 1) // width
        for row in range(first_row, last_row + 1):
            for col in range(first_col, last_col + 1):
                if dataset.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=1) is None:
                    top, left = row * height - window.row_off, col * width - window.col_off
                    mask[max(0, top) : top + height, max(0, left) : left + width] = 0

    return mark


def _palette(dataset: Any) -> dict[int, tuple[int, int, int, int]] | None:
    try:
        found: dict[int, tuple[int, int, int, int]] = dataset.colormap(1)
    except ValueError:
        return None
    return found


def _palette_reader(dataset: Any) -> Reader:
    colours = _palette(dataset) or {}
    table = np.zeros((np.iinfo(dataset.dtypes[0]).max + 1, 4), np.uint8)
    for index, colour in colours.items():
        if 0 <= index < len(table):
            table[index] = colour
    if dataset.nodata is not None and 0 <= int(dataset.nodata) < len(table):
        table[int(dataset.nodata)] = 0

    def read(window: Any, shape: tuple[int, int] | None = None) -> tuple[Bands, Mask]:
        rgba = table[dataset.read(1, window=window, out_shape=shape)]
        return np.moveaxis(rgba[..., :3], 2, 0).copy(), rgba[..., 3].copy()

    return read


def warped(vrt: Any, meaning: Meaning) -> Meaning:
    """The same bands out of a warp that added an alpha band at its end, or kept ours there."""

    def read(window: Any, shape: tuple[int, int] | None = None) -> tuple[Bands, Mask]:
        bands = list(range(1, meaning.count + 1))
        values = vrt.read(bands, window=window, out_shape=shape and (len(bands), *shape))
        softness = vrt.read(vrt.count, window=window, out_shape=shape)
        return values, _eight_bits(softness, values.dtype)

    return replace(meaning, read=read)
