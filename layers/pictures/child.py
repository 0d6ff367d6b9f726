"""The child's side of a photograph: the only code that decodes one that was sent.

Formats are told by their content, from a list of three; pixels are counted before they are decoded.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from layers.quarantine.child import JobRefused, Work

FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    Image.DecompressionBombError,
    SyntaxError,
    ValueError,
    EOFError,
)


def picture(work: Work) -> dict[str, Any]:
    """The job ``picture``: facts about a photograph, after a frame with its copy for showing and a small one.

    Arguments: ``max_pixels`` (more are refused), ``display_px`` and ``thumb_px`` (longest sides of the copies).
    """
    try:
        with Image.open(work.files[0], formats=FORMATS) as opened:
            if opened.width * opened.height > work.arguments["max_pixels"]:
                raise JobRefused("too many pixels")
            opened.load()
            exif = opened.getexif()
            facts: dict[str, Any] = {
                "format": opened.format,
                "width": opened.width,
                "height": opened.height,
            }
            facts |= {"taken_at": _time(exif), **_place(exif.get_ifd(ExifTags.IFD.GPSInfo))}
            sizes = work.arguments["display_px"], work.arguments["thumb_px"]
            copies = display_copies(opened, sizes)
    except _UNREADABLE as error:
        raise JobRefused("unreadable") from error
    work.send({"kind": "display"}, copies)
    return facts


def display_copies(picture: Image.Image, longest_px: Sequence[int]) -> list[bytes]:
    """Upright, at most so wide and high, the largest first, WebP, and without any metadata."""
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    return [_webp(upright, longest) for longest in longest_px]


def _webp(upright: Image.Image, longest_px: int) -> bytes:
    upright.thumbnail((longest_px, longest_px))
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _time(exif: Image.Exif) -> dt.datetime | None:
    """When it was taken, by the camera's clock, which knows no zone."""
    raw = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    try:
        return dt.datetime.strptime(str(raw), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _place(gps: Mapping[int, Any]) -> dict[str, float | None]:
    """lon, lat in degrees (WGS 84), bearing in degrees from north; None for what is not there.

    Source: Exif 2.32, section 4.6.6.
    """
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        lon = lat = None
    bearing = _number(gps.get(ExifTags.GPS.GPSImgDirection))
    is_bearing = bearing is not None and 0 <= bearing < 360
    return {"lon": lon, "lat": lat, "bearing_deg": bearing if is_bearing else None}


def _degrees(parts: Any, hemisphere: Any, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    degrees, minutes, seconds = (number or 0.0 for number in numbers)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if hemisphere == negative else value


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None
