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

from layers.importing.mapped import MappedFile

_HEADER, _INDEX_RECORD = 100, 8
_POINT, _LINE, _POLYGON = 1, 3, 5
_FEWEST = {_LINE: 2, _POLYGON: 4}
# In words of four bytes: record number and length; then type, box, number of parts and of points, first part.
_RECORD, _BEFORE_POINTS = 2, 12
_PARTS, _POINTS = 9, 10


class SimpleShapes:
    """What can be read of a .shp without fiona. Positions are 0-based record numbers."""

    def __init__(self, path: Path) -> None:
        """path: of the .shp; its .shx lies beside it. A file with odd offsets has no simple shapes."""
        shx = path.with_suffix(".shx")
        self._index_file = MappedFile(shx)
        records = max(shx.stat().st_size - _HEADER, 0) // _INDEX_RECORD
        self._index = self._index_file.array(">i4", _HEADER, 2 * records).reshape(-1, 2)
        size = path.stat().st_size // 4
        self._file = MappedFile(path)
        self._words = self._file.array("<i4", 0, size)
        self._kind = int(self._words[8]) if size >= _HEADER // 4 else 0

    def _records(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Positions, from ``start`` on, of the records that lie in the file; where each begins, its length (words).

        The index has offsets and lengths in words of two bytes; all records that writers make begin at four.
        """
        index = self._index[start:stop].astype(np.int64)
        self._index_file.forget()
        starts, lengths = index[:, 0] // 2 + _RECORD, index[:, 1] // 2
        sound = (starts > _RECORD) & (lengths > 0) & (starts + lengths <= len(self._words))
        places = np.flatnonzero(sound & ~(index % 2).any(axis=1))
        return places, starts[places], lengths[places]

    def read(self, start: int, stop: int) -> np.ndarray:
        """Geometries of records ``start`` to ``stop``, in the file's CRS; None for each that is not simple."""
        found = np.full(stop - start, None, dtype=object)
        places, starts, lengths = self._records(start, stop)
        if self._kind == _POINT:
            self._read_points(found, places, starts, lengths)
        elif self._kind in _FEWEST:
            self._read_paths(found, places, starts, lengths)
        self._file.forget()
        return found

    def _read_points(
        self, found: np.ndarray, places: np.ndarray, starts: np.ndarray, lengths: np.ndarray
    ) -> None:
        good = (lengths >= 5) & (self._words[starts] == _POINT)
        places, starts = places[good], starts[good]
        corners = self._doubles(starts + 1, np.ones(len(starts), dtype=np.int64))
        finite = np.isfinite(corners).all(axis=1)
        found[places[finite]] = shapely.points(corners[finite])

    def _read_paths(
        self, found: np.ndarray, places: np.ndarray, starts: np.ndarray, lengths: np.ndarray
    ) -> None:
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
