"""Which tiles are public just now, remembered for a moment.

Many tiles are asked for at a time, and for each it would be looked up whether its layer is still public, and of which
revision. A process looks once in KNOWN_S; for so long a tile of a layer that was withdrawn may still be answered.
"""

import time

from layers.tiles.tile_set import TileSet

KNOWN_S = 1.0
# More layers than that have public tiles nowhere; it keeps made-up keys from filling the memory.
_MOST = 1_000
_known: dict[tuple[str, str], tuple[float, TileSet]] = {}


def get(key: str, revision: str) -> TileSet | None:
    """The public tiles of a layer at the revision of an address, if they were there a moment ago."""
    found = _known.get((key, revision))
    return found[1] if found is not None and found[0] > now() else None


def remember(key: str, revision: str, tiles: TileSet) -> None:
    if len(_known) >= _MOST:
        _known.clear()
    _known[key, revision] = (now() + KNOWN_S, tiles)


def forget() -> None:
    _known.clear()


def now() -> float:
    return time.monotonic()
