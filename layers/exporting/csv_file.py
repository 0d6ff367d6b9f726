"""CSV as spreadsheets open it: UTF-8 with a BOM, the geometry as WKT, and no cell that a spreadsheet would run."""

import csv
from pathlib import Path
from typing import Any

import shapely

from gis_projects.geo.crs import AnyCRS
from layers.exporting.table import Table, batches

GEOMETRY = "WKT"
_LABEL = "label"
# OWASP, "CSV Injection": a cell that begins so may be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, table: Table, crs: AnyCRS, decimals: int) -> None:
    """Write the table; a second line says in words what the columns are when there are units."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        head = [
            column.title + (f"({column.unit})" if column.unit else "") for column in table.columns
        ]
        extra = [_LABEL] if table.label else []
        writer.writerow([*head, *extra, GEOMETRY])
        for geometries, rows in batches(table.rows, crs):
            texts = shapely.to_wkt(geometries, rounding_precision=decimals, trim=True)
            for text, row in zip(texts, rows, strict=True):
                cells = [_cell(value) for value in row.values]
                label = [table.label] if table.label else []
                writer.writerow([*cells, *label, text or ""])


def _cell(value: Any) -> Any:
    """Texts that a spreadsheet would take for a formula are marked as texts; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value
