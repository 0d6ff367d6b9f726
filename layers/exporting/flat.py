"""Rows as the cells of a spreadsheet: coordinates of points, the geometry as WKT, and no cell that would be run."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from gis_projects.geo.crs import AnyCRS, parse_crs
from layers.exporting.names import Taken
from layers.exporting.neutral import neutral
from layers.exporting.table import Table, batches

GEOMETRY = "WKT"
# 0.1 mm on the ground.
_DEGREE_DECIMALS, _METRE_DECIMALS = 9, 4


def head(table: Table, crs: AnyCRS) -> list[str]:
    """Titles with their units, then ``lon`` and ``lat`` (``x`` and ``y`` in metres) and ``WKT``."""
    axes = ["lon", "lat"] if parse_crs(crs).is_geographic else ["x", "y"]
    places = [*(axes if table.has_points else []), GEOMETRY]
    taken = Taken(places)
    titles = [
        taken.free(neutral(column.title + (f"({column.unit})" if column.unit else "")))
        for column in table.all_columns
    ]
    return [*titles, *places]


def lines(table: Table, crs: AnyCRS) -> Iterator[list[Any]]:
    """A line of cells for each row; None where there is nothing."""
    decimals = _DEGREE_DECIMALS if parse_crs(crs).is_geographic else _METRE_DECIMALS
    for geometries, rows in batches(table.rows, crs):
        texts = shapely.to_wkt(geometries, rounding_precision=decimals, trim=True)
        axes = _axes(geometries, decimals)
        for text, pair, row in zip(texts, axes, rows, strict=True):
            cells = [_cell(value) for value in table.values(row)]
            yield [*cells, *(pair if table.has_points else ()), text]


def _axes(geometries: np.ndarray, decimals: int) -> Iterator[tuple[float | None, float | None]]:
    """Two coordinates for each point; nothing for other geometries."""
    is_point = (shapely.get_type_id(geometries) == 0) & ~shapely.is_empty(geometries)
    points = geometries.copy()
    points[~is_point] = None
    pairs = zip(shapely.get_x(points), shapely.get_y(points), is_point, strict=True)
    for x, y, is_one in pairs:
        yield (round(float(x), decimals), round(float(y), decimals)) if is_one else (None, None)


def _cell(value: Any) -> Any:
    """Texts that a spreadsheet would take for a formula are marked as texts; numbers stay numbers."""
    return neutral(value) if isinstance(value, str) else value
