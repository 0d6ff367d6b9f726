"""Invalid geometries made valid, where that changes next to nothing; the rest is for a person to look at."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from gis_projects.geo import validity


def repaired(geometry: BaseGeometry, share: float) -> tuple[BaseGeometry, float] | None:
    """A valid geometry of the same family, and the share by which its area (a line: its length) changed.

    geometry: invalid, finite, any CRS. share: the most that is allowed. None where it takes more, or where the
    result is of another family or empty.
    Source: GEOS MakeValid, method "structure": shells and holes are rebuilt, what collapses is dropped.
    """
    family = validity.kind_of(geometry)
    if family is None or share <= 0:
        return None
    made = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if shapely.is_empty(made) or validity.kind_of(made) != family or not shapely.is_valid(made):
        return None
    size = shapely.area if family == "Polygon" else shapely.length
    before, after = float(size(geometry)), float(size(made))
    changed = abs(after - before) / before if before > 0 else 1.0
    return (made, changed) if changed <= share else None
