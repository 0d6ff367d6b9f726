"""XLSX with typed cells: the rows under a frozen head, and a second sheet that says what the columns are."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gis_projects.geo.crs import AnyCRS, parse_crs
from layers.exporting.flat import GEOMETRY, head, lines
from layers.exporting.neutral import xml_text
from layers.exporting.notes import Loss, Notes, dictionary, refuse_more_than
from layers.exporting.table import Table

# Limits of Excel: rows of a sheet, characters of a cell, digits of a number, and the first day that it knows.
MAX_ROWS = 1_048_576 - 1
MAX_CHARACTERS = 32_767
_EXACT_INTEGER = 10**15
_SHEET_NAME = 31
_FIRST_DAY = dt.date(1900, 3, 1)  # those before are shifted by a leap day that there never was


def write_xlsx(path: Path, table: Table, crs: AnyCRS) -> None:
    """Write the table. Raises ParameterInvalid when it has more rows than a sheet."""
    refuse_more_than(table, 0, MAX_ROWS)
    with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
        written = Path(folder) / "book.xlsx"
        # A row goes to the disk when the next one begins, so memory stays flat.
        with Workbook(str(written), {"constant_memory": True, "tmpdir": folder}) as book:
            notes = Notes()
            titles = _write_rows(book, table, crs, notes)
            _write_dictionary(book, table, crs, titles, notes)
        shutil.move(written, path)


def _write_rows(book: Workbook, table: Table, crs: AnyCRS, notes: Notes) -> list[str]:
    """The head, which is given back, and the rows."""
    sheet = _sheet(book, table.name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    titles = [xml_text(title)[:MAX_CHARACTERS] for title in head(table, crs)]
    _write_words(sheet, 0, titles)
    for number, cells in enumerate(lines(table, crs), start=1):
        refuse_more_than(table, number, MAX_ROWS)
        for column, (cell, title) in enumerate(zip(cells, titles, strict=True)):
            _write_cell(sheet, number, column, _cell(cell, title, notes), day)
    return titles


def _sheet(book: Workbook, name: str) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name[:_SHEET_NAME])
    sheet.freeze_panes(1, 0)
    return sheet


def _write_words(sheet: Worksheet, row: int, words: Iterable[str]) -> None:
    for column, word in enumerate(words):
        sheet.write_string(row, column, word)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any, day: Format) -> None:
    """By its own type: nothing is taken for a formula, an address or a number that is a text."""
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_number(row, column, value)


def _cell(value: Any, title: str, notes: Notes) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT_INTEGER:
        notes.add(Loss.WIDE_INTEGERS, title)
        return str(value)
    if isinstance(value, dt.date) and value < _FIRST_DAY:
        return value.isoformat()
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
    sheet = _sheet(book, _("Fields"))
    columns = table.all_columns
    rows = [
        [xml_text(word)[:MAX_CHARACTERS] for word in line]
        for line in dictionary(titles[: len(columns)], columns)
    ]
    words = (table.label, parse_crs(crs).label, *notes.sentences())
    for number, line in enumerate([*rows, [], *([sentence] for sentence in words)]):
        _write_words(sheet, number, line)
