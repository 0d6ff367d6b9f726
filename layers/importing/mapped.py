"""A file as an array, by pages that the system brings in when they are read."""

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike


class MappedFile:
    """What is read stays in memory, as pages of this process, until ``forget``."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            is_empty = not path.stat().st_size
            self._map = None if is_empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def array(self, dtype: DTypeLike, offset: int, count: int) -> np.ndarray:
        """``count`` elements from ``offset`` (bytes) on, not copied. Raises ValueError for more than there are."""
        if self._map is None or not count:
            return np.zeros(0, dtype)
        return np.frombuffer(self._map, dtype, count, offset)

    def forget(self) -> None:
        """Give the pages back; whoever reads there again brings them in again."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)
