"""A picture from outside becomes a scene of ours: pixel by pixel, into a file that holds nothing but pixels.

This runs in the quarantine. One driver opens the one file; its side-cars are not there; its overviews and tags are left
behind. Two passes, both by windows, so memory does not grow with the picture: the upload into a plain tiled file that
only we wrote, and that one into the COG.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from layers.raster.env import incoming_env
from layers.raster.glance import Glance, glance_at
from layers.raster.grid import (
    BLOCK_PX,
    flips_of,
    is_rotated,
    outline_of,
    place_of,
    turned_over,
    upright,
    windows_of,
)
from layers.raster.pixels import Meaning, meaning_of, warped
from layers.raster.problems import SceneCode, SceneRefused
from layers.raster.sniff import sniff

_MAX_BLOCK_BYTES = 256 << 20
# Smaller and truer than JPEG at 85 on the picture in benchmarks/README.md.
_LOSSY: dict[str, Any] = {"compress": "WEBP", "quality": 80, "overview_quality": 80}
_LOSSLESS: dict[str, Any] = {"compress": "ZSTD", "level": 9}
_THREADS = 2

Tell = Callable[[float], None]


def _silent(_share: float) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture as it was sent. name: the sender's; world: six numbers of its world file, a b c d e f of the grid."""

    path: Path
    name: str
    world: tuple[float, ...] | None = None
    max_pixels: int = 1_000_000_000


Shown = Callable[[Glance], None]


def inspect(upload: Upload, show: Shown | None = None) -> dict[str, Any]:
    """What the header says: size, bands and their names, type, ``wkt`` (empty when not stated), and in the
    picture's own numbers
    ``bounds`` and ``grid`` (a b c d e f: column and row to x and y).

    show: is given a small copy of the picture when it is wanted. Nothing is decided about the CRS here.
    Raises SceneRefused.
    """
    with _opened(upload) as (dataset, grid):
        corners = [grid @ (x, y) for x in (0, dataset.width) for y in (0, dataset.height)]
        xs, ys = zip(*corners, strict=True)
        if not np.isfinite([*xs, *ys]).all() or abs(grid.determinant) == 0:
            raise SceneRefused(SceneCode.NO_GEOREFERENCE)
        meaning = meaning_of(dataset)
        if show is not None:
            show(glance_at(dataset, meaning))
        return {
            "width": dataset.width,
            "height": dataset.height,
            "bands": meaning.count,
            "dtype": meaning.dtype,
            "band_names": list(meaning.names),
            "wkt": dataset.crs.to_wkt() if dataset.crs else "",
            "bounds": [min(xs), min(ys), max(xs), max(ys)],
            "grid": list(grid[:6]),
        }


def convert(
    upload: Upload, target: Path, crs_wkt: str, *, lossless: bool = False, tell: Tell = _silent
) -> dict[str, Any]:
    """Write the COG at ``target``, beside which there must be room for the plain pixels.

    crs_wkt: the CRS that has been decided on. tell: is given the share that is done, 0 to 1.
    Returns width, height, bands, dtype, nodata_share, corners (x, y of the outline, in the CRS) and profile.
    Raises SceneRefused.
    """
    plain = target.with_name(f"{target.name}.plain")
    try:
        with _opened(upload) as (dataset, grid):
            meaning = meaning_of(dataset)
            kept = _write_plain(dataset, grid, meaning, crs_wkt, plain, tell)
            if is_rotated(grid):
                kept = _turned(plain, meaning, crs_wkt, tell)
        profile = _write_cog(plain, target, meaning, lossless)
        tell(1.0)
        return _facts(target, meaning, kept, profile)
    except RasterioError as error:
        raise SceneRefused(SceneCode.DAMAGED, reason=_reason(error)) from error
    finally:
        plain.unlink(missing_ok=True)


@contextmanager
def _opened(upload: Upload) -> Iterator[tuple[Any, Affine]]:
    """The open picture, and the grid that its header or its world file gives."""
    found = sniff(upload.path, upload.name, upload.max_pixels)
    try:
        with (
            incoming_env(),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(str(upload.path), driver=found.driver) as dataset:
                _check(dataset, (found.width, found.height))
                yield dataset, _grid(dataset, upload.world)
    except (RasterioError, UnicodeDecodeError) as error:
        raise SceneRefused(SceneCode.DAMAGED, reason=_reason(error)) from error


def _check(dataset: Any, size: tuple[int, int]) -> None:
    """What our own look at the header found must be what GDAL found, and nothing may lead elsewhere."""
    if (dataset.width, dataset.height) != size:
        raise SceneRefused(SceneCode.DAMAGED, reason="IFD")
    for domain in ("OVERVIEWS", "GEOLOCATION"):
        if dataset.tags(ns=domain):
            raise SceneRefused(SceneCode.FOREIGN_FILES, tag=domain)
    height, width = dataset.block_shapes[0]
    item = np.dtype("float64" if dataset.dtypes[0].startswith("complex") else dataset.dtypes[0])
    if height * width * dataset.count * item.itemsize > _MAX_BLOCK_BYTES:
        raise SceneRefused(SceneCode.BLOCKS_TOO_LARGE)


def _grid(dataset: Any, world: tuple[float, ...] | None) -> Affine:
    if world is not None:
        x_scale, y_skew, x_skew, y_scale, x, y = world
        centre = Affine(x_scale, x_skew, x, y_skew, y_scale, y)
        return centre @ Affine.translation(
            -0.5, -0.5
        )  # a world file names the middle of the first pixel
    if dataset.transform.is_identity:
        has_points = bool(dataset.gcps[0]) or dataset.rpcs is not None
        raise SceneRefused(SceneCode.CONTROL_POINTS if has_points else SceneCode.NO_GEOREFERENCE)
    grid: Affine = dataset.transform
    return grid


def _write_plain(
    dataset: Any, grid: Affine, meaning: Meaning, crs_wkt: str, path: Path, tell: Tell
) -> int:
    """The pixels and where they hold something; the number of those. Mirrored grids are set right here.

    Soft edges become an alpha band, all else a mask, which is not written before the first hole is met.
    """
    flips = flips_of(grid)
    kept = 0
    has_mask = False
    with rasterio.open(path, "w", **_plain_options(dataset, grid, meaning, crs_wkt)) as plain:
        plain.colorinterp = _colours(meaning)
        places: list[Window] = []
        windows = list(windows_of(dataset))
        for number, window in enumerate(windows):
            bands, mask = (turned_over(part, flips) for part in meaning.read(window))
            place = place_of(window, dataset, flips)
            kept += int(np.count_nonzero(mask))
            if meaning.is_soft:
                bands = np.concatenate([bands, mask[None]])
            elif has_mask or not mask.all():
                for earlier in () if has_mask else places:
                    plain.write_mask(np.ones((earlier.height, earlier.width), bool), window=earlier)
                plain.write_mask(mask > 0, window=place)
                has_mask = True
            plain.write(bands, window=place)
            places.append(place)
            tell(0.5 * (number + 1) / len(windows))
    return kept


def _plain_options(dataset: Any, grid: Affine, meaning: Meaning, crs_wkt: str) -> dict[str, Any]:
    return {
        "driver": "GTiff",
        "width": dataset.width,
        "height": dataset.height,
        "count": meaning.count + meaning.is_soft,
        "dtype": meaning.dtype,
        "crs": crs_wkt,
        "transform": upright(grid, dataset.width, dataset.height),
        "tiled": True,
        "blockxsize": BLOCK_PX,
        "blockysize": BLOCK_PX,
        "interleave": "pixel",
        "bigtiff": "IF_SAFER",
        "sparse_ok": True,
    }


def _colours(meaning: Meaning) -> list[ColorInterp]:
    if meaning.is_colour:
        rgb = [ColorInterp.red, ColorInterp.green, ColorInterp.blue]
        return [*rgb, ColorInterp.alpha] if meaning.is_soft else rgb
    first = ColorInterp.gray if meaning.count == 1 else ColorInterp.undefined
    return [first, *[ColorInterp.undefined] * (meaning.count - 1)]


def _turned(plain: Path, meaning: Meaning, crs_wkt: str, tell: Tell) -> int:
    """Turn what was written so that north is up: nearest where values are measurements, bilinear for colours."""
    askew = plain.with_name(f"{plain.name}.askew")
    plain.replace(askew)
    way = Resampling.bilinear if meaning.is_colour else Resampling.nearest
    try:
        with (
            rasterio.open(askew, driver="GTiff") as source,
            WarpedVRT(source, resampling=way, add_alpha=not meaning.is_soft) as vrt,
        ):
            return _write_plain(vrt, vrt.transform, warped(vrt, meaning), crs_wkt, plain, tell)
    finally:
        askew.unlink(missing_ok=True)


def _write_cog(plain: Path, target: Path, meaning: Meaning, lossless: bool) -> str:
    compression = dict(_LOSSY if meaning.is_colour and not lossless else _LOSSLESS)
    if compression["compress"] == "ZSTD":
        compression["predictor"] = "3" if meaning.dtype.startswith("float") else "2"
    options = {
        "driver": "COG",
        "blocksize": BLOCK_PX,
        "overview_resampling": "average",
        "bigtiff": "IF_SAFER",
        "num_threads": _THREADS,
        **compression,
    }
    with incoming_env(), rasterio.open(plain, driver="GTiff") as source:
        rasterio.shutil.copy(source, str(target), **options)
    return str(compression["compress"]).lower()


def _facts(target: Path, meaning: Meaning, kept: int, profile: str) -> dict[str, Any]:
    with incoming_env(), rasterio.open(target, driver="GTiff") as made:
        return {
            "width": made.width,
            "height": made.height,
            "bands": meaning.count,
            "dtype": meaning.dtype,
            "nodata_share": round(1 - kept / (made.width * made.height), 6),
            "outline": outline_of(made.transform, made.width, made.height),
            "profile": profile,
            "size_bytes": target.stat().st_size,
        }


def _reason(error: Exception) -> str:
    """GDAL's words, without paths: they would name folders of this machine."""
    cause = error.__cause__ or error
    words = [word for word in str(cause).split() if "/" not in word]
    return " ".join(words)[:120] or "-"
