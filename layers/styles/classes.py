"""Class limits over the numbers of a layer's column, by mapclassify (Rey and others, 2022), and its categories."""

from __future__ import annotations

import math
import threading
import warnings
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Mod

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.models import Layer

MOST_VALUES = 100_000
MOST_CATEGORIES = 24
MIN_CLASSES, MAX_CLASSES = 2, 9
_SIGNIFICANT = 6
# k-means draws its first centres from numpy's global generator.
_seeded = threading.Lock()


class Method(StrEnum):
    QUANTILE = "quantile"
    EQUAL = "equal"
    NATURAL = "natural"


@dataclass(frozen=True)
class Numbers:
    """Of one column. missing: how many features looked at have no number; share: looked at, of all features."""

    values: NDArray[np.float64]
    missing: int
    share: float


def numbers_of(layer: Layer, column: str) -> Numbers:
    """The finite numbers of a column, of all features that are shown; of more than 100,000, of every n-th by key."""
    raw, share = _read(layer, column)
    found = np.array([one for one in raw if _is_number(one)], dtype=float)
    found = found[np.isfinite(found)]
    return Numbers(found, len(raw) - len(found), share)


def categories_of(layer: Layer, column: str) -> tuple[list[str | int | float], int]:
    """The values of a column, the most frequent first, and how many further ones there are; counted as numbers_of."""
    raw, _share = _read(layer, column)
    counts = Counter(one for one in raw if _is_category(one))
    ordered = [value for value, _count in counts.most_common()]
    return ordered[:MOST_CATEGORIES], max(0, len(ordered) - MOST_CATEGORIES)


def columns_of(layer: Layer, most: int = 500) -> dict[str, str]:
    """Names of the properties and whether they hold ``number`` or ``text``, as the first ``most`` features show."""
    found: dict[str, str] = {}
    for properties in (
        layer.features.shown().order_by("pk").values_list("properties", flat=True)[:most]
    ):
        for name, value in properties.items():
            if isinstance(value, str) or isinstance(value, bool):
                found[name] = "text"
            elif isinstance(value, (int, float)):
                found.setdefault(name, "number")
    return found


def limits(values: NDArray[np.float64], method: Method, count: int) -> list[float]:
    """Where one class ends and the next begins: at most ``count`` - 1 numbers, rising.

    values: finite, in any order and unit; fewer different ones than classes give fewer classes, none give none. A value
    equal to a limit belongs to the class above it. Natural breaks are k-means in one dimension, from a fixed seed.
    Raises ValueError for a count outside of 2 to 9.
    """
    if not MIN_CLASSES <= count <= MAX_CLASSES:
        raise ValueError(count)
    different = np.unique(values)
    if len(different) < 2:
        return []
    if len(different) <= count:
        return [_between(low, high) for low, high in pairwise(different.tolist())]
    upper = _upper_ends(values, method, count)
    if method is Method.EQUAL:
        return _rising([_short(one, _SIGNIFICANT) for one in upper[:-1]])
    # mapclassify's classes are closed above, ours below: a limit lies between a class's last value and the next one.
    ends = {int(np.searchsorted(different, end, side="right")) for end in upper[:-1]}
    pairs = [(different[at - 1], different[at]) for at in sorted(ends) if 0 < at < len(different)]
    return [_between(float(low), float(high)) for low, high in pairs]


def _upper_ends(values: NDArray[np.float64], method: Method, count: int) -> list[float]:
    import mapclassify  # slow to load, and few processes need it

    if method is Method.QUANTILE:
        return [float(one) for one in mapclassify.Quantiles(values, k=count).bins]
    if method is Method.EQUAL:
        return [float(one) for one in mapclassify.EqualInterval(values, k=count).bins]
    return _natural(values, count)


def _natural(values: NDArray[np.float64], count: int) -> list[float]:
    """Fewer classes where k-means finds fewer groups: differences may be lost beside values many orders larger."""
    import mapclassify

    with _seeded, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        former = np.random.get_state()
        try:
            for fewer in range(count, 1, -1):
                np.random.seed(0)
                try:
                    return [float(one) for one in mapclassify.NaturalBreaks(values, k=fewer).bins]
                except ValueError:  # a group without values
                    continue
        finally:
            np.random.set_state(former)
    return [float(values.mean()), float(values.max())]


def _rising(found: list[float]) -> list[float]:
    return sorted(set(found))


def _between(low: float, high: float) -> float:
    """The shortest number above ``low`` and not above ``high``, so that a legend can be read."""
    for digits in range(1, 17):
        for found in (_short(high, digits), _floored(high, digits)):
            if low < found <= high:
                return found
    return high


def _floored(value: float, digits: int) -> float:
    if value == 0:
        return value
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    return _short(math.floor(value / unit) * unit, digits + 1)


def _short(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _read(layer: Layer, column: str) -> tuple[list[Any], float]:
    rows = layer.features.shown()
    total = rows.count()
    stride = -(-total // MOST_VALUES) or 1
    if stride > 1:
        rows = rows.annotate(place=Mod(F("pk"), stride)).filter(place=0)
    # Whole, not by key: SQLite gives the text "3" and the number 3 alike.
    every = rows.values_list("properties", flat=True).iterator(chunk_size=2000)
    found = [properties.get(column) for properties in every]
    return found, len(found) / total if total else 1.0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_category(value: Any) -> bool:
    return _is_number(value) or (isinstance(value, str) and value != "")
