"""What a person says of the coordinates of a file, beside its CRS; and how they are brought to EPSG:4326 by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from gis_projects.geo.crs import WGS84, CRSInfo, transform_array
from gis_projects.geo.gcj02 import NAMES, Offset, unshifter

# Of its area (a line: its length) a repaired geometry may lose or gain so much.
REPAIR_SHARE = 0.001


Heights = Literal["keep", "drop"]
HEIGHTS: tuple[Heights, ...] = ("keep", "drop")


@dataclass(frozen=True, slots=True)
class Handling:
    """swap: the file gives y before x. accept_datum: take Xian 80 and Beijing 54 though they lie about 90 m off.

    offset: the numbers are those of a Chinese web map, to be shifted back. repair_share: an invalid geometry is
    repaired where its area changes by no more than this share; 0 refuses all. heights: kept beside the place, which
    is stored in two dimensions, or dropped.
    """

    swap: bool = False
    accept_datum: bool = False
    offset: Offset | None = None
    repair_share: float = REPAIR_SHARE
    heights: Heights = "drop"


PLAIN = Handling()


def placed(
    geometries: np.ndarray, crs: CRSInfo, *, swapped: bool, offset: Offset | None
) -> np.ndarray:
    """Geometries of a file (or None) in EPSG:4326, lon/lat, 2-D. What cannot be converted becomes infinite."""
    given = shapely.transform(geometries, _turned) if swapped else geometries
    found = transform_array(given, crs.srid or crs.wkt, WGS84)
    return shapely.transform(found, unshifter(offset)) if offset else found


def label_of(crs: CRSInfo, handling: Handling) -> str:
    """What is kept with each geometry: its CRS, the shift that was taken back, the error that was accepted."""
    number = f"EPSG:{crs.srid} " if crs.srid else ""
    shifted = f"{NAMES[handling.offset]}, " if handling.offset else ""
    accepted = "datum ±90 m, " if crs.null_datum else ""
    if not shifted and not accepted:
        return crs.label[:80]
    return f"{shifted}{accepted}{number}{crs.name}"[:80]


def _turned(coordinates: np.ndarray) -> np.ndarray:
    return coordinates[:, ::-1]
