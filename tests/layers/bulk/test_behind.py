"""Writing behind: in order, in the lender's transaction, and its errors are the lender's."""

import threading
import time

import pytest
from django.db import IntegrityError, transaction

from gis_projects.behind import behind, later
from layers.models import Layer


def make(key: str, seen: list[str] | None = None) -> None:
    Layer.objects.create(key=key, name=key)
    if seen is not None:
        seen.append(threading.current_thread().name)


@pytest.fixture
def rows(db: None) -> None:
    """Within the test's own transaction."""


def test_without_it_things_are_done_at_once(rows: None) -> None:
    seen: list[str] = []
    later(make, "a", seen)
    assert seen == [threading.current_thread().name]


@pytest.mark.parametrize("count", [1, 5])
def test_it_writes_in_order_in_a_thread_of_its_own(rows: None, count: int) -> None:
    seen: list[str] = []
    with transaction.atomic(), behind():
        for number in range(count):
            later(make, f"a{number}", seen)
    assert len(seen) == count and set(seen) != {threading.current_thread().name}
    assert [one.key for one in Layer.objects.order_by("pk")] == [f"a{n}" for n in range(count)]


def test_a_query_waits_for_what_was_given(rows: None) -> None:
    def slow() -> None:
        time.sleep(0.1)
        make("slow")

    with transaction.atomic(), behind():
        later(slow)
        assert Layer.objects.filter(key="slow").exists()


def test_an_error_comes_out_and_all_is_undone(rows: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), behind():
        for key in ("a", "a", "b", "c"):
            later(make, key)
    assert not Layer.objects.exists()


def test_an_error_of_the_last_comes_out_at_the_end(rows: None) -> None:
    make("a")
    with pytest.raises(IntegrityError), transaction.atomic(), behind():
        later(make, "a")
    assert Layer.objects.count() == 1


def test_an_error_of_the_lender_ends_what_was_begun(rows: None) -> None:
    with pytest.raises(KeyError), transaction.atomic(), behind():
        for number in range(3):
            later(make, f"a{number}")
        raise KeyError
    assert not Layer.objects.exists()
    assert not [one for one in threading.enumerate() if one.name.startswith("writer")]
