"""Rows are read, checked and written in columns; how many at a time makes no difference to any of them."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import AuditEntry
from layers.importing.problems import Problem
from projects.importing import codes as codes_module
from projects.importing.codes import Codes
from projects.models import ImportedRow, Programme, Site, Transition
from tests.factories import make_site, square
from tests.projects.importing.conftest import Importer, Kept, record, ring, write

GOOD = [
    record("E-1", 户数="13", 总投资="7.10", 县区="东区"),
    record("E-2", 名称="", 等级="", 计划开工="20220501", 计划竣工="20220930"),
    record("E-3", 户数="0", 总投资="7.1"),
    record("E-4", 名称="", 总投资="7.10", 计划开工="20220501"),
    record("E-5", 县区="230203"),
]
BAD = [
    record("E-1", 户数="十二"),
    record(""),
    record("E-1"),
    record("E-1", 等级="丙", 户数=""),
    record("E-6", 县区="月球", 总投资="许多"),
    record("E-7", 计划开工="20220930", 计划竣工="20220501"),
    record("E-8", 户数="-1", 等级="丁"),
    record("E-9", 名称="长" * 60),
    record("E-4", 等级="丙"),
]


class _Undo(Exception):
    pass


def outcome(run: Importer, path: Path, programme: Programme) -> list[Any]:
    """All that an import says and leaves behind, which is then taken back."""
    kept = Kept()
    found: list[Any] = []
    try:
        with transaction.atomic():
            report = run(path, journal=kept)
            found = [kept.all, list(map(told, report.problems)), report.counts, report.crs]
            found += [list(map(written, programme.sites.order_by("code")))]
            first = Transition.objects.filter(site__programme=programme)
            found += [first.count(), ImportedRow.objects.count()]
            entries = AuditEntry.objects.filter(kind="site").order_by("sequence")
            found += [list(entries.values_list("action", "label", "changes"))]
            raise _Undo
    except _Undo:
        return found


def told(problem: Problem) -> tuple[Any, ...]:
    return problem.code, problem.feature, problem.field, problem.sentence()


def written(site: Site) -> dict[str, Any]:
    left_out = {"id", "created_at", "updated_at", "_state"}
    values = {name: value for name, value in vars(site).items() if name not in left_out}
    return values | {"geom": site.geom.ewkt, "public_geom": str(site.public_geom)}


@pytest.mark.parametrize("rows", [GOOD, GOOD + BAD, BAD], ids=["good", "mixed", "bad"])
@pytest.mark.parametrize("has_former", [False, True], ids=["first", "again"])
def test_one_by_one_or_all_at_once(
    tmp_path: Path,
    run: Importer,
    estates: Programme,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[list[str]],
    has_former: bool,
) -> None:
    if has_former:
        make_site(estates, "E-1", geom=square(123.9), attributes={"households": 3})
    path = write(tmp_path, rows)
    together = outcome(run, path, estates)
    for size in (1, 3):
        monkeypatch.setattr("projects.importing.run.BATCH", size)
        assert outcome(run, path, estates) == together


def test_what_the_mistakes_are(tmp_path: Path, run: Importer) -> None:
    report = run(write(tmp_path, GOOD + BAD))
    found = [(problem.feature, str(problem.code), problem.field) for problem in report.refused]
    assert found == [
        (6, "duplicate_code", "编号"),
        (7, "missing_code", "编号"),
        (8, "duplicate_code", "编号"),
        (9, "duplicate_code", "编号"),
        (10, "refused_attribute", "县区"),
        (10, "refused_attribute", "总投资"),
        (11, "refused_attribute", "计划竣工"),
        (12, "refused_attribute", "等级"),
        (12, "refused_attribute", "户数"),
        (14, "duplicate_code", "编号"),
    ]


def test_shapes_that_are_refused_are_told_at_their_place(tmp_path: Path, run: Importer) -> None:
    bow = [(123.6, 47.1), (123.61, 47.11), (123.61, 47.1), (123.6, 47.11), (123.6, 47.1)]
    shapes = [ring(123.6), bow, ring(123.7), ring(100.0)]
    rows = [record("E-1", 户数="x"), record("E-2", 户数="x"), record("E-3"), record("E-4")]
    report = run(write(tmp_path, rows, shapes))
    assert [problem.feature for problem in report.refused] == [1, 2, 4]


def test_codes_are_remembered_beyond_what_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes_module, "_IN_MEMORY", 3)
    codes = Codes()
    assert codes.are_new(["a", "b", "a", "c", "丁"]) == [True, True, False, True, True]
    assert codes.are_new(["丁", "e", "a", "e"]) == [False, True, False, False]
    assert codes.are_new(["f", "g", "h", "b", "e", "'"]) == [True, True, True, False, False, True]
    assert codes.are_new(["'", "f", "i"]) == [False, False, True]
