"""Light on a height field: one sun for all scenes, from the north-west as maps have it."""

import numpy as np

from projects.demo.imagery.noise import Field, shifted

SUN_RIGHT, SUN_DOWN = -0.707, -0.707  # direction towards the sun, pixels
_SUN_SLOPE = 0.75


def hillshade(height: Field, strength: float = 1.0) -> Field:
    """About 1 on level ground, brighter towards the sun, darker away from it."""
    down, right = np.gradient(height * strength)
    normal = np.sqrt(1 + down**2 + right**2)
    lit = (1.0 * 0.62 - (right * SUN_RIGHT + down * SUN_DOWN) * 0.78) / normal
    return np.asarray(np.clip(lit / 0.62, 0.25, 1.75), np.float32)


def cast_shadow(height: Field, reach_px: int = 36, step: int = 2) -> Field:
    """0 to 1: how deep a place lies in the shadow of what stands between it and the sun."""
    shade = np.zeros(height.shape, np.float32)
    for distance in range(step, reach_px, step):
        blocker = shifted(height, -SUN_DOWN * distance, -SUN_RIGHT * distance)
        shade = np.maximum(shade, blocker - distance * _SUN_SLOPE - height)
    field: Field = np.clip(shade / 3.0, 0, 1).astype(np.float32)
    return field


def slope(height: Field) -> Field:
    down, right = np.gradient(height)
    field: Field = np.hypot(down, right).astype(np.float32)
    return field
