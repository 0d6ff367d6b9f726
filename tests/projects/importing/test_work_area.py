"""An import writes only where its sender may edit: the districts and programmes that are assigned to him."""

import datetime as dt
from pathlib import Path

from layers.importing.problems import Code
from projects.importing import ImportOptions, ImportReport, import_sites
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import make_programme
from tests.projects.importing.conftest import record, ring, write

DAY = dt.date(2022, 1, 26)


def imported(programme: Programme, path: Path, cast: Cast) -> ImportReport:
    options = ImportOptions(on=DAY)
    return import_sites(programme, [path], options, by=cast.alice, dry_run=False)


def assign(cast: Cast, code: str | None, programme: Programme | None = None) -> None:
    Assignment.objects.filter(user=cast.alice).delete()
    district = None if code is None else District.objects.get(code=code)
    Assignment.objects.create(user=cast.alice, district=district, programme=programme)


def test_a_row_in_another_s_district_is_refused(
    tmp_path: Path, estates: Programme, cast: Cast
) -> None:
    assign(cast, "230202")
    path = write(tmp_path, [record("E-1"), record("E-2")], [ring(123.6), ring(124.2)])
    report = imported(estates, path, cast)
    assert [(one.code, one.feature) for one in report.refused] == [(Code.NOT_ASSIGNED, 2)]
    assert not Site.objects.exists()


def test_a_row_that_names_another_s_district_is_refused(
    tmp_path: Path, estates: Programme, cast: Cast
) -> None:
    assign(cast, "230202")
    report = imported(estates, write(tmp_path, [record("E-1", 县区="东区")]), cast)
    assert [one.code for one in report.refused] == [Code.NOT_ASSIGNED]


def test_a_site_of_another_s_district_is_not_changed(
    tmp_path: Path, estates: Programme, cast: Cast
) -> None:
    imported(estates, write(tmp_path / "a", [record("E-1")]), cast)
    assign(cast, "230203")
    report = imported(estates, write(tmp_path / "b", [record("E-1", 户数="13")]), cast)
    assert [one.code for one in report.refused] == [Code.NOT_ASSIGNED]
    assert Site.objects.get().attributes["households"] == 12


def test_another_programme_is_refused(tmp_path: Path, estates: Programme, cast: Cast) -> None:
    assign(cast, None, make_programme("squares"))
    assert imported(estates, write(tmp_path, [record("E-1")]), cast).refused
    assign(cast, None, estates)
    assert imported(estates, write(tmp_path / "again", [record("E-1")]), cast).stored
