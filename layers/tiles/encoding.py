"""Our own engine: rows of a tile to MVT, with counts beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from gis_projects.geo.tile_matrix import tile_bbox
from layers.mvt import TileLayer, encode_tile
from layers.tiles.store import Plan

CellRows = Sequence[tuple[Any, ...]]


def encoded_rows(plan: Plan, features: Sequence[tuple[Any, ...]], cells: CellRows) -> bytes:
    """features: (id, WKB in EPSG:3857, values of the plan's columns …); cells: (x, y, count, hidden)."""
    layers = []
    if features:
        ids, wkb, *values = map(list, zip(*features, strict=True))
        columns = {
            column.name: _truths(one) if column.kind == "truth" else one
            for (_at, column), one in zip(plan.columns, values, strict=True)
        }
        numbers = np.array(ids, dtype=np.uint64)
        layers.append(TileLayer.from_wkb(plan.name, wkb, numbers, columns))
    return encode(plan, layers, cells)


def encode(
    plan: Plan, layers: Sequence[TileLayer], cells: CellRows, names: Sequence[str] = ()
) -> bytes:
    """names: of the groups that cells count beside (x, y, count, hidden)."""
    box = tile_bbox(plan.z, plan.x, plan.y)
    inside = [
        one for one in cells if box.west <= one[0] < box.east and box.south < one[1] <= box.north
    ]
    if not inside:
        return encode_tile(layers, box)
    x, y, *counts = map(list, zip(*inside, strict=True))
    columns: Mapping[str, list[int | None]] = {
        name: [value or None for value in one]
        for name, one in zip(("count", "hidden", *names), counts, strict=True)
    }
    return encode_tile([*layers, cell_layer(plan.name, x, y, columns)], box)


def cell_layer(name: str, x: list[float], y: list[float], columns: Mapping[str, Any]) -> TileLayer:
    return TileLayer(f"{name}_cells", shapely.points(x, y), None, columns)


def _truths(values: Sequence[Any]) -> list[bool | None]:
    """SQLite has no truth values of its own."""
    return [None if value is None else bool(value) for value in values]
