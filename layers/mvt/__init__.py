"""Mapbox Vector Tiles 2.1, encoded for a whole tile at once with shapely and numpy: no database, no Django.

    encode_tile([TileLayer("sites", geometries, ids, {"phase": phases})], tile_bbox(10, 861, 358))

Feature by feature, Python's own work costs more than the geometry does; so each step here is one call over the arrays
of the whole layer. What is left of loops goes over columns, and over the different values of a column.

Source: https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from layers.mvt.encode import encode_tile
from layers.mvt.layer import TileLayer

__all__ = ["TileLayer", "encode_tile"]
