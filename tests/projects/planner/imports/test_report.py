"""The row-by-row report: what would change, filtered, page by page, and as a file for a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest

from projects.importing.folder import JobFolder
from projects.importing.report import RowOutcome
from projects.importing.row_report import RowReport, RowReportWriter
from projects.models import ImportJob, Programme
from projects.planner.imports import pages
from tests.layers.importing.samples import siblings
from tests.projects.importing.conftest import record, ring, write
from tests.projects.planner.imports.conftest import Planner


def cells(planner: Planner, job: ImportJob) -> list[list[str]]:
    response = planner.client.get(f"/planner/import/{job.pk}/rows.csv")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def changed(tmp_path: Path, estates: Programme, planner: Planner) -> ImportJob:
    """E-1 changes, E-2 stays, E-3 is new."""
    first = [record("E-1", 总投资="12.50", 县区="西区"), record("E-2")]
    planner.stored(estates, *siblings(write(tmp_path / "a", first)))
    again = [record("E-1", 总投资="13", 县区="东区", 户数="40"), record("E-2"), record("E-3")]
    shapes = [ring(124.1), ring(123.6 + 1 / 50), ring(123.64)]
    job = planner.send(*siblings(write(tmp_path / "b", again, shapes)))
    planner.check(job, estates)
    return job


def test_an_update_tells_old_and_new_of_each_field(changed: ImportJob, planner: Planner) -> None:
    assert changed.counts == {"created": 1, "updated": 1, "unchanged": 1, "refused": 0}
    page = planner.client.get(f"/planner/import/{changed.pk}/?outcome=updated")
    [row] = page.context["rows"]
    told = {title: (old, new) for title, old, new in row["changes"]}
    assert told["Investment, 10,000 yuan"] == ("12.5", "13")
    assert told["户数"] == ("12", "40")
    assert told["District"] == ("西区", "东区")
    assert told["Place"][0].startswith("123.6") and told["Place"][1].startswith("124.1")
    assert len(told) == 4


def test_the_file_has_a_line_for_each_field_that_changes(
    changed: ImportJob, planner: Planner
) -> None:
    head, *rows = cells(planner, changed)
    assert head == ["Row", "Code", "Outcome", "Field", "Old", "New", "Note"]
    assert ["1", "E-1", "changed", "户数", "12", "40", ""] in rows
    assert [row[1:3] for row in rows if row[2] != "changed"] == [
        ["E-2", "unchanged"],
        ["E-3", "new"],
    ]


def test_the_rows_are_turned_over_page_by_page(
    changed: ImportJob, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    address = f"/planner/import/{changed.pk}/"
    assert [row["row"].number for row in planner.client.get(address).context["rows"]] == [1, 2]
    second = planner.client.get(f"{address}?page=2")
    assert [row["row"].number for row in second.context["rows"]] == [3]
    assert planner.client.get(f"{address}?outcome=nonsense").context["page"].paginator.count == 3


def test_cells_that_a_spreadsheet_would_run_are_text(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    rows = [record("=1+1"), record("@E", 户数="-7")]
    job = planner.send(*siblings(write(tmp_path, rows)))
    planner.check(job, estates)
    told = cells(planner, job)[1:]
    assert told[0][1] == "'=1+1"
    assert told[1][2] == "refused" and "-7" in told[1][6]


def test_a_refusal_is_told_in_the_reader_s_language(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.send(*siblings(write(tmp_path, [record("E-1", 户数="-1"), record("E-2")])))
    planner.check(job, estates)
    english = planner.page(job, "?outcome=refused")
    assert "is refused" in english and "E-2" not in english
    planner.client.cookies["django_language"] = "zh-hans"
    assert "is refused" not in planner.page(job, "?outcome=refused")


def test_refusals_are_counted_by_what_is_wrong_and_name_the_site(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    rows = [record("E-1", 户数=""), record("E-2", 户数="-1"), record("E-3", 户数="-5")]
    rows += [record("E-4", 户数=""), record("E-5", 户数="")]
    job = planner.send(*siblings(write(tmp_path, rows)))
    planner.check(job, estates)
    response = planner.client.get(f"/planner/import/{job.pk}/")
    (missing, most), (negative, fewer) = response.context["causes"]
    assert "户数" in missing and "required" in missing and most == 3
    assert "户数" in negative and fewer == 2
    assert [row["row"].code for row in response.context["rows"]] == [
        f"E-{number}" for number in range(1, 6)
    ]


def test_the_fields_that_a_new_site_must_have_are_named_before_the_check(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.send(*siblings(write(tmp_path, [record("E-1")])))
    page = planner.client.get(f"/planner/import/{job.pk}/?step=fields&programme={estates.key}")
    targets = [target for target, _name in page.context["required"]]
    assert targets[0] == "code" and "attributes.households" in targets


def test_a_report_that_is_gone_is_said_to_be(changed: ImportJob, planner: Planner) -> None:
    JobFolder(changed.pk).rows.unlink()
    assert "no longer kept" in planner.page(changed)
    assert planner.client.get(f"/planner/import/{changed.pk}/rows.csv").status_code == 404


def test_a_report_that_was_not_finished_leaves_the_former(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite3"
    first = RowReportWriter(path)
    first.add([RowOutcome(1, "A", "created")])
    first.finish()
    second = RowReportWriter(path)
    second.add([RowOutcome(1, "B", "created")])
    second.drop()
    assert [row.code for row in RowReport(path).all()] == ["A"]
    assert list(tmp_path.iterdir()) == [path]
