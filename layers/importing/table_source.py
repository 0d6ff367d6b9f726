"""Rows of a table as features: what CSV and spreadsheets have in common."""

from __future__ import annotations

import datetime as dt
import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import shapely

from gis_projects.geo.validity import Kind, kind_of
from layers.importing import places
from layers.importing.build import Malformed
from layers.importing.dbf import FieldType
from layers.importing.problems import Code, Problem, refuse
from layers.importing.source import CHUNK, Chunk, Field, Source, not_built

SAMPLE = 1_000
MAX_COLUMNS, MAX_NAME = 2_000, 120
Row = Sequence[Any]
# What our own exports put before a text that a spreadsheet would run; see layers.exporting.
_MARK = re.compile(r"'('*[=+\-@\t\r])")


class TableSource(Source):
    """A subclass gives the heading and the rows. Raises ImportRefused when no column says where rows lie."""

    def _begin(self, header: Sequence[str]) -> None:
        """Find out about columns and places from the first rows."""
        if len(header) > MAX_COLUMNS:
            raise refuse(Code.TOO_LARGE, self.file, limit=str(MAX_COLUMNS))
        names = unique_names(header)
        sample = list(islice(self._rows(), SAMPLE))
        found = places.find(names, sample)
        if found is None:
            raise refuse(Code.NO_PLACE_COLUMNS, self.file, choices=[n for n in names if n][:20])
        self._places = found
        kept = [at for at in range(len(names)) if at not in found.columns]
        self._kept = [(at, names[at]) for at in kept]
        self.fields = tuple(
            Field(name, _type_of([row[at] for row in sample if at < len(row)]))
            for at, name in self._kept
        )
        self.kind = self._kind(sample)
        self.crs_text = self._stated(sample)
        if found.north_is_x:
            self.warnings = (*self.warnings, Problem(Code.NORTH_IS_X, self.file))

    @abstractmethod
    def _rows(self) -> Iterator[Row]:
        """Rows below the heading, each with a cell for every column; blank rows left out."""

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        rows = self._rows()
        first = 1
        while batch := list(islice(rows, size)):
            yield self._chunk(batch, first)
            first += len(batch)

    def _chunk(self, rows: Sequence[Row], first: int) -> Chunk:
        geometries = np.full(len(rows), None, dtype=object)
        problems: dict[int, Problem] = {}
        for at, row in enumerate(rows):
            try:
                geometries[at] = self._places.geometry(row)
            except Malformed as error:
                problems[at] = not_built(self.file, first + at, error.reason)
        return Chunk(
            numbers=np.arange(first, first + len(rows)),
            fids=[str(first + at) for at in range(len(rows))],
            geometries=geometries,
            had_z=np.asarray(shapely.has_z(geometries)),
            properties=[{name: cell(row[at]) for at, name in self._kept} for row in rows],
            problems=problems,
        )

    def _kind(self, sample: Sequence[Row]) -> Kind | None:
        if self._places.shape is None:
            return "Point"
        chunk = self._chunk(sample, 1)
        kinds = {kind_of(shape) for shape in chunk.geometries if shape is not None}
        return kinds.pop() if len(kinds) == 1 else None

    def _stated(self, sample: Sequence[Row]) -> str | None:
        at = self._places.shape
        if at is None or not sample:
            return None
        stated = {places.stated_srid(row[at]) for row in sample if row[at]}
        return stated.pop() if len(stated) == 1 else None


def cell(value: Any) -> Any:
    """A cell as a property: no blanks around it, no mark before a formula, None for nothing."""
    if isinstance(value, str):
        text = value.strip()
        return _MARK.sub(r"\1", text, count=1) if _MARK.match(text) else text or None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def unique_names(header: Sequence[Any]) -> list[str]:
    """Names of the columns, short enough to be shown: twins are numbered, nameless ones called by their place."""
    names: list[str] = []
    for number, given in enumerate(header, start=1):
        text = " ".join(str(given if given is not None else "").split())[:MAX_NAME]
        name = "".join(char for char in text if char.isprintable()) or f"column_{number}"
        unique, twin = name, 1
        while unique in names:
            twin += 1
            unique = f"{name}_{twin}"
        names.append(unique)
    return names


def _type_of(values: Sequence[Any]) -> FieldType:
    known: dict[type, FieldType] = {
        str: "text", bool: "boolean", int: "integer", float: "real", dt.date: "date", dt.datetime: "datetime",
    }  # fmt: skip
    kinds = {known.get(type(cell(value)), "other") for value in values if cell(value) is not None}
    if kinds == {"integer", "real"}:
        return "real"
    return kinds.pop() if len(kinds) == 1 else "text"


def is_blank(row: Row) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in row)


def fitted(row: Row, width: int) -> Row:
    """The row with exactly ``width`` cells."""
    return [*row[:width], *[None] * (width - len(row))]
