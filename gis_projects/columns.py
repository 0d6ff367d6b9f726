"""Values in columns: many rows hold few different values, so what is made of a value is made once."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Same(NamedTuple):
    """A column whose value is the same in all rows."""

    value: Any


Column = Sequence[Any] | Same
# In a column of one of these, equal values are the same; 1 and 1.0 and true are equal too, 1.0 and 1.00, 0.0 and -0.0.
_ALIKE: frozenset[type] = frozenset({str, int, bool, dt.date})


def mapped(make: Callable[[Any], T], column: Sequence[Any]) -> list[T]:
    """``make`` of each value, and the very same result for values that are the same. It may return anything."""
    kinds = set(map(type, column)) - {type(None)}
    if len(kinds) != 1 or not kinds <= _ALIKE:
        return list(map(make, column))
    different = set(column)
    if len(different) == len(column):
        return list(map(make, column))
    known = {value: make(value) for value in different}
    return list(map(known.__getitem__, column))


def made(function: Callable[[Any], Any], column: Column) -> Column:
    """``function`` of each value of a column."""
    if isinstance(column, Same):
        return Same(function(column.value))
    return mapped(function, column)
