"""Class limits over a column, against what their definitions say, on whichever database there is."""

import hypothesis
import numpy as np
import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from layers.models import Feature, Layer
from layers.styles import classes
from layers.styles.classes import Method, categories_of, columns_of, limits, numbers_of
from layers.styles.ramps import RAMPS, colours


def sizes(values: np.ndarray, found: list[float]) -> list[int]:
    """How many values each class holds, as ``step`` sorts them."""
    return np.bincount(
        np.searchsorted(found, values, side="right"), minlength=len(found) + 1
    ).tolist()


def test_quantiles_hold_equally_many() -> None:
    values = np.arange(1000, dtype=float)
    assert sizes(values, limits(values, Method.QUANTILE, 5)) == [200] * 5


def test_equal_classes_are_equally_wide() -> None:
    values = np.array([0.0, 1, 2, 3, 100])
    assert limits(values, Method.EQUAL, 4) == [25, 50, 75]


def test_natural_breaks_stand_in_the_gaps_and_are_the_same_each_time() -> None:
    rng = np.random.default_rng(7)
    groups = [rng.normal(middle, 1, 300) for middle in (0, 40, 100)]
    values = np.concatenate(groups)
    found = limits(values, Method.NATURAL, 3)
    assert sizes(values, found) == [300, 300, 300]
    assert limits(values, Method.NATURAL, 3) == found


def test_natural_breaks_are_as_good_as_the_exact_ones() -> None:
    """The sum of squares within the classes, against Fisher and Jenks' exact optimum."""
    import mapclassify

    values = np.random.default_rng(3).lognormal(size=250)

    def within(found: list[float]) -> float:
        groups = np.searchsorted(found, values, side="right")
        return sum(
            ((values[groups == one] - values[groups == one].mean()) ** 2).sum()
            for one in set(groups)
        )

    exact = mapclassify.FisherJenks(values, k=5)
    groups = exact.yb
    best = sum(
        ((values[groups == one] - values[groups == one].mean()) ** 2).sum()
        for one in set(groups.tolist())
    )
    assert within(limits(values, Method.NATURAL, 5)) <= best * 1.02


def test_groups_that_are_lost_beside_large_numbers_make_fewer_classes() -> None:
    values = np.array([0, 1e-30, 2e-30, 3e-30, 1e9, 1e9 + 64, 2e9])
    found = limits(values, Method.NATURAL, 6)
    assert 1 <= len(found) < 6


@hypothesis.settings(max_examples=40)
@given(
    st.lists(st.floats(-1e9, 1e9, width=32) | st.integers(-3, 3).map(float), max_size=30),
    st.sampled_from(list(Method)),
    st.integers(2, 9),
)
def test_limits_rise_and_make_no_more_classes_than_asked(
    listed: list[float], method: Method, count: int
) -> None:
    values = np.array(listed, dtype=float)
    found = limits(values, method, count)
    assert len(found) < count
    assert found == sorted(set(found))
    if len(set(listed)) < 2:
        assert found == []


@pytest.mark.parametrize("count", [1, 10])
def test_the_number_of_classes_has_bounds(count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        limits(np.arange(20.0), Method.EQUAL, count)


@pytest.fixture
def layer(db: None) -> Layer:
    layer = Layer.objects.create(key="plots", name="地块")
    given_: list[object] = [1, 2.5, None, "3", True, "甲", "甲", 7]
    Feature.objects.bulk_create(
        Feature(layer=layer, geom=Point(123.9, 47.3), properties={"值 a": value})
        for value in given_
    )
    return layer


def test_only_numbers_count(layer: Layer) -> None:
    found = numbers_of(layer, "值 a")
    assert sorted(found.values.tolist()) == [1, 2.5, 7]
    assert (found.missing, found.share) == (5, 1.0)
    assert numbers_of(layer, "no such").missing == 8


def test_a_limit_is_as_short_as_it_can_be() -> None:
    values = np.array([1.23456, 1.98765, 3.14159, 40.5])
    assert limits(values, Method.NATURAL, 4) == [1.9, 3.0, 40.0]


def test_many_features_are_sampled(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classes, "MOST_VALUES", 4)
    found = numbers_of(layer, "值 a")
    assert len(found.values) + found.missing == 4
    assert found.share == 0.5


def test_categories_come_by_frequency(layer: Layer) -> None:
    found, more = categories_of(layer, "值 a")
    assert found[0] == "甲"
    assert more == 0
    assert set(found[1:]) == {1, 2.5, "3", 7}
    assert columns_of(layer) == {"值 a": "text"}


@pytest.mark.parametrize("key", RAMPS)
@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_every_ramp_gives_as_many_colours_as_classes(key: str, count: int) -> None:
    found = colours(key, count)
    assert len(found) == count
    assert all(len(one) == 7 and int(one[1:], 16) >= 0 for one in found)
    assert colours(key, count, is_reversed=True)[:1] != found[:1] or count == 1
