"""has_overlap for many new polygons at once, as projects.editing keeps it for one.

Between batches a polygon is its box and its WKB: as much memory as the file's own geometry, about 30 MB for
100,000 outlines of ten corners. What was there before is read once, where it is near.
"""

import uuid
from collections.abc import Iterator

import numpy as np
import shapely
from django.db.models import QuerySet

from gis_projects.geo import measure
from gis_projects.geo.bbox import BBox
from layers.boxes import touching
from projects.editing import OVERLAP_MIN_M2
from projects.models import Programme, Site

_CHUNK = 2_000
_IDS = 500  # SQLite before 3.32 takes 999 parameters


class Overlaps:
    """Collects the new polygons of one programme, then finds and writes which sites share ground."""

    def __init__(self, programme: Programme) -> None:
        """Call before the first new site is written: what is there now are the neighbours."""
        self._former = list(self._polygons(programme).values_list("pk", flat=True))
        self._ids: list[uuid.UUID] = []
        self._wkb: list[bytes] = []
        self._boxes: list[np.ndarray] = []

    def add(self, ids: list[uuid.UUID], polygons: np.ndarray) -> None:
        """polygons: valid, 2-D, EPSG:4326."""
        self._ids += ids
        self._wkb += shapely.to_wkb(polygons).tolist()
        self._boxes.append(shapely.bounds(polygons))

    def write(self) -> None:
        """Mark the new sites that overlap another, and the former ones that a new one overlaps."""
        if not self._ids:
            return
        boxes = np.concatenate(self._boxes)
        tree = shapely.STRtree(shapely.box(*boxes.T))
        marked = np.zeros(len(self._ids), dtype=bool)
        self._mark_new(tree, marked)
        former = self._mark_former(tree, boxes, marked)
        _store([self._ids[at] for at in np.flatnonzero(marked)] + former)

    def _mark_new(self, tree: shapely.STRtree, marked: np.ndarray) -> None:
        boxes = tree.geometries
        for start in range(0, len(boxes), _CHUNK):
            left, right = tree.query(boxes[start : start + _CHUNK], predicate="intersects")
            left = left + start
            once = left < right
            left, right = left[once], right[once]
            near, at = np.unique(np.concatenate([left, right]), return_inverse=True)
            shapes = self._shapes(near)
            one, other = at[: len(left)], at[len(left) :]
            known = marked[near]
            _mark(shapes, shapes, one, other, known, known)
            marked[near] = known

    def _mark_former(
        self, tree: shapely.STRtree, boxes: np.ndarray, marked: np.ndarray
    ) -> list[uuid.UUID]:
        west, south = boxes[:, :2].min(axis=0)
        east, north = boxes[:, 2:].max(axis=0)
        around = shapely.box(west, south, east, north)
        found: list[uuid.UUID] = []
        for ids, shapes, known in self._former_near(around):
            one, right = tree.query(shapes)
            near, other = np.unique(right, return_inverse=True)
            was, new = known.copy(), marked[near]
            _mark(shapes, self._shapes(near), one, other, known, new)
            marked[near] = new
            found += [ids[at] for at in np.flatnonzero(known & ~was)]
        return found

    def _shapes(self, places: np.ndarray) -> np.ndarray:
        shapes: np.ndarray = shapely.from_wkb([self._wkb[at] for at in places.tolist()])
        return shapes

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

    @staticmethod
    def _polygons(programme: Programme) -> QuerySet[Site]:
        return Site.objects.filter(programme=programme, area_m2__isnull=False)


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
