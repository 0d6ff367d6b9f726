"""Attributes: each different value of a layer once, and features' pairs of name and value by number (section 4.4)."""

import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.mvt import varint
from layers.mvt.layer import Column

Codes = NDArray[np.int64]
# Not there: None, or a number that is none.
ABSENT = -1
FIELD_FLOAT, FIELD_DOUBLE, FIELD_UINT, FIELD_SINT, FIELD_BOOL = (
    bytes([number << 3 | wire]) for number, wire in [(2, 5), (3, 1), (5, 0), (6, 0), (7, 0)]
)
FIELD_STRING = 1
KINDS = (str, int, float, type(None), np.integer, np.floating, np.bool_)


class Table:
    """The layer's names and values, as bytes, in the order of their numbers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: dict[bytes, int] = {}

    def tags(
        self, columns: Mapping[str, Column], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The numbers of all features, and how many of each. rows: the columns' row of each feature."""
        found = [self._column(name, values, rows) for name, values in columns.items()]
        found = [one for one in found if one is not None]
        if not found:
            return np.empty(0, dtype=np.uint64), np.zeros(len(rows), dtype=np.int64)
        codes = np.stack([one for one in found if one is not None], axis=1)
        pairs = np.stack([np.broadcast_to(np.arange(len(found)), codes.shape), codes], axis=2)
        there = codes != ABSENT
        return pairs[there].ravel().astype(np.uint64), 2 * there.sum(axis=1)

    def _column(self, name: str, values: Column, rows: NDArray[np.int64]) -> Codes | None:
        """The number of each feature's value, or None when no feature has one."""
        different, codes = factorised(values, rows)
        # One look for each different value, not for each feature.
        numbers = [self.values.setdefault(one, len(self.values)) for one in different]
        if not numbers:
            return None
        self.names.append(name)
        return np.where(codes == ABSENT, ABSENT, np.array(numbers, dtype=np.int64)[codes])


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
    encode: Callable[[Any], bytes | None] = _float32 if values.dtype == np.float32 else encoded
    messages = [encode(one) for one in different.tolist()]
    there = [message for message in messages if message is not None]
    numbers = np.full(len(messages), ABSENT, dtype=np.int64)
    numbers[[message is not None for message in messages]] = np.arange(len(there))
    return there, numbers[codes]


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
        return _float32(float(value))
    return FIELD_DOUBLE + struct.pack("<d", value)


def _float32(value: float) -> bytes | None:
    return FIELD_FLOAT + struct.pack("<f", value) if np.isfinite(value) else None


def _whole(number: int | np.bool_ | np.integer[Any]) -> bytes:
    if isinstance(number, bool | np.bool_):
        return FIELD_BOOL + bytes([bool(number)])
    value = int(number)
    if not -(2**63) <= value < 2**64:
        raise OverflowError("a tile holds whole numbers of up to 64 bits")
    if value >= 0:
        return FIELD_UINT + varint.one(value)
    return FIELD_SINT + varint.one(-2 * value - 1)
