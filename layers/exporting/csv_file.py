"""CSV as spreadsheets open it: UTF-8 with a BOM, CRLF."""

import csv
from pathlib import Path
from typing import Any

from gis_projects.geo.crs import AnyCRS
from layers.exporting.flat import head, lines
from layers.exporting.table import Table


def write_csv(path: Path, table: Table, crs: AnyCRS) -> None:
    """Write the table; truth values are ``true`` and ``false``, dates 2022-04-01."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head(table, crs))
        for cells in lines(table, crs):
            writer.writerow([_plain(cell) for cell in cells])


def _plain(cell: Any) -> Any:
    return ("true" if cell else "false") if isinstance(cell, bool) else cell
