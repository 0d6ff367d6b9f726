"""Attributes: each different value of a layer once, and features' pairs of name and value by number (section 4.4)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.mvt import ragged, varint
from layers.mvt.layer import Column

Codes = NDArray[np.int64]
# Not there: None, or a number that is none.
ABSENT = -1
FIELD_FLOAT, FIELD_DOUBLE, FIELD_UINT, FIELD_SINT, FIELD_BOOL = (
    bytes([number << 3 | wire]) for number, wire in [(2, 5), (3, 1), (5, 0), (6, 0), (7, 0)]
)
FIELD_STRING = 1
KINDS = (str, int, float, type(None), np.integer, np.floating, np.bool_)


@dataclass(frozen=True, slots=True)
class Coded:
    """Columns whose values are numbers of one table.

    codes: (n, c) for each row and column a number in ``values``, or ABSENT. values: Value messages, each once.
    """

    names: Sequence[str]
    codes: Codes
    values: Sequence[bytes]

    def of(self, rows: NDArray[np.int64]) -> Coded:
        """These rows, with the same table."""
        return Coded(self.names, self.codes[rows], self.values)

    def only(self, names: Sequence[str]) -> Coded:
        """These columns, in their own order, with the same table."""
        places = [place for place, name in enumerate(self.names) if name in names]
        return Coded([self.names[place] for place in places], self.codes[:, places], self.values)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Features' tags. tags, counts: numbers of all features, and how many of each. For each tile, what they count:
    keys, key_counts: columns; values, value_counts: numbers in the table.
    """

    tags: NDArray[np.uint64]
    counts: Codes
    keys: Codes
    key_counts: Codes
    values: Codes
    value_counts: Codes


def coded(columns: Mapping[str, Column], rows: NDArray[np.int64]) -> Coded:
    """These rows of the columns. Raises TypeError and OverflowError for what no tile can hold."""
    table: dict[bytes, int] = {}
    codes = np.empty((len(rows), len(columns)), dtype=np.int64)
    for place, values in enumerate(columns.values()):
        different, own = factorised(values, rows)
        # One look for each different value, not for each feature.
        numbers = [table.setdefault(one, len(table)) for one in different]
        codes[:, place] = np.array([*numbers, ABSENT], dtype=np.int64)[own]
    return Coded(list(columns), codes, list(table))


def tagged(features: Coded, tiles: Codes | None, count: int) -> Tagged:
    """tiles: the tile of each feature, rising, below ``count``; None when there is one."""
    there = features.codes != ABSENT
    row, column = np.nonzero(there)
    tile = np.zeros(len(row), dtype=np.int64) if tiles is None else tiles[row]
    key, keys, key_counts = _renumbered(column, len(features.names), tile, count)
    values = features.codes[there]
    value, used, value_counts = _renumbered(values, len(features.values), tile, count)
    tags = np.column_stack([key, value]).ravel().astype(np.uint64)
    return Tagged(tags, 2 * there.sum(axis=1), keys, key_counts, used, value_counts)


def _renumbered(numbers: Codes, total: int, tile: Codes, tiles: int) -> tuple[Codes, Codes, Codes]:
    """Numbers below ``total`` counted afresh in each tile; and for each tile which there are, and how many."""
    wide = tile * total + numbers
    if tiles * total <= 4 * len(numbers) + 4_096:
        present = np.zeros(tiles * total, dtype=bool)
        present[wide] = True
        found = np.flatnonzero(present)
        place = (np.cumsum(present) - 1)[wide]
    else:
        found, place = np.unique(wide, return_inverse=True)
    counts = np.bincount(found // max(total, 1), minlength=tiles)
    return place - ragged.starts(counts)[tile], found % max(total, 1), counts


def factorised(values: Column, rows: NDArray[np.int64]) -> tuple[list[bytes], Codes]:
    """The different values as messages, and which of them each row has. Raises TypeError for what no tile can hold."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
        return _numbers(values[rows])
    taken = np.fromiter(values, dtype=object, count=len(values))[rows].tolist()
    types = set(map(type, taken))
    for kind in types:
        if not issubclass(kind, KINDS):
            raise TypeError(f"a tile holds text, numbers and truth values, not {kind.__name__}")
    # 1, 1.0 and True are equal as keys: apart by their types when there is more than one.
    mixed = len(types - {type(None)}) > 1
    keys: list[Any] = list(zip(map(type, taken), taken, strict=True)) if mixed else taken
    numbers: dict[Any, int] = {}
    different: list[bytes] = []
    for key in dict.fromkeys(keys):
        message = encoded(key[1] if mixed else key)
        numbers[key] = ABSENT if message is None else len(different)
        if message is not None:
            different.append(message)
    return different, np.fromiter(map(numbers.__getitem__, keys), np.int64, count=len(keys))


def _numbers(values: NDArray[Any]) -> tuple[list[bytes], Codes]:
    different, codes = np.unique(values, return_inverse=True)
    if values.dtype == np.float64:
        there = np.isfinite(different)
        packed = different[there].astype("<f8").tobytes()
        messages = [FIELD_DOUBLE + packed[at : at + 8] for at in range(0, len(packed), 8)]
    else:
        found = [encoded(one) for one in different]
        there = np.array([message is not None for message in found])
        messages = [message for message in found if message is not None]
    numbers = np.full(len(different), ABSENT, dtype=np.int64)
    numbers[there] = np.arange(len(messages))
    return messages, numbers[codes]


def encoded(value: Any) -> bytes | None:
    """A value of one of KINDS as a message; None for what is left out: None, NaN, infinity.

    Raises OverflowError for whole numbers beyond 64 bits.
    """
    if isinstance(value, str):
        return varint.field(FIELD_STRING, value.encode("utf-8", "replace"))
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return _whole(value)
    if value is None or not np.isfinite(value):
        return None
    if isinstance(value, np.float32):
        return FIELD_FLOAT + struct.pack("<f", value)
    return FIELD_DOUBLE + struct.pack("<d", value)


def _whole(number: int | np.bool_ | np.integer[Any]) -> bytes:
    if isinstance(number, bool | np.bool_):
        return FIELD_BOOL + bytes([bool(number)])
    value = int(number)
    if not -(2**63) <= value < 2**64:
        raise OverflowError("a tile holds whole numbers of up to 64 bits")
    if value >= 0:
        return FIELD_UINT + varint.one(value)
    return FIELD_SINT + varint.one(-2 * value - 1)
