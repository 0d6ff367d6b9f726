"""A photograph as it was sent to facts about it and a copy for showing; the decoding is a child's work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from layers.quarantine import runner
from layers.quarantine.runner import Reason, Refused, Stopped

THUMB_PX = 320
_T = TypeVar("_T")
_EXTENSIONS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}


class PictureRefused(Exception):
    """It is no photograph that can be read, or reading it went beyond what is allowed."""


class PictureUnread(Exception):
    """It could not be tried, which is no fault of the photograph's: it may be sent again."""


class TooManyPixels(PictureRefused):
    """It is larger than allowed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Sizes are the file's, before it is turned upright. ``taken_at`` is naive: the camera's clock.

    lon, lat in degrees, EPSG:4326; bearing in degrees from north. ``display`` and the small
    ``thumb``: WebP without metadata.
    """

    extension: str
    width_px: int
    height_px: int
    taken_at: dt.datetime | None
    lon: float | None
    lat: float | None
    bearing_deg: float | None
    display: bytes
    thumb: bytes


def read_picture(
    data: bytes, *, max_pixels: int, display_px: int, thumb_px: int = THUMB_PX
) -> Picture:
    """Read a photograph (JPEG, PNG or WebP). display_px, thumb_px: longest sides of the copies.

    Raises PictureRefused, TooManyPixels, or PictureUnread when it cannot be tried at all.
    """
    arguments = {"max_pixels": max_pixels, "display_px": display_px, "thumb_px": thumb_px}
    try:
        with runner.start("picture", [data], arguments) as job:
            frame = job.receive()
            if frame.kind != "display" or len(frame.buffers) != 2:
                raise Stopped(Reason.GARBAGE)
            display, thumb = map(bytes, frame.buffers)
            return _picture(job.result(), display, thumb)
    except Refused as refusal:
        kind = TooManyPixels if refusal.data == "too many pixels" else PictureRefused
        raise kind(refusal.data) from refusal
    except Stopped as stopped:
        if stopped.reason.is_ours:
            raise PictureUnread(stopped.reason) from stopped
        raise PictureRefused(stopped.reason) from stopped


def _picture(facts: object, display: bytes, thumb: bytes) -> Picture:
    try:
        assert isinstance(facts, dict)
        return Picture(
            extension=_EXTENSIONS[facts["format"]],
            width_px=int(facts["width"]),
            height_px=int(facts["height"]),
            taken_at=_or_none(facts["taken_at"], dt.datetime),
            lon=_or_none(facts["lon"], float),
            lat=_or_none(facts["lat"], float),
            bearing_deg=_or_none(facts["bearing_deg"], float),
            display=display,
            thumb=thumb,
        )
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise Stopped(Reason.GARBAGE) from error


def _or_none(value: object, kind: type[_T]) -> _T | None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(kind)
    return value
