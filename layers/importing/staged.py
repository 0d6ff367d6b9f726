"""What has passed every check on the way in: in columns, and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import CRSInfo
from layers.importing.problems import Problem


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A feature that may be stored: valid, 2-D, EPSG:4326, lon/lat, inside the wanted bbox.

    surveyed: the same with its heights; None where there are none, or where they are not kept.
    """

    number: int
    fid: str
    geometry: BaseGeometry
    properties: dict[str, Any]
    source_srid: int | None
    source_crs: str
    had_z: bool
    surveyed: BaseGeometry | None = None

    @property
    def whole(self) -> BaseGeometry:
        """With its heights where they were kept, else the geometry."""
        return self.geometry if self.surveyed is None else self.surveyed

    @property
    def wkb(self) -> bytes:
        """The geometry as WKB, EPSG:4326."""
        return bytes(shapely.to_wkb(self.geometry))


@dataclass(frozen=True, slots=True)
class StagedChunk:
    """Consecutive features in columns, checked. ``geometries``: valid, 2-D, EPSG:4326, lon/lat.

    ``problems`` go by position; what stands in the columns there is not to be stored. source_crs: what is kept
    with each geometry of where it came from. surveyed: as in StagedRow; None where no row has any.
    """

    numbers: np.ndarray
    fids: list[str]
    geometries: np.ndarray
    properties: list[dict[str, Any]]
    had_z: np.ndarray
    problems: dict[int, Problem]
    crs: CRSInfo
    source_crs: str
    surveyed: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.fids)

    def rows(self) -> Iterator[StagedRow | Problem]:
        """One by one, in order."""
        for at in range(len(self)):
            yield self.problems[at] if at in self.problems else self._row(at)

    def _row(self, at: int) -> StagedRow:
        return StagedRow(
            int(self.numbers[at]),
            self.fids[at],
            self.geometries[at],
            self.properties[at],
            self.crs.srid,
            self.source_crs,
            bool(self.had_z[at]),
            None if self.surveyed is None else self.surveyed[at],
        )
