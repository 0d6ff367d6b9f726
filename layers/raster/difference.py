"""What changed between two scenes: the difference of an index, as numbers inside a polygon and as colours on a grid.

Scenes of different grids are compared on the coarser one, the finer resampled to it; pixels without data in either
scene count in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import WGS84, transform
from layers.raster import colours
from layers.raster.coverage import coverage
from layers.raster.looks import Look, product_of
from layers.raster.mesh import Grid, applied
from layers.raster.painting import Pixels, stretched
from layers.raster.pool import OpenScene, opened
from layers.raster.warp import read_onto
from layers.raster.zonal import ZonalStatistics, in_pixels, single, statistics, zone_of

# What counts as greener, or less green: above the noise of a light and a season (a convention of ours, told with it).
THRESHOLD = 0.1
COLORMAP, RANGE = "change", (-0.5, 0.5)
# Opacity of what lies around the polygon, of 255.
_AROUND = 90


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two scenes. roles: what each of its bands is."""

    path: Path
    roles: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Change:
    """change: of after less before, pixel by pixel. gained_share, lost_share: of the area, by more than THRESHOLD."""

    before: ZonalStatistics
    after: ZonalStatistics
    change: ZonalStatistics
    gained_share: float
    lost_share: float


def difference(before: Side, after: Side, geometry: BaseGeometry, index: str = "ndvi") -> Change:
    """Inside a polygon, EPSG:4326, lon/lat. index: a key of looks.INDICES.

    Raises NoOverlap when the scenes have no pixel with data in common inside, RoleMissing when a band is not known,
    ValueError for a geometry without area, SceneUnreadable and SceneNotGeoreferenced.
    """
    with ExitStack() as stack:
        scenes = [stack.enter_context(opened(side.path)) for side in (before, after)]
        # On the coarser grid the polygon has fewer pixels.
        coarser = min(scenes, key=lambda scene: float(in_pixels(scene, geometry).area))
        zone = zone_of(coarser, geometry)
        one, other = (
            _index_on(scene, side, zone.grid, index)
            for scene, side in zip(scenes, (before, after), strict=True)
        )
    both = np.isfinite(one) & np.isfinite(other)
    one, other = np.where(both, one, np.nan), np.where(both, other, np.nan)
    change = other - one
    total = statistics(change, zone, geometry)
    return Change(
        before=statistics(one, zone, geometry),
        after=statistics(other, zone, geometry),
        change=total,
        gained_share=float(zone.weights[change > THRESHOLD].sum()) / total.count,
        lost_share=float(zone.weights[change < -THRESHOLD].sum()) / total.count,
    )


def change_onto(
    before: Side, after: Side, grid: Grid, geometry: BaseGeometry | None = None, index: str = "ndvi"
) -> tuple[Pixels, Pixels] | None:
    """The difference in the colours of ``change`` on a grid; None where the scenes have nothing in common.

    geometry: EPSG:4326; what lies around it is fainter. Returns rgb (height, width, 3) and alpha, uint8.
    Raises RoleMissing, SceneUnreadable, SceneNotGeoreferenced.
    """
    with ExitStack() as stack:
        sides = [(stack.enter_context(opened(side.path)), side) for side in (before, after)]
        one, other = (_index_on(scene, side, grid, index) for scene, side in sides)
    change = other - one
    known = np.isfinite(change)
    if not known.any():
        return None
    alpha = np.where(known, 255, 0).astype(np.uint8)
    if geometry is not None:
        alpha = np.minimum(alpha, _emphasis(grid, geometry))
    return colours.table(COLORMAP)[stretched(change[None], (RANGE,))[0]], alpha


def _index_on(scene: OpenScene, side: Side, grid: Grid, index: str) -> NDArray[np.float64]:
    product = product_of(Look(index=index), scene, side.roles)
    found = read_onto(scene, grid, product.bands, is_measured=True)
    if found is None:
        return np.full((grid.height, grid.width), np.nan)
    return single(product, found[0], found[1] > 0)


def _emphasis(grid: Grid, geometry: BaseGeometry) -> Pixels:
    there = transform(shapely.force_2d(geometry), WGS84, grid.crs)
    cells = shapely.transform(there, lambda at: applied(~grid.transform, at))
    covered = coverage(cells, (grid.height, grid.width))
    return np.asarray(_AROUND + covered * (255 - _AROUND), dtype=np.uint8)
