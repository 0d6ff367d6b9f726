"""Arrays of arrays: all values in one, and how many belong to each row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Numbers = NDArray[Any]


def starts(counts: Counts) -> Counts:
    """Where each row begins in the values."""
    found = np.zeros(len(counts), dtype=np.int64)
    np.cumsum(counts[:-1], out=found[1:])
    return found


def within(counts: Counts) -> Counts:
    """For each value, its place in its row: 0, 1, 2 …"""
    return np.arange(counts.sum()) - np.repeat(starts(counts), counts)


def sums(values: Numbers, counts: Counts) -> Numbers:
    """The sum of each row; 0 for an empty one."""
    running = np.concatenate([[0], np.cumsum(values)])
    begin = starts(counts)
    found: Numbers = running[begin + counts] - running[begin]
    return found


def take(values: Numbers, counts: Counts, rows: Counts) -> tuple[Numbers, Counts]:
    """These rows, in this order."""
    taken = counts[rows]
    return values[np.repeat(starts(counts)[rows], taken) + within(taken)], taken


def weave(pieces: Sequence[tuple[Numbers, Counts]]) -> tuple[Numbers, Counts]:
    """Rows made of one row of each piece, one after the other. All pieces have as many rows."""
    totals: Counts = np.stack([counts for _, counts in pieces]).sum(axis=0)
    woven = np.empty(totals.sum(), dtype=np.uint64)
    begin = starts(totals)
    for values, counts in pieces:
        woven[np.repeat(begin, counts) + within(counts)] = values
        begin = begin + counts
    return woven, totals
