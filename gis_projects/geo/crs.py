"""Coordinate reference systems: reading them in all their spellings, and transforming between them.

All coordinates here are in lon/lat (or easting/northing) order, whatever the authority says.

CGCS2000 (EPSG:4490) is taken as equal to WGS 84: PROJ knows no shift between them and copies the
numbers; both follow ITRF, at different epochs, and the difference (decimetres) is below the
accuracy of the maps shown here. Xian 80 and Beijing 54 are another matter: PROJ copies the numbers
for them as well, and is wrong by about 90 m (their parameters are not published): see
``is_null_datum``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.epsg import CGCS2000, srid_of

WGS84 = 4326

AnyCRS = int | str | CRS
# PROJ's own error for a spelling is long and technical; ours is one sentence.
_MAX_TEXT = 20_000
_NULL_DATUM_WORDS = (
    "xian 1980",
    "xian_1980",
    "xian80",
    "beijing 1954",
    "beijing_1954",
    "new beijing",
)
# (semi-major axis, inverse flattening) of Krassowsky 1940 and IAG 1975, which .prj files without a
# proper datum name still carry.
_NULL_DATUM_ELLIPSOIDS = ((6_378_245.0, 298.3), (6_378_140.0, 298.257))


class UnsupportedCRS(ValueError):
    """A text or number that names no CRS we can read; the message says which."""


class TransformFailed(ValueError):
    """A coordinate lies where the CRS is not defined, or is not finite."""


# A text from outside could name any file of the server as a grid of shifts, and PROJ would open it.
_GRID = re.compile(r"(?:nad|geoid)grids\s*=\s*(?!@null)|PARAMETERFILE", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CRSInfo:
    """What is known of a CRS. ``srid`` is None when it has no EPSG number.

    area: west, south, east, north of its area of use, degrees (EPSG dataset); None where that is not known, and for
    one that reaches across the antimeridian.
    """

    srid: int | None
    name: str
    label: str
    wkt: str
    kind: Literal["geographic", "projected", "other"]
    null_datum: bool
    area: tuple[float, float, float, float] | None = None

    @property
    def is_geographic(self) -> bool:
        """Whether its numbers are degrees."""
        return self.kind == "geographic"


def parse_crs(value: AnyCRS) -> CRSInfo:
    """Read a CRS from a number, ``EPSG:4529``, an OGC URN or URI, or WKT of either dialect.

    ESRI's spellings in .prj files (``CGCS2000_3_Degree_GK_Zone_41``) are recognised by name and,
    for CGCS2000, by their parameters, so that a user's own name does not hide the EPSG number.
    A file name, PROJ pipeline or JSON is refused. Raises UnsupportedCRS.
    """
    return _parse(value if isinstance(value, (int, CRS)) else _clean(value))


@lru_cache(maxsize=256)
def _parse(value: AnyCRS) -> CRSInfo:
    crs = _read(value)
    srid = srid_of(crs)
    if srid is not None and not isinstance(value, int):
        crs = CRS.from_epsg(srid)
    return CRSInfo(
        srid=srid,
        name=crs.name,
        label=f"{crs.name} (EPSG:{srid})" if srid else crs.name,
        wkt=crs.to_wkt(),
        kind="geographic" if crs.is_geographic else "projected" if crs.is_projected else "other",
        null_datum=is_null_datum(crs),
        area=_area(crs),
    )


def _area(crs: CRS) -> tuple[float, float, float, float] | None:
    area = crs.area_of_use
    return area.bounds if area is not None and area.west < area.east else None


def describe(value: AnyCRS) -> str:
    """The CRS in words for a person: name and EPSG number. Raises UnsupportedCRS."""
    return parse_crs(value).label


def is_null_datum(value: AnyCRS) -> bool:
    """Whether PROJ would shift this CRS to WGS 84 by nothing, though the truth is about 90 m.

    True for Xian 80, Beijing 54 and New Beijing in any projection, and for a CRS with no known
    datum on their ellipsoids. Pulkovo 1942, on Krassowsky as well, is known to PROJ and gives
    False. Raises UnsupportedCRS.
    """
    crs = _read(value)
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return False
    datum = geodetic.datum.name if geodetic.datum else ""
    names = f"{crs.name} {geodetic.name} {datum}".lower()
    if any(word in names for word in _NULL_DATUM_WORDS):
        return True
    return geodetic.to_epsg() is None and _on_null_ellipsoid(geodetic)


def _on_null_ellipsoid(crs: CRS) -> bool:
    if crs.ellipsoid is None:
        return False
    shape = (crs.ellipsoid.semi_major_metre, crs.ellipsoid.inverse_flattening)
    return any(np.allclose(shape, known, rtol=0, atol=1e-4) for known in _NULL_DATUM_ELLIPSOIDS)


def transform(geom: BaseGeometry, from_crs: AnyCRS, to_crs: AnyCRS = WGS84) -> BaseGeometry:
    """Transform one geometry, lon/lat (easting/northing) order on both sides, in 2-D.

    geom: any type; Z is kept as it is (heights are not converted). Empty stays empty.
    Raises UnsupportedCRS, and TransformFailed when a result is not finite.
    """
    result = shapely.transform(geom, _function(from_crs, to_crs))
    if not np.isfinite(shapely.get_coordinates(result)).all():
        raise TransformFailed("a coordinate cannot be transformed")
    return result


def transform_array(geoms: np.ndarray, from_crs: AnyCRS, to_crs: AnyCRS = WGS84) -> np.ndarray:
    """Transform an array of geometries in one call over all their coordinates.

    geoms: shapely geometries or None, 2-D, easting/northing order. A coordinate outside the CRS's
    reach comes back as infinity, for the caller to find: one bad feature does not sink the rest.
    Raises UnsupportedCRS.
    """
    result: np.ndarray = shapely.transform(geoms, _function(from_crs, to_crs))
    return result


def transform_coordinates(
    coordinates: np.ndarray, from_crs: AnyCRS, to_crs: AnyCRS = WGS84
) -> np.ndarray:
    """Transform coordinates, (n, 2), easting/northing (lon/lat) order; infinities where that is not defined.

    Raises UnsupportedCRS.
    """
    return _function(from_crs, to_crs)(coordinates)


def transform_point(
    x: float, y: float, from_crs: AnyCRS, to_crs: AnyCRS = WGS84
) -> tuple[float, float]:
    """One coordinate pair; infinities where the transformation is not defined."""
    result = _function(from_crs, to_crs)(np.array([[x, y]]))
    return float(result[0, 0]), float(result[0, 1])


def _function(from_crs: AnyCRS, to_crs: AnyCRS) -> Callable[[np.ndarray], np.ndarray]:
    if _same(from_crs, to_crs):
        return np.array
    transformer = _transformer(_key(from_crs), _key(to_crs))

    def apply(coordinates: np.ndarray) -> np.ndarray:
        x, y = transformer.transform(coordinates[:, 0], coordinates[:, 1], errcheck=False)
        return np.column_stack([x, y])

    return apply


def _same(one: AnyCRS, other: AnyCRS) -> bool:
    """Equal, or WGS 84 and CGCS2000, whose numbers PROJ would only copy (see the module)."""
    srids = {parse_crs(one).srid, parse_crs(other).srid}
    return None not in srids and (len(srids) == 1 or srids == {WGS84, CGCS2000})


def _key(value: AnyCRS) -> int | str:
    info = parse_crs(value)
    return info.srid or info.wkt


@lru_cache(maxsize=64)
def _transformer(from_key: int | str, to_key: int | str) -> Transformer:
    try:
        return Transformer.from_crs(from_key, to_key, always_xy=True)
    except ProjError as error:
        raise UnsupportedCRS(f"no transformation from {from_key} to {to_key}") from error


def _clean(text: str) -> str:
    text = text.strip().lstrip("\ufeff").strip("\x00 \r\n\t")
    if not text:
        raise UnsupportedCRS("no CRS given")
    if len(text) > _MAX_TEXT:
        raise UnsupportedCRS("the CRS text is too long")
    if text.isdigit():
        return f"EPSG:{int(text)}"
    if _GRID.search(text):
        raise UnsupportedCRS("a CRS that reads a grid from a file is not taken")
    head = text.upper()
    if head in {
        "CRS84",
        "OGC:CRS84",
        "URN:OGC:DEF:CRS:OGC:1.3:CRS84",
        "URN:OGC:DEF:CRS:OGC::CRS84",
    }:
        return "EPSG:4326"  # same datum, and our axis order is lon/lat in any case
    return text


def _read(value: AnyCRS) -> CRS:
    if isinstance(value, CRS):
        return value
    try:
        if isinstance(value, int):
            return CRS.from_epsg(value)
        head = value.upper()
        if head.startswith(
            ("EPSG:", "ESRI:", "URN:OGC:DEF:CRS:", "HTTP://WWW.OPENGIS.NET/DEF/CRS/")
        ):
            return CRS.from_user_input(value)
        return CRS.from_wkt(value)
    except CRSError as error:
        shown = value if isinstance(value, int) else value[:80]
        raise UnsupportedCRS(f"no known CRS: {shown}") from error
