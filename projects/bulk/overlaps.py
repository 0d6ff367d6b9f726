"""has_overlap for many new polygons at once, as projects.editing keeps it for one.

Between batches a polygon is its box, its number and a place in a temporary file: 60 bytes of memory. Strips from west
to east are compared, so that a tree holds one strip and never all. What was there before is read where it is near.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import shapely
from django.db.models import QuerySet

from gis_projects.geo import measure
from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from projects.editing import OVERLAP_MIN_M2
from projects.models import Programme, Site

_STRIP = 20_000
_CHUNK = 2_000
_IDS = 500  # SQLite before 3.32 takes 999 parameters
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class _Strip:
    """New polygons by their numbers, and a tree of their boxes in that order."""

    numbers: np.ndarray
    tree: shapely.STRtree


class Overlaps:
    """Collects the new polygons of one programme, then finds and writes which sites share ground."""

    def __init__(self, programme: Programme) -> None:
        """Call before the first new site is written: what is there now are the neighbours."""
        self._former = list(self._polygons(programme).values_list("pk", flat=True))
        self._ids = bytearray()
        self._shapes = _Shapes()
        self._boxes: list[np.ndarray] = []

    def add(self, ids: list[uuid.UUID], polygons: np.ndarray) -> None:
        """polygons: valid, 2-D, EPSG:4326."""
        self._ids += b"".join(one.bytes for one in ids)
        self._shapes.add(polygons)
        self._boxes.append(shapely.bounds(polygons))

    def write(self) -> None:
        """Mark the new sites that overlap another, and the former ones that a new one overlaps."""
        if not self._ids:
            return
        boxes = np.concatenate(self._boxes)
        self._boxes.clear()
        order = np.argsort(boxes[:, 0], kind="stable")
        marked = np.zeros(len(boxes), dtype=bool)
        former: dict[uuid.UUID, None] = {}
        for start in range(0, len(order), _STRIP):
            numbers = order[start : start + _STRIP]
            strip = _Strip(numbers, shapely.STRtree(shapely.box(*boxes[numbers].T)))
            self._mark_new(strip, boxes, order[start:], marked)
            former |= dict.fromkeys(self._mark_former(strip, boxes[numbers], marked))
        new = [self._id(at) for at in np.flatnonzero(marked).tolist()]
        _store([*new, *former])
        self._shapes.close()

    def _mark_new(
        self, strip: _Strip, boxes: np.ndarray, order: np.ndarray, marked: np.ndarray
    ) -> None:
        """Each of the strip with those that come after it, from west to east, and begin where it has not ended.

        order: from the strip's first on.
        """
        reach = boxes[strip.numbers, 2].max()
        stop = int(np.searchsorted(boxes[order, 0], reach, side="right"))
        for start in range(0, stop, _CHUNK):
            others = order[start : min(start + _CHUNK, stop)]
            right, left = strip.tree.query(shapely.box(*boxes[others].T))
            once = left < right + start
            ones, twos = strip.numbers[left[once]], others[right[once]]
            near, at = np.unique(np.concatenate([ones, twos]), return_inverse=True)
            shapes = self._shapes.read(near)
            known = marked[near]
            _mark(shapes, shapes, at[: len(ones)], at[len(ones) :], known, known)
            marked[near] = known

    def _mark_former(
        self, strip: _Strip, boxes: np.ndarray, marked: np.ndarray
    ) -> Iterator[uuid.UUID]:
        """boxes: of the strip."""
        west, south = boxes[:, :2].min(axis=0)
        east, north = boxes[:, 2:].max(axis=0)
        around = shapely.box(west, south, east, north)
        for ids, shapes, known in self._former_near(around):
            one, right = strip.tree.query(shapes)
            near, other = np.unique(strip.numbers[right], return_inverse=True)
            was, new = known.copy(), marked[near]
            _mark(shapes, self._shapes.read(near), one, other, known, new)
            marked[near] = new
            yield from (ids[at] for at in np.flatnonzero(known & ~was).tolist())

    def _former_near(
        self, around: shapely.Polygon
    ) -> Iterator[tuple[list[uuid.UUID], np.ndarray, np.ndarray]]:
        """Ids, geometries and marks of the sites that were there, where they still are near."""
        place = BBox.from_geometry(around)
        for start in range(0, len(self._former), _IDS):
            ids = self._former[start : start + _IDS]
            near = touching(Site.objects.filter(pk__in=ids), "geom", place)
            rows = list(near.values_list("pk", "geom", "has_overlap"))
            if rows:
                shapes = shapely.from_wkb([bytes(geom.wkb) for _pk, geom, _mark in rows])
                marks = np.array([mark for _pk, _geom, mark in rows], dtype=bool)
                yield [pk for pk, _geom, _mark in rows], np.asarray(shapes, dtype=object), marks

    def _id(self, number: int) -> uuid.UUID:
        start = _ID_BYTES * number
        return uuid.UUID(bytes=bytes(self._ids[start : start + _ID_BYTES]))

    @staticmethod
    def _polygons(programme: Programme) -> QuerySet[Site]:
        return Site.objects.filter(programme=programme, area_m2__isnull=False)


class _Shapes:
    """Geometries in a temporary file without a name, by the number in which they came."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._ends: list[np.ndarray] = []
        self._end = 0

    def add(self, shapes: np.ndarray) -> None:
        """Raises OSError where the disk is full."""
        blobs = shapely.to_wkb(shapes).tolist()
        if not blobs:
            return
        if self._file is None:
            self._file = TemporaryFile(buffering=0)
        self._ends.append(self._end + np.cumsum(list(map(len, blobs))))
        self._end = int(self._ends[-1][-1])
        for_file = memoryview(b"".join(blobs))
        while for_file:
            for_file = for_file[self._file.write(for_file) :]

    def read(self, numbers: np.ndarray) -> np.ndarray:
        """Those with these numbers."""
        if len(self._ends) > 1:
            self._ends = [np.concatenate(self._ends)]
        if self._file is None or not len(numbers):
            return np.empty(0, dtype=object)
        file = self._file.fileno()
        ends = self._ends[0][numbers]
        starts = np.where(numbers > 0, self._ends[0][numbers - 1], 0)
        places = zip(starts.tolist(), (ends - starts).tolist(), strict=True)
        shapes: np.ndarray = shapely.from_wkb([os.pread(file, size, at) for at, size in places])
        return shapes

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _mark(
    ones: np.ndarray,
    others: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    left_marks: np.ndarray,
    right_marks: np.ndarray,
) -> None:
    """Set the marks of both sides of each pair (positions left, right) that shares ground.

    A pair whose two sides are marked already has nothing to add. Neighbours that only touch are most of a map.
    """
    open_pairs = ~(left_marks[left] & right_marks[right])
    left, right = left[open_pairs], right[open_pairs]
    meet = shapely.intersects(ones[left], others[right])
    left, right = left[meet], right[meet]
    share = ~shapely.touches(ones[left], others[right])
    for one, other in zip(left[share].tolist(), right[share].tolist(), strict=True):
        if left_marks[one] and right_marks[other]:
            continue
        if measure.overlap_area_m2(ones[one], others[other]) > OVERLAP_MIN_M2:
            left_marks[one] = right_marks[other] = True


def _store(ids: list[uuid.UUID]) -> None:
    for start in range(0, len(ids), _IDS):
        Site.objects.filter(pk__in=ids[start : start + _IDS]).update(has_overlap=True)
