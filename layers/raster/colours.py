"""Colour ramps for one-band products, with their legends.

Lightness goes one way along each sequential ramp, and away from the middle along ``change``, so that they can be read
without seeing colours. Sources: viridis, magma (S. van der Walt, N. Smith, matplotlib, CC0); cividis (Nuñez, Anderton,
Renslow 2018, doi:10.1371/journal.pone.0199239); the others after ColorBrewer (YlGn, Blues, BrBG; C. Brewer).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RAMPS: dict[str, str] = {
    "grey": "000000 ffffff",
    "viridis": "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
    "magma": "000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf",
    "cividis": "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
    "ndvi": "f6edde ece4b7 d9f0a3 addd8e 78c679 41ab5d 238443 006837 004529",
    "water": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
    "change": "543005 8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e 003c30",
}
_STEPS = 256


@lru_cache(maxsize=len(RAMPS))
def table(name: str) -> NDArray[np.uint8]:
    """256 colours, uint8 (256, 3), from low to high; between the ramp's own colours linear in sRGB."""
    stops = np.array([list(bytes.fromhex(word)) for word in RAMPS[name].split()], float)
    at = np.linspace(0, len(stops) - 1, _STEPS)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def legend(name: str, low: float, high: float, count: int = 7) -> list[dict[str, str | float]]:
    """Values with the colours they have (``#rrggbb``), from low to high."""
    colours = table(name)
    shares = np.linspace(0, 1, count)
    return [
        {
            "value": round(float(low + share * (high - low)), 6),
            "color": "#" + bytes(colours[round(share * (_STEPS - 1))].tolist()).hex(),
        }
        for share in shares
    ]
