"""A packed R*-tree holds what a grown one would, is sound in SQLite's own eyes, and lives on as any other."""

from collections.abc import Iterator

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from gis_projects.sqlite_rows import insert_rows
from layers.bulk import rtree

INDEX, GROWN = "idx_try_packed", "idx_try_grown"


@pytest.fixture
def trees(db: None) -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("R*-trees are SQLite's")
    with connection.cursor() as cursor:
        for name in (INDEX, GROWN):
            cursor.execute(f"CREATE VIRTUAL TABLE {name} USING rtree(pkid, xmin, xmax, ymin, ymax)")
    yield
    with connection.cursor() as cursor:
        for name in (INDEX, GROWN):
            cursor.execute(f"DROP TABLE {name}")


def boxes(count: int, seed: int = 1) -> np.ndarray:
    """West, south, east, north; some left of Greenwich and south of the equator, some without extent."""
    random = np.random.default_rng(seed)
    low = random.uniform(-90, 90, (count, 2))
    return np.hstack([low, low + random.uniform(0, 0.01, (count, 2)) * (random.random() > 0.1)])


def both(numbers: np.ndarray, given: np.ndarray) -> None:
    rtree.add(INDEX, numbers, rtree.rounded(given))
    west, south, east, north = given.T.tolist()
    insert_rows(GROWN, (), [numbers.tolist(), west, east, south, north])


def rows(name: str, where: str = "") -> list[tuple[float, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name} {where} ORDER BY pkid")
        return list(cursor.fetchall())


def check() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rtreecheck(%s)", [INDEX])
        found: str = cursor.fetchone()[0]
    return found


@pytest.mark.usefixtures("trees")
@pytest.mark.parametrize("count", [1, 43, 44, 51, 52, 1_900, 7_000])
def test_a_packed_tree_is_sound_and_holds_what_a_grown_one_holds(count: int) -> None:
    both(np.arange(10, 10 + count), boxes(count))
    assert check() == "ok"
    assert rows(INDEX) == rows(GROWN)
    some = "WHERE xmax >= 3 AND xmin <= 40 AND ymax >= -20 AND ymin <= 5"
    assert rows(INDEX, some) == rows(GROWN, some)


@pytest.mark.usefixtures("trees")
def test_rows_are_added_and_taken_away_afterwards() -> None:
    both(np.arange(1, 3_001), boxes(3_000))
    both(np.arange(3_001, 5_001), boxes(2_000, 2))  # packed anew with what was there
    both(np.arange(5_001, 5_011), boxes(10, 3))  # so few are inserted
    with connection.cursor() as cursor:
        for name in (INDEX, GROWN):
            cursor.execute(f"DELETE FROM {name} WHERE pkid %% 3 = 0", [])
    both(np.arange(6_000, 6_300), boxes(300, 4))
    assert check() == "ok"
    assert rows(INDEX) == rows(GROWN)


@pytest.mark.usefixtures("trees")
def test_all_goes_when_the_transaction_does() -> None:
    both(np.arange(1, 101), boxes(100))
    before = rows(INDEX)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        both(np.arange(200, 5_200), boxes(5_000, 2))
        raise ZeroDivisionError
    assert check() == "ok"
    assert rows(INDEX) == before


@pytest.mark.usefixtures("trees")
def test_a_number_that_is_there_is_refused() -> None:
    both(np.arange(1, 101), boxes(100))
    with pytest.raises(IntegrityError), transaction.atomic():
        rtree.add(INDEX, np.arange(100, 200), rtree.rounded(boxes(100, 2)))
    assert check() == "ok"
