"""Values in columns: many rows hold few different values, so what is made of a value is made once."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
# In a column of one of these, equal values are the same; 1 and 1.0 and true are equal too, 1.0 and 1.00, 0.0 and -0.0.
_ALIKE: frozenset[type] = frozenset({str, int, bool, dt.date})


def mapped(make: Callable[[Any], T], column: Sequence[Any]) -> list[T]:
    """``make`` of each value, and the very same result for values that are the same. It may return anything."""
    kinds = set(map(type, column)) - {type(None)}
    if len(kinds) != 1 or not kinds <= _ALIKE:
        return list(map(make, column))
    known = {value: make(value) for value in set(column)}
    return list(map(known.__getitem__, column))
