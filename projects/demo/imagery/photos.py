"""Ground-level pictures before, during and after the works, from one viewpoint each."""

import io
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from PIL import ExifTags, Image

from projects.demo.imagery import photo_housing, photo_land, photo_places, photo_works
from projects.demo.imagery.canvas import MOODS, Canvas
from projects.demo.imagery.stamp import stamped

_DRAW: dict[str, Callable[[Canvas], None]] = {
    "compound": photo_housing.compound,
    "shantytown": photo_housing.shantytown,
    "building": photo_housing.building,
    "school": photo_housing.school,
    "culture": photo_housing.culture,
    "pipes": photo_works.pipes,
    "heating": photo_works.heating,
    "pump": photo_works.pump,
    "sewage": photo_works.sewage,
    "wind": photo_works.wind,
    "solar": photo_works.solar,
    "mine": photo_land.mine,
    "greening": photo_land.greening,
    "river": photo_land.river,
    "gully": photo_land.gully,
    "water_source": photo_land.water_source,
    "interior": photo_places.interior,
    "fitness": photo_places.fitness,
}
PHOTO_KINDS: tuple[str, ...] = tuple(_DRAW)
PHOTO_ROLES: tuple[str, ...] = tuple(MOODS)
# Blocks of flats seen a little from the side; what runs away from the viewer seen along it.
_YAW = {"compound": 0.16, "shantytown": 0.12, "building": 0.14, "school": -0.14, "culture": 0.1,
        "heating": -0.12, "pump": 0.12, "fitness": 0.1, "wind": 0.04, "river": 0.1}  # fmt: skip
_EYE = {"mine": 5.5, "greening": 3.4, "river": 5.0, "gully": 4.2, "sewage": 6.0, "solar": 4.6,
        "wind": 6.0, "water_source": 3.2, "interior": 1.6, "pipes": 3.0}  # fmt: skip
_HORIZON = {"gully": 0.4, "river": 0.42, "greening": 0.45, "sewage": 0.4, "solar": 0.42, "wind": 0.66,
            "interior": 0.5, "pipes": 0.46, "mine": 0.55}  # fmt: skip
_QUALITY = 76


def render_photo(
    kind: str, role: str, seed: str, taken_on: date, lon: float, lat: float, bearing: float
) -> bytes:
    """A JPEG of 1280 by 960 pixels, the same bytes for the same arguments.

    kind: one of PHOTO_KINDS; role: before, during or after; lon, lat: degrees, EPSG:4326, and
    bearing: degrees from north, written into the EXIF.
    Raises ValueError for an unknown kind or role, FontMissing without a Chinese font.
    """
    if kind not in _DRAW:
        raise ValueError(f"no photo of kind {kind!r}; known: {', '.join(PHOTO_KINDS)}")
    if role not in MOODS:
        raise ValueError(f"no role {role!r}; known: {', '.join(PHOTO_ROLES)}")
    canvas = Canvas(
        seed,
        role,
        yaw=_YAW.get(kind, 0.0),
        eye=_EYE.get(kind, 2.6),
        horizon=_HORIZON.get(kind, 0.6),
    )
    _DRAW[kind](canvas)
    pixels = stamped(canvas.finish(), "模拟照片", taken_on)
    out = io.BytesIO()
    Image.fromarray(pixels).save(
        out, "JPEG", quality=_QUALITY, exif=_exif(taken_on, lon, lat, bearing)
    )
    return out.getvalue()


def _exif(taken_on: date, lon: float, lat: float, bearing: float) -> Image.Exif:
    exif = Image.Exif()
    moment = taken_on.strftime("%Y:%m:%d 10:30:00")
    exif[ExifTags.Base.ImageDescription] = "演示数据 simulated".encode()
    exif[ExifTags.Base.Software] = "simulated"
    exif[ExifTags.Base.DateTime] = moment
    detail: dict[int, Any] = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = moment
    detail[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    gps: dict[int, Any] = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N" if lat >= 0 else "S"
    gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(abs(lat))
    gps[ExifTags.GPS.GPSLongitudeRef] = "E" if lon >= 0 else "W"
    gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(abs(lon))
    gps[ExifTags.GPS.GPSImgDirectionRef] = "T"
    gps[ExifTags.GPS.GPSImgDirection] = Fraction(round(bearing % 360 * 100), 100)
    gps[ExifTags.GPS.GPSMapDatum] = "WGS-84"
    return exif


def _sexagesimal(degrees: float) -> tuple[Fraction, Fraction, Fraction]:
    """Degrees, minutes, seconds to a ten-thousandth of a second (3 mm)."""
    units = round(degrees * 3600 * 10_000)
    whole, rest = divmod(units, 3600 * 10_000)
    minutes, seconds = divmod(rest, 60 * 10_000)
    return Fraction(whole), Fraction(minutes), Fraction(seconds, 10_000)
