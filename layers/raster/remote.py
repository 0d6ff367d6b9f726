"""What the site does with a picture from outside: asks a child in quarantine, and looks again at what comes back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from django.conf import settings

from layers.quarantine import runner
from layers.quarantine.wire import Frame
from layers.raster.child import SCENE
from layers.raster.glance import GLANCE_PX, Glance
from layers.raster.grid import outline_of
from layers.raster.incoming import Tell, Upload
from layers.raster.problems import SceneCode, SceneNote, SceneRefused
from layers.raster.tiff import tiff_size

# Plain pixels are written once before they are compressed; a file may not be larger than this.
_PLAIN_BYTES_PER_PIXEL = 8


@dataclass(frozen=True, slots=True)
class Header:
    """bounds: west, south, east, north in the picture's own numbers; wkt: empty when it states no CRS.

    grid: column and row to x and y. band_names: what the file says of each band, empty for nothing.
    glance: what it looks like, when that was asked for.
    """

    width: int
    height: int
    bands: int
    dtype: str
    wkt: str
    bounds: tuple[float, float, float, float]
    grid: Affine
    band_names: tuple[str, ...] = ()
    glance: Glance | None = None

    @property
    def outline(self) -> list[list[float]]:
        """x, y along its edge, closed."""
        return outline_of(self.grid, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Made:
    """The scene's file. outline: x, y in its CRS, along its edge, closed; nodata_share: 0 to 1."""

    width: int
    height: int
    bands: int
    dtype: str
    nodata_share: float
    outline: list[list[float]]
    profile: str
    size_bytes: int


def look(upload: Upload, *, glance: bool = False) -> Header:
    """Read the header in quarantine, and the whole picture coarsely for a ``glance``. Raises SceneRefused."""
    seen: list[Glance] = []
    with _asked(upload, None, glance=glance) as job:
        data = _answer(job, show=seen.append)
    try:
        west, south, east, north = map(float, data.pop("bounds"))
        grid = Affine(*map(float, data.pop("grid")))
        bounds = (west, south, east, north)
        names = tuple(map(str, data.pop("band_names")))
        return Header(
            **data, bounds=bounds, grid=grid, band_names=names, glance=seen[0] if seen else None
        )
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise SceneRefused(SceneCode.NOT_CONVERTED) from error


def make(upload: Upload, target: Path, crs_wkt: str, *, lossless: bool, tell: Tell) -> Made:
    """Convert in quarantine; the COG lies at ``target`` afterwards. Raises SceneRefused."""
    with _asked(upload, crs_wkt, lossless) as job:
        data = _answer(job, tell)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            made = Made(**data)
            job.take(SCENE, target)
        except (TypeError, runner.Stopped) as error:
            raise SceneRefused(SceneCode.NOT_CONVERTED) from error
    if tiff_size(target) != (made.width, made.height):
        target.unlink()
        raise SceneRefused(SceneCode.NOT_CONVERTED)
    return made


@contextmanager
def _asked(
    upload: Upload, crs: str | None, lossless: bool = False, *, glance: bool = False
) -> Iterator[runner.Job]:
    """The job at work. Raises SceneRefused when it cannot be begun."""
    arguments = {
        "name": upload.name,
        "world": upload.world,
        "max_pixels": upload.max_pixels,
        "crs": crs,
        "lossless": lossless,
        "glance": glance,
    }
    limits = replace(runner.usual_limits(), file_bytes=upload.max_pixels * _PLAIN_BYTES_PER_PIXEL)
    try:
        with runner.start("scene", [upload.path], arguments, limits) as job:
            yield job
    except runner.Stopped as stopped:
        raise SceneRefused(SceneCode.NOT_CONVERTED) from stopped


def _answer(
    job: runner.Job, tell: Tell | None = None, show: Callable[[Glance], None] | None = None
) -> Any:
    try:
        while True:
            frame = job.receive()
            if frame.kind == "result":
                return runner.plain(frame.header.get("value"))
            if frame.kind == "progress" and tell is not None:
                tell(min(1.0, max(0.0, float(frame.header["share"]))))
            if frame.kind == "glance" and show is not None:
                show(_glance(frame))
    except runner.Refused as refused:
        raise _refusal(refused.data) from refused
    except (runner.Stopped, TypeError, ValueError, KeyError) as error:
        raise SceneRefused(SceneCode.NOT_CONVERTED) from error


def _glance(frame: Frame) -> Glance:
    """Raises ValueError, KeyError or TypeError for what is no small picture."""
    height, width = int(frame.header["height"]), int(frame.header["width"])
    if not (0 < height <= GLANCE_PX and 0 < width <= GLANCE_PX and len(frame.buffers) == 1):
        raise ValueError("no glance")
    return Glance(np.frombuffer(frame.buffers[0], np.uint8).reshape(height, width, 4))


def _refusal(data: Any) -> SceneRefused:
    try:
        note = SceneNote.from_plain(data)
    except (TypeError, ValueError, KeyError):
        return SceneRefused(SceneCode.NOT_CONVERTED)
    return SceneRefused(note.code, **note.params)


def upload_of(path: Path, name: str, world: tuple[float, ...] | None) -> Upload:
    """Under the limit that the settings give."""
    return Upload(path, name, world, settings.RASTER_MAX_PIXELS)
