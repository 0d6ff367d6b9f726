"""The ramps can be read by lightness alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.raster.colours import RAMPS, legend, table


def lightness(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """CIE L* of sRGB under D65 (IEC 61966-2-1, CIE 15)."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


@pytest.mark.parametrize("name", [name for name in RAMPS if name != "change"])
def test_lightness_goes_one_way(name: str) -> None:
    steps = np.diff(lightness(table(name)))
    assert (steps >= -0.35).all() or (steps <= 0.35).all()
    assert abs(steps.sum()) > 50


def test_the_ramp_of_changes_is_lightest_in_its_middle_and_alike_on_both_sides() -> None:
    light = lightness(table("change"))
    assert abs(int(light.argmax()) - 127) < 8
    assert (np.diff(light[:124]) > -0.35).all() and (np.diff(light[132:]) < 0.35).all()
    assert abs(light[0] - light[-1]) < 15


def test_a_legend_goes_from_low_to_high() -> None:
    found = legend("grey", -1, 1, 3)
    assert found == [
        {"value": -1.0, "color": "#000000"},
        {"value": 0.0, "color": "#808080"},
        {"value": 1.0, "color": "#ffffff"},
    ]
