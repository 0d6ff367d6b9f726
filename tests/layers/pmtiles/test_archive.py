"""The file: order, what is kept once, directories of any size, all or nothing."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.tile import zxy_to_tileid

from gis_projects.geo.bbox import BBox
from layers.pmtiles.archive import ArchiveWriter, Description
from layers.pmtiles.tile_id import tile_ids
from tests.layers.pmtiles.verifying import verified

QIQIHAR = Description(
    BBox(122.4, 45.8, 126.7, 49.0), range(0, 15), {"name": "工程", "vector_layers": []}
)


@given(
    st.integers(0, 26),
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True)), max_size=9
    ),
)
def test_tiles_are_numbered_along_the_curve(z: int, shares: list[tuple[float, float]]) -> None:
    places = [(int(x * 2**z), int(y * 2**z)) for x, y in shares]
    x, y = np.array(places, dtype=np.int64).reshape(-1, 2).T
    assert tile_ids(z, x, y).tolist() == [zxy_to_tileid(z, *place) for place in places]


def test_equal_tiles_are_kept_once_and_runs_are_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    with ArchiveWriter(path) as writer:
        for number, content in [
            (5, b"sea"),
            (6, b"sea"),
            (7, b"sea"),
            (8, b"isle"),
            (9, b"sea"),
            (20, b"sea"),
        ]:
            writer.add(number, content)
        size = writer.finish(QIQIHAR)
    found = verified(path)
    assert size == path.stat().st_size
    assert found.entries == [(5, 0, 3, 3), (8, 3, 4, 1), (9, 0, 3, 1), (20, 0, 3, 1)]
    assert found.tiles[7] == b"sea"
    assert found.metadata == QIQIHAR.metadata
    corners = [found.header[name] / 1e7 for name in ("west", "south", "east", "north")]
    assert corners == [122.4, 45.8, 126.7, 49.0]


def test_many_tiles_are_told_in_leaves(tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    chance = np.random.default_rng(1)
    numbers = np.cumsum(chance.integers(1, 90, 40_000))
    with ArchiveWriter(path) as writer:
        for number in numbers.tolist():
            writer.add(number, number.to_bytes(4, "big") * (1 + number % 9))
        writer.finish(QIQIHAR)
    found = verified(path)
    assert found.leaves > 1
    assert list(found.tiles) == numbers.tolist()
    assert all(content[:4] == number.to_bytes(4, "big") for number, content in found.tiles.items())


@pytest.mark.parametrize("number", [4, 5])
def test_tiles_out_of_order_are_refused(tmp_path: Path, number: int) -> None:
    with ArchiveWriter(tmp_path / "a.pmtiles") as writer:
        writer.add(4, b"a")
        writer.add(5, b"a")
        with pytest.raises(ValueError, match="comes after"):
            writer.add(number, b"b")


def test_an_archive_of_nothing_is_refused_and_the_former_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(b"former")
    with ArchiveWriter(path) as writer, pytest.raises(ValueError, match="at least one"):
        writer.finish(QIQIHAR)
    assert path.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [path]


def test_work_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ArchiveWriter(tmp_path / "a.pmtiles") as writer:
        writer.add(4, b"a")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
