"""XLSX with typed cells: the rows under a frozen head, and a second sheet that says what the columns are."""

import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from gis_projects.geo.crs import AnyCRS, parse_crs
from layers.exporting.flat import GEOMETRY, head, lines
from layers.exporting.neutral import xml_text
from layers.exporting.notes import Loss, Notes, dictionary, refuse_more_than
from layers.exporting.table import Table

# Limits of Excel: rows of a sheet, characters of a cell, and digits of a number.
MAX_ROWS = 1_048_576 - 1
MAX_CHARACTERS = 32_767
_EXACT_INTEGER = 10**15
_SHEET_NAME = 31


def write_xlsx(path: Path, table: Table, crs: AnyCRS) -> None:
    """Write the table. Raises ParameterInvalid when it has more rows than a sheet."""
    refuse_more_than(table, 0, MAX_ROWS)
    notes = Notes()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name[:_SHEET_NAME])
    sheet.freeze_panes = "A2"
    titles = [xml_text(title)[:MAX_CHARACTERS] for title in head(table, crs)]
    sheet.append(titles)
    rows = 0
    for rows, cells in enumerate(lines(table, crs), start=1):
        refuse_more_than(table, rows, MAX_ROWS)
        sheet.append([_cell(cell, title, notes) for cell, title in zip(cells, titles, strict=True)])
    _write_dictionary(book, table, crs, titles, notes)
    _save(book, path)


def _cell(value: Any, title: str, notes: Notes) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT_INTEGER:
        notes.add(Loss.WIDE_INTEGERS, title)
        return str(value)
    return _text(value, title, notes) if isinstance(value, str) else value


def _text(value: str, title: str, notes: Notes) -> str | None:
    text = xml_text(value)
    notes.add(Loss.CONTROL, title, int(text != value))
    if len(text) <= MAX_CHARACTERS:
        return text
    if title == GEOMETRY:
        # Half a geometry is worse than none.
        notes.add(Loss.LONG_WKT)
        return None
    notes.add(Loss.CUT, title)
    return text[:MAX_CHARACTERS]


def _write_dictionary(
    book: Workbook, table: Table, crs: AnyCRS, titles: list[str], notes: Notes
) -> None:
    sheet = book.create_sheet(_("Fields"))
    sheet.freeze_panes = "A2"
    columns = table.all_columns
    for line in dictionary(titles[: len(columns)], columns):
        sheet.append([xml_text(word)[:MAX_CHARACTERS] for word in line])
    sheet.append([])
    for sentence in (table.label, parse_crs(crs).label, *notes.sentences()):
        sheet.append([sentence])


def _save(book: Workbook, path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
        written = Path(folder) / "book.xlsx"
        book.save(written)
        written.replace(path)
