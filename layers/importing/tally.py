"""What is counted while a file is staged, and told of the whole at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo
from layers.importing.heights import are_numbers
from layers.importing.lying import bounds_of, touches
from layers.importing.problems import Code, Problem, refuse
from layers.importing.source import Chunk
from layers.importing.staged import StagedChunk

_ZONE_DEGREES = 6.0


@dataclass(slots=True)
class Tally:
    """most_vertices: of the whole file; what has more is refused before it is worked on."""

    file: str
    crs: CRSInfo
    most_vertices: int
    vertices: int = 0
    heights: int = 0
    odd_heights: int = 0
    beyond: int = 0

    def before(self, chunk: Chunk) -> None:
        """Raises ImportRefused when the file has too many vertices."""
        self.vertices += int(shapely.get_num_coordinates(chunk.geometries).sum())
        if self.vertices > self.most_vertices:
            params = {"limit": f"{self.most_vertices:,}"}
            raise refuse(Code.TOO_MANY_VERTICES_IN_ALL, self.file, **params)

    def after(self, given: Chunk, chunk: StagedChunk) -> None:
        """Take note of what was staged of what was given."""
        if given.had_z.any():
            self._note_heights(given, chunk)
        if self._usual is not None:
            bounds = bounds_of(chunk.geometries)
            bounds[list(chunk.problems)] = np.nan
            known = np.isfinite(bounds).all(axis=1)
            outside = known & ~touches(bounds, self._usual)
            self.beyond += int(np.count_nonzero(outside))

    def _note_heights(self, given: Chunk, chunk: StagedChunk) -> None:
        """Heights of rows that are stored, and are not kept; those that are no numbers apart."""
        lost = given.had_z.copy()
        lost[list(chunk.problems)] = False
        if chunk.surveyed is not None:
            lost &= chunk.surveyed == None  # noqa: E711 (of each)
        odd = lost & ~are_numbers(given.geometries)
        self.odd_heights += int(np.count_nonzero(odd))
        self.heights += int(np.count_nonzero(lost & ~odd))

    @property
    def _usual(self) -> BBox | None:
        """The CRS's area of use; of a zone with half as much on each side, as far as cities draw on in it."""
        if self.crs.area is None:
            return None
        west, south, east, north = self.crs.area
        width = east - west
        more = width / 2 if self.crs.kind == "projected" and width <= _ZONE_DEGREES else 0.0
        return BBox(max(west - more, -180.0), south, min(east + more, 180.0), north)

    def problems(self) -> Iterator[Problem]:
        """Warnings about the file."""
        if self.heights:
            yield Problem(Code.HEIGHTS_DROPPED, self.file, params={"count": self.heights})
        if self.odd_heights:
            yield Problem(Code.ODD_HEIGHTS, self.file, params={"count": self.odd_heights})
        if self.beyond and self.crs.area is not None:
            west, south, east, north = self.crs.area
            area = f"{west:.5g} – {east:.5g}° E, {south:.5g} – {north:.5g}° N"
            params = {"count": self.beyond, "crs": self.crs.label, "area": area}
            yield Problem(Code.BEYOND_AREA_OF_USE, self.file, params=params)
