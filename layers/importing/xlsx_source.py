"""Spreadsheets (OOXML): values only, row by row; formulas, links and macros are not looked at."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from layers.importing import places
from layers.importing.archive import Staged
from layers.importing.problems import Code, refuse
from layers.importing.table_source import Row, TableSource, fitted, is_blank, unique_names
from layers.importing.xml_stream import refuse_document_type

# Sheets are read as a stream; everything else of a workbook is held in memory.
MAX_PART_BYTES, MAX_SHEET_BYTES, MAX_PARTS = 64 << 20, 1 << 30, 2_000
_HEADING_ROWS = 10
_FAILURES = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, OSError, SyntaxError, NotImplementedError, RuntimeError,
)  # fmt: skip


class XLSXSource(TableSource):
    """A sheet is a layer. The heading is the first of ten rows that says where rows lie: titles may stand above it."""

    def __init__(self, staged: Staged, layer: str | None) -> None:
        self.file = staged.name
        self._path = staged.path
        _refuse_swollen(staged)
        found = self._sheets()
        self.layers = tuple(found)
        self.layer = _chosen(found, layer, staged.name)
        self._heading = found[self.layer]
        header = next(self._from(self._heading), [])
        while header and header[-1] is None:
            header = header[:-1]
        self._width = len(header)
        self._begin([str(name) if name is not None else "" for name in header])

    def _sheets(self) -> dict[str, int]:
        """Sheets whose rows lie somewhere, each with the number of its heading from 0."""
        with _Opened(self._path, self.file) as book:
            found = {}
            for sheet in book.worksheets:
                rows = list(sheet.iter_rows(max_row=_HEADING_ROWS, values_only=True))
                at = _heading(rows)
                if at is not None:
                    found[str(sheet.title)] = at
            if not found:
                names = [str(cell) for row in rows[:1] for cell in row if cell is not None]
                raise refuse(Code.NO_PLACE_COLUMNS, self.file, choices=names[:20] or ["-"])
            return found

    def _rows(self) -> Iterator[Row]:
        for row in self._from(self._heading + 1):
            if not is_blank(row):
                yield fitted(row, self._width)

    def _from(self, start: int) -> Iterator[Row]:
        with _Opened(self._path, self.file) as book:
            yield from islice(book[self.layer].iter_rows(values_only=True), start, None)


class _Opened:
    """The workbook; whatever openpyxl meets in a broken one becomes ImportRefused."""

    def __init__(self, path: Any, name: str) -> None:
        self._path, self._name = path, name

    def __enter__(self) -> Any:
        try:
            options = {"read_only": True, "data_only": True, "keep_links": False}
            self._book = load_workbook(self._path, **options)
        except _FAILURES as error:
            raise refuse(Code.DAMAGED_FILE, self._name, reason=".xlsx") from error
        return self._book

    def __exit__(self, kind: Any, error: Any, _traceback: Any) -> None:
        self._book.close()
        if isinstance(error, _FAILURES):
            raise refuse(Code.DAMAGED_FILE, self._name, reason=".xlsx") from error


def _refuse_swollen(staged: Staged) -> None:
    """Before openpyxl: bounds on what is packed, and no document type in any part."""
    try:
        with zipfile.ZipFile(staged.path) as file:
            infos = file.infolist()
            if len(infos) > MAX_PARTS:
                raise refuse(Code.TOO_LARGE, staged.name, limit=str(MAX_PARTS))
            for info in infos:
                is_sheet = info.filename.startswith("xl/worksheets/")
                limit = MAX_SHEET_BYTES if is_sheet else MAX_PART_BYTES
                if info.file_size > limit:
                    raise refuse(Code.TOO_LARGE, staged.name, limit=f"{limit >> 20} MB")
                if info.filename.endswith((".xml", ".rels")):
                    with file.open(info) as part:
                        refuse_document_type(part, staged.name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise refuse(Code.DAMAGED_FILE, staged.name, reason=".xlsx") from error


def _heading(rows: list[Any]) -> int | None:
    for at, row in enumerate(rows):
        names = unique_names(list(row))
        width = len(names)
        if places.find(names, [fitted(list(one), width) for one in rows[at + 1 :]]) is not None:
            return at
    return None


def _chosen(found: dict[str, int], layer: str | None, file: str) -> str:
    if layer is not None:
        if layer not in found:
            raise refuse(Code.NO_SUCH_LAYER, file, layer=layer, choices=list(found))
        return layer
    if len(found) > 1:
        raise refuse(Code.SEVERAL_LAYERS, file, choices=list(found))
    return next(iter(found))
