"""The tile's own grid: x from the west, y from the north, whole numbers, 0 to ``extent`` without the buffer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox

XY = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A bbox (EPSG:3857, metres) in ``extent`` steps a side, and ``buffer`` more around.

    Raises ValueError for a bbox without area.
    """

    bbox: BBox
    extent: int
    buffer: int

    def __post_init__(self) -> None:
        if not (self.bbox.width > 0 and self.bbox.height > 0):
            raise ValueError("a tile's bbox has width and height")
        if not (self.extent > 0 and self.buffer >= 0):
            raise ValueError("a tile's extent is above 0, its buffer 0 or more")

    @property
    def step(self) -> tuple[float, float]:
        """Metres of one unit, across and down."""
        return self.bbox.width / self.extent, self.bbox.height / self.extent

    @property
    def buffered(self) -> tuple[float, float, float, float]:
        """West, south, east, north with the buffer, metres."""
        across, down = (self.buffer * step for step in self.step)
        west, south, east, north = self.bbox.bounds
        return west - across, south - down, east + across, north + down

    @property
    def pixel(self) -> tuple[float, float]:
        """Width and height in metres of a pixel of a tile of 256."""
        return self.bbox.width / 256, self.bbox.height / 256

    def units(self, metres: XY) -> XY:
        """(n, 2) positions in tile units, not rounded."""
        across, down = self.step
        found: NDArray[Any] = np.empty_like(metres)
        found[:, 0] = (metres[:, 0] - self.bbox.west) / across
        found[:, 1] = (self.bbox.north - metres[:, 1]) / down
        return found

    def holds(self, metres: XY, *, buffered: bool = True) -> NDArray[np.bool_]:
        """Which of (n, 2) positions lie in the tile; edges count, NaN does not."""
        west, south, east, north = self.buffered if buffered else self.bbox.bounds
        x, y = metres[:, 0], metres[:, 1]
        found: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        return found
