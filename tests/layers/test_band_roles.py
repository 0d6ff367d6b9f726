"""Roles of bands by what a file calls them: suggested where words say it, never by number."""

import pytest

from layers.band_roles import suggested


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (["Red", "Green", "Blue", "NIR"], ["red", "green", "blue", "nir"]),
        (["blue", "green", "red", "red_edge", "near infrared"], ["blue", "green", "red", "red_edge", "nir"]),
        (["蓝", "绿", "红", "红边", "近红外"], ["blue", "green", "red", "red_edge", "nir"]),
        (["nir1", "SWIR 1", "temperature"], ["nir", "swir", "other"]),
        (["B4", "B3", "B2", "B8"], None),
        (["", "", ""], None),
        (["red", "red"], None),
        (["infrared photograph", "scored"], None),
        ([], None),
    ],
)  # fmt: skip
def test_words_tell_and_numbers_do_not(names: list[str], roles: list[str] | None) -> None:
    assert suggested(names) == roles
