"""A programme that files are imported into, and files as bureaus send them (GBK, no .cpg, CGCS2000)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.utils import translation

from projects.importing import ImportOptions, ImportReport, import_sites
from projects.importing.journal import Journal
from projects.importing.report import RowOutcome
from projects.models import Programme
from tests.factories import make_programme
from tests.layers.importing.samples import Column, Coordinates, shapefile

COLUMNS = (
    Column("编号"), Column("名称", width=40), Column("县区"), Column("户数", "N", 8),
    Column("等级"), Column("计划开工", "D", 8), Column("计划竣工", "D", 8), Column("总投资", "N", 14, 2),
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "households": {"type": "integer", "title": "户数", "minimum": 0},
        "grade": {"type": "string", "title": "等级", "enum": ["甲", "乙"]},
        "treated_area_mu": {"type": "number", "title": "治理面积亩数", "minimum": 0},
        "heated": {"type": "boolean", "title": "是否供暖"},
    },
    "required": ["households"],
    "additionalProperties": False,
}


class Importer(Protocol):
    def __call__(
        self, *parts: Any, dry_run: bool = False, journal: Journal | None = None, **options: Any
    ) -> ImportReport: ...


class Kept(Journal):
    """Every row of an import."""

    def __init__(self) -> None:
        self.all: list[RowOutcome] = []

    def rows(self, rows: Sequence[RowOutcome]) -> None:
        self.all += rows


@pytest.fixture(autouse=True)
def _sentences_in_english() -> Iterator[None]:
    """These tests read the msgids; the Chinese is the catalogue's to give."""
    with translation.override("en"):
        yield


@pytest.fixture
def estates(city: object) -> Programme:
    return make_programme("estates", attribute_schema=SCHEMA)


@pytest.fixture
def run(estates: Programme) -> Importer:
    """Import into ``estates``; by nobody."""

    def importer(
        *parts: Any, dry_run: bool = False, journal: Journal | None = None, **options: Any
    ) -> ImportReport:
        choices = ImportOptions(**{"on": dt.date(2022, 1, 26), **options})
        return import_sites(
            estates, list(parts), choices, by=None, dry_run=dry_run, journal=journal
        )

    return importer


def ring(west: float = 123.6, south: float = 47.1, side: float = 0.01) -> Coordinates:
    east, north = west + side, south + side
    return [(west, south), (west, north), (east, north), (east, south), (west, south)]


def record(code: str = "E-1", **changes: str) -> list[str]:
    values = dict.fromkeys((column.name for column in COLUMNS), "")
    values |= {"编号": code, "名称": f"演示·{code}", "户数": "12", "等级": "甲", **changes}
    return list(values.values())


def write(
    folder: Path,
    rows: Sequence[Sequence[str]] | None = None,
    shapes: Sequence[Coordinates | None] | None = None,
    **how: Any,
) -> Path:
    """A shapefile 小区.shp; a square for each row where no shapes are given."""
    records = rows if rows is not None else [record("E-1"), record("E-2"), record("E-3")]
    drawn = shapes or [ring(123.6 + number / 50) for number in range(len(records))]
    return shapefile(folder, drawn, records, **{"columns": COLUMNS, "name": "小区", **how})
