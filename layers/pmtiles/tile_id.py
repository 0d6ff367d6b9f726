"""Numbers of tiles in the order of an archive: zoom by zoom along a Hilbert curve (PMTiles 3, section 4.1.1)."""

import numpy as np

from layers.mvt.grid import Rows


def tile_ids(z: int, x: Rows, y: Rows) -> Rows:
    """(n,) numbers of tiles of one zoom, at most 31 of them."""
    x, y = x.copy(), y.copy()
    found = np.full(len(x), (4**z - 1) // 3, dtype=np.int64)
    for bit in range(z - 1, -1, -1):
        side = 1 << bit
        right, low = x & side, y & side
        found += ((3 * right) ^ low) << bit
        upper = low == 0
        mirrored = upper & (right != 0)
        x[mirrored], y[mirrored] = side - 1 - x[mirrored], side - 1 - y[mirrored]
        x[upper], y[upper] = y[upper], x[upper]
    return found
