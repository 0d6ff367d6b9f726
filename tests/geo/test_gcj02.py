"""The shift of Chinese web maps, and the way back from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis_projects.geo.gcj02 import OFFSETS, Offset, shift, unshift
from gis_projects.geo.measure import length_m

QIQIHAR = np.array([[123.95, 47.35], [122.6, 46.5], [126.5, 48.7], [124.4, 48.1]])


def metres(one: np.ndarray, other: np.ndarray) -> list[float]:
    return [length_m(LineString([a, b])) for a, b in zip(one, other, strict=True)]


@given(
    st.sampled_from(OFFSETS),
    st.lists(st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5)), min_size=1, max_size=20),
)
def test_the_way_back_is_exact_to_a_micrometre(
    offset: Offset, places: list[tuple[float, float]]
) -> None:
    given_places = np.array(places)
    found = unshift(shift(given_places, offset), offset)
    assert max(metres(found, given_places)) < 1e-6


@pytest.mark.parametrize(("offset", "least", "most"), [("gcj02", 450, 650), ("bd09", 1_000, 1_500)])
def test_how_far_it_moves_this_city(offset: Offset, least: float, most: float) -> None:
    for distance in metres(shift(QIQIHAR, offset), QIQIHAR):
        assert least < distance < most


def test_outside_of_china_gcj02_moves_nothing() -> None:
    elsewhere = np.array([[2.35, 48.85], [140.0, 36.0], [116.0, -8.0]])
    assert np.array_equal(shift(elsewhere, "gcj02"), elsewhere)
    assert np.array_equal(unshift(elsewhere, "gcj02"), elsewhere)


def test_a_known_place() -> None:
    """Tian'anmen, as open implementations of the formula give it."""
    found = shift(np.array([[116.3913, 39.9075]]), "gcj02")
    assert found[0] == pytest.approx([116.397545, 39.908901], abs=3e-5)


def test_no_places_and_no_numbers() -> None:
    assert unshift(np.zeros((0, 2)), "bd09").shape == (0, 2)
    assert np.isnan(unshift(np.array([[np.nan, 47.0]]), "gcj02")[0, 0])
