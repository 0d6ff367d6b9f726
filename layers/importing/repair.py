"""Invalid geometries made valid, where that changes next to nothing; the rest is for a person to look at."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from gis_projects.geo import validity


def repaired(geometry: BaseGeometry, share: float) -> tuple[BaseGeometry, float] | None:
    """A valid geometry of the same family, and the share by which it changed.

    geometry: invalid, finite, any CRS. share: the most that is allowed. None where it takes more, or where the
    result is of another family or empty. Changed is the greater of two: the difference in area (a line: in length),
    and of a polygon the area of the symmetric difference. An invalid polygon has no set of points of its own to be
    subtracted from; so the two readings are that there are of its rings, by what they wind around (the result) and by
    how often they are crossed (even and odd). Where these are one, nobody could have meant anything else.
    Source: GEOS MakeValid, methods "structure" (shells and holes are rebuilt, what collapses is dropped) and
    "linework".
    """
    family = validity.kind_of(geometry)
    if family is None or share <= 0:
        return None
    made = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if shapely.is_empty(made) or validity.kind_of(made) != family or not shapely.is_valid(made):
        return None
    changed = _changed(geometry, made, family)
    return (made, changed) if changed <= share else None


def _changed(geometry: BaseGeometry, made: BaseGeometry, family: validity.Kind) -> float:
    size = shapely.area if family == "Polygon" else shapely.length
    before, after = float(size(geometry)), float(size(made))
    if before <= 0:
        return 1.0
    changed = abs(after - before) / before
    if family != "Polygon":
        return changed
    other = shapely.make_valid(geometry, method="linework")
    return max(changed, float(shapely.area(shapely.symmetric_difference(made, other))) / before)
