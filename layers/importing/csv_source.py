"""CSV: text in some encoding, cells parted by some mark, the places in columns or as WKT."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from layers.importing.archive import Staged
from layers.importing.encoding import UNCUT, DecidedBy, Detected, by_evidence, normalise
from layers.importing.problems import Code, Problem, refuse
from layers.importing.table_source import Row, TableSource, fitted, is_blank, unique_names

MAX_CELL = 16 << 20  # characters: the WKT of a large outline is one cell
_SAMPLE_BYTES = 1 << 20
_SHOWN = 5
_MARKS = ",;\t|"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class CSVSource(TableSource):
    """The first row is the heading. Values are texts: a code with zeros before it stays one."""

    def __init__(self, staged: Staged, encoding: str | None) -> None:
        self.file = self.layer = staged.name
        self.layers = (staged.name,)
        self._path = staged.path
        with self._path.open("rb") as file:
            head = file.read(_SAMPLE_BYTES)
        if not head.strip():
            raise refuse(Code.EMPTY_FILE, staged.name)
        self._encoding, decided_by = _encoding(head, encoding, staged.name)
        if "\x00" in head.decode(self._encoding, "replace"):
            raise refuse(Code.NOT_GIS_FILE, staged.name, found=staged.name)
        first_line = head.decode(self._encoding, "replace").split("\n", 1)[0]
        self._mark = max(_MARKS, key=first_line.count)
        self._header = next(self._lines(), [])
        self._begin(self._header)
        self._describe(decided_by)

    def _describe(self, decided_by: DecidedBy) -> None:
        encoding = self._encoding.removesuffix("-sig")
        guessed = Problem(Code.ENCODING_GUESSED, self.file, params={"encoding": encoding})
        if decided_by == "guess":
            self.warnings = (*self.warnings, guessed)
        names = unique_names(self._header)
        rows = [dict(zip(names, row, strict=True)) for row in islice(self._rows(), _SHOWN)]
        self.encoding = Detected(encoding, decided_by, (), tuple(names), tuple(rows))

    def _rows(self) -> Iterator[Row]:
        lines = self._lines()
        next(lines, None)
        width = len(self._header)
        for row in lines:
            if not is_blank(row):
                yield fitted(row, width)

    def _lines(self) -> Iterator[list[Any]]:
        """Raises ImportRefused: not text in this encoding, or a cell that is too long."""
        csv.field_size_limit(MAX_CELL)
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                yield from csv.reader(file, delimiter=self._mark)
        except UnicodeError as error:
            raise refuse(Code.DAMAGED_FILE, self.file, reason=self._encoding) from error
        except csv.Error as error:
            raise refuse(Code.DAMAGED_FILE, self.file, reason="CSV") from error


def _encoding(head: bytes, override: str | None, name: str) -> tuple[str, DecidedBy]:
    """What a person says; a byte order mark; else what the bytes show."""
    if override:
        chosen = normalise(override)
        if chosen is None:
            raise refuse(Code.UNKNOWN_ENCODING, name, encoding=override)
        return ("utf-8-sig" if chosen == "utf-8" else chosen), "override"
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return encoding, "evidence"
    lines = head.splitlines()
    whole = lines[:-1] if len(head) == _SAMPLE_BYTES and len(lines) > 1 else lines
    return by_evidence([(line, UNCUT) for line in whole])
