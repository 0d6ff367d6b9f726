"""EPSG numbers: of a CRS that was read, and of the zones of CGCS2000 by their parameters."""

from __future__ import annotations

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

CGCS2000 = 4490
# Parameters of Gauss-Krueger zones are whole degrees and metres; noise in a .prj is far smaller.
_TOLERANCE = 1e-6


def srid_of(crs: CRS) -> int | None:
    """The EPSG number: by PROJ's comparison, or for CGCS2000 by parameters."""
    stated = _stated_srid(crs)
    if stated is not None:
        return stated
    found = crs.to_epsg(min_confidence=70)
    if found is not None:
        return found
    return _cgcs2000_zone(crs) if _is_cgcs2000(crs) else None


def _stated_srid(crs: CRS) -> int | None:
    """The EPSG number that the text itself gives, where the registry's CRS is the same but for the order of its axes.

    Of twins such as 4510 and 4550 PROJ would name either.
    """
    given = crs.to_json_dict().get("id", {})
    if given.get("authority") != "EPSG":
        return None
    try:
        known = CRS.from_epsg(given["code"])
    except CRSError:
        return None
    return int(given["code"]) if _are_alike(crs, known) else None


def _are_alike(one: CRS, other: CRS) -> bool:
    if one.equals(other, ignore_axis_order=True):
        return True
    base, way, known = one.geodetic_crs, one.coordinate_operation, other.coordinate_operation
    if base is None or way is None or known is None or way.method_name != known.method_name:
        return False
    if not base.equals(other.geodetic_crs, ignore_axis_order=True):
        return False
    given, wanted = ([float(each.value) for each in each_way.params] for each_way in (way, known))
    return len(given) == len(wanted) and np.allclose(given, wanted, rtol=0, atol=_TOLERANCE)


def _is_cgcs2000(crs: CRS) -> bool:
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return False
    datum = geodetic.datum.name if geodetic.datum else ""
    words = f"{geodetic.name} {datum}".lower().replace("_", " ")
    return any(word in words for word in ("china 2000", "cgcs2000", "china geodetic coordinate"))


def _cgcs2000_zone(crs: CRS) -> int | None:
    """EPSG number of a CGCS2000 Gauss-Krueger CRS, from its parameters, else None.

    Three-degree: zone 25 (75 E) to 45 (135 E) are 4513 to 4533 with prefixed eastings and 4534 to
    4554 without; six-degree: zone 13 (75 E) to 23 (135 E) are 4491 to 4501 with prefix.
    Source: EPSG dataset, projected CRSs on CRS 4490.
    """
    if crs.is_geographic:
        return CGCS2000
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = [float(parameter.value) for parameter in operation.params]
    if len(values) != 5 or abs(values[0]) > _TOLERANCE or abs(values[2] - 1) > _TOLERANCE:
        return None
    return gauss_kruger_srid(central_meridian=values[1], false_easting=values[3])


def gauss_kruger_srid(central_meridian: float, false_easting: float) -> int | None:
    """The CGCS2000 zone with this central meridian (degrees) and false easting (m), or None."""
    zone_3 = round(central_meridian / 3)
    if abs(zone_3 * 3 - central_meridian) > _TOLERANCE:
        return None
    if 25 <= zone_3 <= 45:
        if abs(false_easting - 500_000) < 0.5:
            return 4534 + zone_3 - 25
        if abs(false_easting - zone_3 * 1_000_000 - 500_000) < 0.5:
            return 4513 + zone_3 - 25
    zone_6 = round((central_meridian + 3) / 6)
    prefixed_6 = abs(false_easting - zone_6 * 1_000_000 - 500_000) < 0.5
    if prefixed_6 and 13 <= zone_6 <= 23 and abs(zone_6 * 6 - 3 - central_meridian) < _TOLERANCE:
        return 4491 + zone_6 - 13
    return None
