"""The row-by-row report of a check or an import: a small SQLite file in the job's folder.

A check leaves nothing in the database, and a report of a hundred thousand rows has to be filtered and turned over
page by page: so it is a table, in a file of its own, that goes away with the job's folder.
"""

import csv
import datetime as dt
import io
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry import Point

from layers.importing.problems import Problem
from projects.importing.report import RowOutcome
from projects.importing.telling import in_every_language, told

OUTCOMES = ("created", "updated", "unchanged", "refused", "warning")
# OWASP, "CSV Injection": a cell that begins so may be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TABLE = "CREATE TABLE row (number INTEGER, code TEXT, outcome TEXT, changes TEXT, words TEXT, cause TEXT)"
_SHOWN = "number, code, outcome, changes, words"
_CAUSES = (
    "SELECT cause, count(DISTINCT number) AS rows FROM row WHERE outcome = 'refused'"
    " GROUP BY cause ORDER BY rows DESC, min(number) LIMIT ?"
)
_INDEX = "CREATE INDEX row_outcome ON row (outcome, number)"


@dataclass(frozen=True)
class ReportRow:
    """changes: field, old and new value, as they are shown; words: why a row is refused, or what to know of it."""

    number: int
    code: str
    outcome: str
    changes: Sequence[tuple[str, str, str]] = field(default_factory=list)
    words: str = ""


class RowReportWriter:
    """Takes rows as they come; ``finish`` puts the report in the former one's place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(f"{path.name}.{uuid.uuid4().hex}.new")
        self._file = sqlite3.connect(self._new, isolation_level=None)
        # Nothing is lost with it that cannot be made again: no journal, no waiting for the disk.
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute(_TABLE)
        self._file.execute("BEGIN")

    def add(self, rows: Sequence[RowOutcome]) -> None:
        self._insert(
            [
                (
                    row.number,
                    row.code,
                    row.outcome,
                    None if row.changes is None else _packed(row.changes),
                    None,
                    None,
                )
                for row in rows
            ]
        )

    def add_problems(self, problems: Iterable[Problem], codes: Mapping[int, str]) -> None:
        """Those of single rows, whose codes are known by number; what is said of the whole file stands on the page."""
        self._insert(
            [
                (
                    problem.feature,
                    codes.get(problem.feature, ""),
                    "refused" if problem.is_error else "warning",
                    None,
                    _kept(_placed(problem, problem.message)),
                    _kept(_placed(problem, problem.cause)),
                )
                for problem in problems
                if problem.feature is not None
            ]
        )

    def finish(self) -> None:
        self._file.execute("COMMIT")
        self._file.execute(_INDEX)
        self._file.close()
        self._new.replace(self._path)

    def drop(self) -> None:
        """Leave the former report where it is."""
        self._file.close()
        self._new.unlink(missing_ok=True)

    def _insert(self, rows: list[tuple[Any, ...]]) -> None:
        self._file.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", rows)


class RowReport:
    """A report that was written. Empty where there is none any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.exists = path.is_file()

    def count(self, outcome: str = "") -> int:
        if not self.exists:
            return 0
        with closing(self._open()) as file:
            where, params = _where(outcome)
            found: int = file.execute(f"SELECT count(*) FROM row{where}", params).fetchone()[0]
        return found

    def page(self, outcome: str, start: int, size: int) -> list[ReportRow]:
        """Rows by their place in the file, from ``start`` (0-based) on."""
        if not self.exists:
            return []
        with closing(self._open()) as file:
            where, params = _where(outcome)
            sql = f"SELECT {_SHOWN} FROM row{where} ORDER BY number, rowid LIMIT ? OFFSET ?"
            return [_row(*values) for values in file.execute(sql, [*params, size, start])]

    def causes(self, most: int) -> list[tuple[str, int]]:
        """Why rows are refused, and how many for each reason: the most frequent first."""
        if not self.exists:
            return []
        with closing(self._open()) as file:
            return [
                (told(json.loads(cause)), rows) for cause, rows in file.execute(_CAUSES, [most])
            ]

    def all(self) -> Iterator[ReportRow]:
        if not self.exists:
            return
        with closing(self._open()) as file:
            for values in file.execute(f"SELECT {_SHOWN} FROM row ORDER BY number, rowid"):
                yield _row(*values)

    def csv(self, titles: Mapping[str, str]) -> Iterator[bytes]:
        """The whole report for a spreadsheet: UTF-8 with a BOM, cells that would be run marked as text.

        titles: a field of a site to what the reader calls it.
        """
        names = {key: str(title) for key, title in outcome_names().items()}
        yield b"\xef\xbb\xbf" + _line(
            [_("Row"), _("Code"), _("Outcome"), _("Field"), _("Old"), _("New"), _("Note")]
        )
        for row in self.all():
            start = [str(row.number), row.code, names.get(row.outcome, row.outcome)]
            for field_, old, new in row.changes or [("", "", "")]:
                yield _line([*start, titles.get(field_, field_), old, new, row.words])

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)


def outcome_names() -> dict[str, str]:
    return {
        "created": _("new"),
        "updated": _("changed"),
        "unchanged": _("unchanged"),
        "refused": _("refused"),
        "warning": _("with a note"),
    }


def _where(outcome: str) -> tuple[str, list[str]]:
    return (" WHERE outcome = ?", [outcome]) if outcome else ("", [])


def _row(number: int, code: str, outcome: str, changes: str | None, words: str | None) -> ReportRow:
    return ReportRow(
        number,
        code,
        outcome,
        [tuple(one) for one in json.loads(changes)] if changes else [],
        told(json.loads(words)) if words else "",
    )


def _placed(problem: Problem, words: Callable[[], str]) -> Callable[[], str]:
    """The sentence with its column; the row has a column of its own."""
    return lambda: (
        _("%(field)s: %(sentence)s")
        % {
            "field": problem.field,
            "sentence": words(),
        }
        if problem.field
        else words()
    )


def _kept(sentence: Callable[[], str]) -> str:
    return json.dumps(in_every_language(sentence), ensure_ascii=False)


def _packed(changes: Mapping[str, tuple[Any, Any]]) -> str:
    pairs = [(name, _shown(old), _shown(new)) for name, (old, new) in changes.items()]
    return json.dumps(pairs, ensure_ascii=False)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Point):
        return f"{value.x:.6f}, {value.y:.6f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([_neutral(cell) for cell in cells])
    return out.getvalue().encode("utf-8")


def _neutral(cell: str) -> str:
    """Numbers stay numbers."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
