"""Real files from other projects, where they are at hand: each row of their manifest ends as it says there."""

import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.utils import translation

from tests.corpora.details import DETAILS, Check
from tests.corpora.doors import Outcome, Verdict, take_in
from tests.corpora.manifest import Row, data_sets, rows

ROWS = rows()
pytestmark = pytest.mark.skipif(not ROWS, reason="no sample files; set GIS_CORPORA")

_WORD = re.compile(r"ACCEPT *\+ *WARN|ACCEPT */ *WARN|ACCEPT|REJECT|WARN|ASK|clear message")
_COUNT = re.compile(r"ACCEPT (\d+)")
_PLAIN = re.compile(r"(?:ACCEPT|\+WARN|/WARN|[ \d]|features)+")
_MEANT: dict[str, set[Verdict]] = {
    "ACCEPT+WARN": {Verdict.WARNED},
    "ACCEPT/WARN": {Verdict.ACCEPTED, Verdict.WARNED},
    "ACCEPT": {Verdict.ACCEPTED, Verdict.WARNED},  # what is worth knowing may be told
    "REJECT": {Verdict.REJECTED},
    "WARN": {Verdict.WARNED},
    "ASK": {Verdict.ASKED},
    "clear message": {Verdict.REJECTED},
}
# Where we differ from the manifest, and why.
DIFFERENT: dict[str, tuple[Verdict, str]] = {
    "geojson/good/issue82.geojson": (Verdict.REJECTED, "263 degrees west, 141 south: no place"),
    "geojson/bad/polygon_winding_order.geojson": (Verdict.ACCEPTED, "RFC 7946, 3.1.6: no fault"),
    "geojson/bad/bad-polygon-interiorring-rhr.geojson": (Verdict.ACCEPTED, "the same"),
    "geojson/bad/excessive_precision_truncated.geojson": (Verdict.ACCEPTED, "digits are kept"),
    "geojson/bad/geometrycollection_single.geojson": (
        Verdict.ACCEPTED,
        "RFC 7946, 3.1.8: no fault",
    ),
    "geojson/bad/geometrycollection_nested.geojson": (Verdict.ACCEPTED, "the same"),
}


def each_data_set() -> list[Any]:
    return [
        pytest.param(row, path, id=f"{PurePosixPath(row.file).parent}/{path.name}")
        for row in ROWS
        for path in data_sets(row) or [None]
    ]


def allowed(expected: str) -> set[Verdict]:
    words = [word.replace(" ", "") if "+" in word else word for word in _WORD.findall(expected)]
    return set().union(*(_MEANT[word] for word in words)) if words else set(Verdict)


def details(row: Row) -> list[Check]:
    return [
        check for pattern, check in DETAILS.items() if row.file == pattern or _is_in(row, pattern)
    ]


def _is_in(row: Row, pattern: str) -> bool:
    return pattern.endswith("/*") and fnmatch(row.file, pattern)


@pytest.mark.parametrize(("row", "path"), each_data_set())
def test_it_ends_as_the_manifest_says(row: Row, path: Path | None, tmp_path: Path) -> None:
    if path is None:
        pytest.skip(f"{row.file} is not there")
    with translation.override("en"):
        outcome = take_in(path, row.file.split("/")[0], tmp_path)
        assert outcome.verdict in expected(row, path), [str(one) for one in outcome.problems]
        assert_said(outcome)
        count = _COUNT.search(row.expected)
        if count:
            assert len(outcome.properties) == int(count[1])
        for check in details(row):
            check(outcome, tmp_path)


def expected(row: Row, path: Path) -> set[Verdict]:
    different = DIFFERENT.get(f"{PurePosixPath(row.file).parent}/{path.name}")
    return {different[0]} if different else allowed(row.expected)


def assert_said(outcome: Outcome) -> None:
    """What did not come in is told in a sentence that names the file; none speaks of our own trouble."""
    if outcome.verdict is not Verdict.ACCEPTED and outcome.header is None and outcome.note is None:
        assert outcome.problems
    for problem in outcome.problems:
        assert problem.file in problem.sentence()
        assert problem.file


def test_every_word_of_the_manifest_is_looked_at() -> None:
    """A row that says more than whether and how many has a check of its own."""
    assert not [row.file for row in ROWS if not _PLAIN.fullmatch(row.expected) and not details(row)]


def test_no_check_is_left_over() -> None:
    used = {id(check) for row in ROWS for check in details(row)}
    assert not [pattern for pattern, check in DETAILS.items() if id(check) not in used]


def test_every_file_of_the_manifest_is_there() -> None:
    assert not [row.file for row in ROWS if not data_sets(row)]
