"""A tile's own grid: x from the west, y from the north, whole numbers, 0 to ``extent`` without the buffer.

Several tiles of one size are encoded together: each row of a layer then belongs to one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox

XY = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Tiles of ``extent`` units a side, and ``buffer`` more around.

    west, north: (t,) metres, the corner of each tile; step: metres of a unit, across and down. tiles: (n,) the tile of
    each row, None when there is only one tile. Raises ValueError for a step, an extent or a buffer that is none.
    """

    west: XY
    north: XY
    step: tuple[float, float]
    extent: int
    buffer: int
    tiles: Rows | None = None

    def __post_init__(self) -> None:
        if not min(self.step) > 0:
            raise ValueError("a tile's bbox has width and height")
        if not (self.extent > 0 and self.buffer >= 0):
            raise ValueError("a tile's extent is above 0, its buffer 0 or more")

    @classmethod
    def of_bbox(cls, bbox: BBox, extent: int, buffer: int) -> TileGrid:
        """One tile. bbox: EPSG:3857, metres."""
        step = bbox.width / extent, bbox.height / extent
        return cls(np.array([bbox.west]), np.array([bbox.north]), step, extent, buffer)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the buffered tile, units."""
        last = self.extent + self.buffer
        return -self.buffer, -self.buffer, last, last

    @property
    def pixel(self) -> float:
        """Units of a pixel of a tile of 256."""
        return self.extent / 256

    def units(self, metres: XY, rows: Rows) -> XY:
        """(m, 2) positions in tile units, not rounded. rows: (m,) the row each is of."""
        tile = 0 if self.tiles is None else self.tiles[rows]
        found: NDArray[Any] = np.empty_like(metres)
        found[:, 0] = (metres[:, 0] - self.west[tile]) / self.step[0]
        found[:, 1] = (self.north[tile] - metres[:, 1]) / self.step[1]
        return found

    def bounds(self, metres: XY, rows: Rows) -> XY:
        """(m, 4) west, south, east, north in metres as left, top, right, bottom in units."""
        corners = [self.units(metres[:, corner], rows) for corner in ([0, 3], [2, 1])]
        return np.concatenate(corners, axis=1)

    def holds(self, units: XY, buffer: int) -> Mask:
        """Which of (m, 2) positions lie in the tile and so much around it; edges count, NaN does not."""
        low, high = -buffer, self.extent + buffer
        x, y = units[:, 0], units[:, 1]
        found: Mask = (x >= low) & (x <= high) & (y >= low) & (y <= high)
        return found
