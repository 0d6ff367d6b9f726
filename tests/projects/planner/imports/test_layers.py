"""A file becomes a reference layer, through the same steps, and is taken back."""

from pathlib import Path

import pytest

from layers.models import Feature, Layer
from projects.models import Assignment, District, ImportJob, JobState, Programme
from tests.conftest import Cast
from tests.projects.planner.imports.conftest import Planner, signed_in

pytestmark = pytest.mark.usefixtures("city")


def checked(planner: Planner, archive: Path, mode: str, key: str) -> ImportJob:
    job = planner.send(archive)
    planner.do(job, "check-layer", mode=mode, new_key=key, layer_key=key, name="演示·小区")
    return job


def shown(key: str) -> int:
    return Feature.objects.filter(layer__key=key, batch__replaced_by__isnull=True).count()


def test_a_new_layer_is_checked_stored_and_taken_back(planner: Planner, archive: Path) -> None:
    job = checked(planner, archive, "new", "estates")
    assert (job.state, job.counts["created"]) == (JobState.CHECKED, 3)
    assert not Layer.objects.filter(key="estates").exists()
    planner.do(job, "store")
    assert (job.state, shown("estates"), job.has_files) == (JobState.STORED, 3, False)
    assert Feature.objects.first().properties["名称"] == "演示·E-1"  # type: ignore[union-attr]
    assert "estates" in planner.page(job)
    planner.do(job, "undo")
    assert (job.state, shown("estates")) == (JobState.UNDONE, 0)


def test_a_replaced_layer_comes_back_and_the_later_file_goes_first(
    planner: Planner, archive: Path
) -> None:
    first = checked(planner, archive, "new", "estates")
    planner.do(first, "store")
    second = checked(planner, archive, "replace", "estates")
    planner.do(second, "store")
    third = checked(planner, archive, "append", "estates")
    planner.do(third, "store")
    assert shown("estates") == 6
    planner.do(second, "undo")
    assert second.state == JobState.STORED and 'role="alert"' in planner.page(second)
    for job in (third, second):
        planner.do(job, "undo")
        assert job.state == JobState.UNDONE
    assert shown("estates") == 3


def test_a_key_that_is_taken_or_none_is_told(planner: Planner, archive: Path) -> None:
    Layer.objects.create(key="rivers", name="河流")
    for mode, key in (("new", "rivers"), ("new", "no key"), ("append", "nowhere")):
        job = checked(planner, archive, mode, key)
        assert (job.state, job.findings["can_store"]) == (JobState.CHECKED, False)
        assert 'role="alert"' in planner.page(job)
        assert planner.do(job, "store").status_code == 400


@pytest.mark.parametrize("held_by", ["district", "programme"])
def test_a_planner_of_a_part_brings_in_no_layer_of_the_whole(
    planner: Planner, archive: Path, cast: Cast, estates: Programme, held_by: str
) -> None:
    whole = checked(planner, archive, "new", "estates")
    planner.do(whole, "store")
    waiting = checked(planner, archive, "append", "estates")
    Assignment.objects.filter(user=cast.alice).delete()
    part = {"district": District.objects.first(), "programme": estates}
    Assignment.objects.create(user=cast.alice, **{held_by: part[held_by]})
    job = planner.send(archive)
    page = planner.page(job, "?step=fields")
    assert "new_key" not in page and "whole city" in page
    answer = planner.do(job, "check-layer", mode="new", new_key="mine", name="x")
    assert answer.status_code == 403
    planner.do(waiting, "store")
    assert (waiting.state, shown("estates")) == (JobState.FAILED, 3)
    assert "whole city" in str(waiting.messages)
    planner.do(whole, "undo")
    assert (whole.state, shown("estates")) == (JobState.STORED, 3)


def test_a_planner_without_an_assignment_may(planner: Planner, archive: Path, cast: Cast) -> None:
    Assignment.objects.filter(user=cast.alice).delete()
    assert checked(planner, archive, "new", "estates").state == JobState.CHECKED


def test_an_administrator_and_a_planner_of_the_whole_city_may(
    planner: Planner, archive: Path, cast: Cast
) -> None:
    Assignment.objects.create(user=cast.dora, district=District.objects.first())
    for someone in (planner, signed_in(cast.dora)):
        job = checked(someone, archive, "new", "estates")
        assert job.state == JobState.CHECKED
