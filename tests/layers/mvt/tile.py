"""The tile that the tests draw in, and shapes in its units."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.tile_matrix import tile_bbox
from layers.mvt import TileLayer, encode_tile
from tests.layers.mvt.reading import Read, read

# Around Qiqihar.
BBOX = tile_bbox(10, 864, 357)
UNIT_M = BBOX.width / 4096
BUFFERED = shapely.box(-64, -64, 4160, 4160)


def in_metres(geometry: Any) -> Any:
    """From tile units to EPSG:3857."""

    def place(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([BBOX.west + xy[:, 0] * UNIT_M, BBOX.north - xy[:, 1] * UNIT_M])

    return shapely.transform(geometry, place)


def geometries(*shapes: BaseGeometry | None) -> NDArray[np.object_]:
    found = np.empty(len(shapes), dtype=object)
    found[:] = [None if shape is None else in_metres(shape) for shape in shapes]
    return found


def encoded(
    *shapes: BaseGeometry | None, columns: Any = None, ids: Any = None, **options: Any
) -> list[Read]:
    """Shapes in tile units, encoded and read back."""
    layer = TileLayer("sites", geometries(*shapes), ids, columns or {})
    return read(encode_tile([layer], BBOX, **options)).get("sites", [])
