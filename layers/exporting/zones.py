"""The CRS that an export may be asked for: those of the whole world, and the zones that touch the place."""

import math

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import WGS84, describe
from gis_projects.geo.crs_names import crs_words
from gis_projects.geo.epsg import CGCS2000, gauss_kruger_srid

_ZONE_DEGREES = 3
_FALSE_EASTING_M = 500_000


def crs_choices(bbox: BBox | None) -> dict[str, str]:
    """``EPSG:…`` → name in the reader's language.

    WGS 84, CGCS2000, and its three-degree zones over ``bbox``, with prefix and then without.

    Zone n lies between 3n - 1.5 and 3n + 1.5 degrees; CGCS2000 has zones 25 to 45 (GB/T 22021).
    """
    srids = [WGS84, CGCS2000]
    zones = _zones(bbox) if bbox is not None else []
    for prefix_m in (1_000_000, 0):
        found = [
            gauss_kruger_srid(zone * _ZONE_DEGREES, zone * prefix_m + _FALSE_EASTING_M)
            for zone in zones
        ]
        srids += [srid for srid in found if srid is not None]
    return {f"EPSG:{srid}": crs_words(describe(srid)) for srid in srids}


def _zones(bbox: BBox) -> range:
    first, last = (
        math.floor((degrees + _ZONE_DEGREES / 2) / _ZONE_DEGREES)
        for degrees in (bbox.west, bbox.east)
    )
    return range(first, last + 1)
