"""Colours for classes that colour-blind eyes tell apart.

Sources: ColorBrewer 2 (Brewer, Apache 2.0) for the ramps, of those marked colour-blind safe; Okabe and Ito, "Color
Universal Design" (2008), for categories, which are told by more than hue: each differs in lightness, too.
"""

from dataclasses import dataclass

NO_VALUE = "#d9d9d9"
OTHERS = "#9a9a9a"


@dataclass(frozen=True)
class Ramp:
    """colours: from low to high, or in the order of categories. kind: ``sequential``, ``diverging``, ``categories``."""

    key: str
    kind: str
    colours: tuple[str, ...]


RAMPS = {
    ramp.key: ramp
    for ramp in (
        Ramp("blues", "sequential", ("#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")),
        Ramp("greens", "sequential", ("#edf8e9", "#c7e9c0", "#a1d99b", "#74c476", "#31a354", "#006d2c")),
        Ramp("yellow-blue", "sequential", ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")),
        Ramp("yellow-brown", "sequential", ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")),
        Ramp("viridis", "sequential", ("#fde725", "#7ad151", "#22a884", "#2a788e", "#414487", "#440154")),
        Ramp("brown-teal", "diverging", ("#8c510a", "#d8b365", "#f6e8c3", "#c7eae5", "#5ab4ac", "#01665e")),
        Ramp("orange-purple", "diverging", ("#b35806", "#f1a340", "#fee0b6", "#d8daeb", "#998ec3", "#542788")),
        Ramp("categories", "categories",
             ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#4d4d4d")),
    )
}  # fmt: skip


def colours(key: str, count: int, *, is_reversed: bool = False) -> list[str]:
    """``count`` colours of a ramp, spread over the whole of it; categories begin again when there are more.

    Raises KeyError for a ramp that is not there.
    """
    ramp = RAMPS[key]
    given = ramp.colours[::-1] if is_reversed else ramp.colours
    if ramp.kind == "categories":
        return [given[at % len(given)] for at in range(count)]
    if count == 1:
        return [given[-2]]
    return [_between(given, at * (len(given) - 1) / (count - 1)) for at in range(count)]


def _between(given: tuple[str, ...], place: float) -> str:
    at = min(int(place), len(given) - 2)
    share = place - at
    pairs = zip(_parts(given[at]), _parts(given[at + 1]), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
