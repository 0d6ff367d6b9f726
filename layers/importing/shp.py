"""The simple shapes of a .shp, a whole chunk at a time: points, and lines and polygons of one part.

Fiona makes a Python object of each feature and a tuple of each corner; nearly all features of a bureau's file are of
one part, and their corners lie in the file as an array. What is not simple (several parts, null, with heights, torn,
a ring that is not closed) is left to fiona.
Source: ESRI Shapefile Technical Description (1998), pages 4 to 8 and 23.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

_HEADER = 100
_POINT, _LINE, _POLYGON = 1, 3, 5
_FEWEST = {_LINE: 2, _POLYGON: 4}
# In words of four bytes: record number and length; then type, box, number of parts and of points, first part.
_RECORD, _BEFORE_POINTS = 2, 12
_PARTS, _POINTS = 9, 10


class SimpleShapes:
    """What can be read of a .shp without fiona. Positions are 0-based record numbers."""

    def __init__(self, path: Path) -> None:
        """path: of the .shp; its .shx lies beside it. A file with odd offsets has no simple shapes."""
        index = np.fromfile(path.with_suffix(".shx"), ">i4", offset=_HEADER)
        index = index[: len(index) // 2 * 2].reshape(-1, 2).astype(np.int64)
        size = path.stat().st_size // 4
        self._words = np.memmap(path, "<i4", "r", shape=(size,)) if size else np.zeros(0, "<i4")
        self._kind = int(self._words[8]) if size >= _HEADER // 4 else 0
        # Offsets and lengths are in words of two bytes; all records that writers make begin at four.
        self._starts = index[:, 0] // 2 + _RECORD
        self._lengths = index[:, 1] // 2
        inside = (self._starts > _RECORD) & (self._lengths > 0)
        inside &= self._starts + self._lengths <= size
        self._sound = inside & ~(index % 2).any(axis=1)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Geometries of records ``start`` to ``stop``, in the file's CRS; None for each that is not simple."""
        count = stop - start
        found = np.full(count, None, dtype=object)
        places = np.flatnonzero(self._sound[start:stop])
        if self._kind == _POINT:
            self._read_points(found, places, start)
        elif self._kind in _FEWEST:
            self._read_paths(found, places, start)
        return found

    def _read_points(self, found: np.ndarray, places: np.ndarray, start: int) -> None:
        starts, lengths = self._starts[places + start], self._lengths[places + start]
        good = (lengths >= 5) & (self._words[starts] == _POINT)
        places, starts = places[good], starts[good]
        corners = self._doubles(starts + 1, np.ones(len(starts), dtype=np.int64))
        finite = np.isfinite(corners).all(axis=1)
        found[places[finite]] = shapely.points(corners[finite])

    def _read_paths(self, found: np.ndarray, places: np.ndarray, start: int) -> None:
        starts, lengths = self._starts[places + start], self._lengths[places + start]
        good = (lengths > _BEFORE_POINTS) & (self._words[starts] == self._kind)
        places, starts, lengths = places[good], starts[good], lengths[good]
        sizes = self._words[starts + _POINTS].astype(np.int64)
        good = (self._words[starts + _PARTS] == 1) & (self._words[starts + _BEFORE_POINTS - 1] == 0)
        good &= (sizes >= _FEWEST[self._kind]) & (lengths == _BEFORE_POINTS + 4 * sizes)
        places, starts, sizes = places[good], starts[good], sizes[good]
        if len(places):
            self._make(found, places, self._doubles(starts + _BEFORE_POINTS, sizes), sizes)

    def _make(
        self, found: np.ndarray, places: np.ndarray, corners: np.ndarray, sizes: np.ndarray
    ) -> None:
        owners = np.repeat(np.arange(len(sizes)), sizes)
        good = np.ones(len(sizes), dtype=bool)
        good[owners[~np.isfinite(corners).all(axis=1)]] = False
        if self._kind == _POLYGON:
            ends = np.cumsum(sizes)
            good &= (corners[ends - sizes] == corners[ends - 1]).all(axis=1)
        corners, sizes = corners[good[owners]], sizes[good]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        if self._kind == _LINE:
            made = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, corners, (offsets,))
        else:
            each = np.arange(len(sizes) + 1)
            made = shapely.from_ragged_array(shapely.GeometryType.POLYGON, corners, (offsets, each))
        found[places[good]] = made

    def _doubles(self, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """(n, 2) corners: ``counts`` pairs from each of ``starts`` (in words of four bytes)."""
        sizes = 4 * counts
        before = np.cumsum(sizes) - sizes
        words = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
        return np.ascontiguousarray(self._words[words]).view("<f8").reshape(-1, 2)
