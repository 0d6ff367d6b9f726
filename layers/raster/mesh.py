"""Grids, and where on a scene the pixels of one lie.

The grid's corners and a mesh between them are transformed exactly, and what lies between is interpolated; the mesh
is made finer until that is off by less than an eighth of a pixel (the tolerance of GDAL's own approximation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import AnyCRS, transform_coordinates
from layers.raster.pool import OpenScene

_TOLERANCE_PX = 0.125
_MESH_SIZES = (4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Grid:
    """Pixels somewhere on Earth. transform: from column and row to coordinates in the CRS."""

    crs: AnyCRS
    transform: Affine
    width: int
    height: int

    @classmethod
    def over(cls, bbox: BBox, width: int, height: int) -> Grid:
        """North up, covering the bbox exactly."""
        scale = Affine.scale(bbox.width / width, -bbox.height / height)
        return cls(bbox.srid, Affine.translation(bbox.west, bbox.north) @ scale, width, height)

    def part(self, left: int, top: int, right: int, bottom: int) -> Grid:
        moved = self.transform @ Affine.translation(left, top)
        return replace(self, transform=moved, width=right - left, height=bottom - top)


@dataclass(frozen=True, slots=True)
class Mesh:
    """columns, rows: of the grid's pixels. x, y: (rows, columns), in the scene's pixels; scale: of those to one."""

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    scale: float


def mesh_of(scene: OpenScene, grid: Grid) -> Mesh:
    """The coarsest mesh that is exact enough; the finest there is when none is."""
    fine = _nodes(scene, grid, _MESH_SIZES[0])
    for size in _MESH_SIZES[1:]:
        coarse, fine = fine, _nodes(scene, grid, size)
        if _error(coarse, fine) <= _TOLERANCE_PX * max(1.0, fine.scale):
            return coarse
    return fine


def _nodes(scene: OpenScene, grid: Grid, size: int) -> Mesh:
    columns = np.unique(np.linspace(0, grid.width, size + 1).round().astype(np.int64))
    rows = np.unique(np.linspace(0, grid.height, size + 1).round().astype(np.int64))
    at = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2).astype(np.float64)
    there = transform_coordinates(applied(grid.transform, at), grid.crs, scene.crs)
    found = applied(scene.to_pixels, there).reshape(len(rows), len(columns), 2)
    x, y = found[..., 0], found[..., 1]
    return Mesh(columns, rows, x, y, _scale(x, y, grid))


def applied(transform: Affine, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """coordinates: (n, 2)."""
    matrix = np.array([[transform.a, transform.b], [transform.d, transform.e]])
    moved: NDArray[np.float64] = coordinates @ matrix.T + np.array([transform.c, transform.f])
    return moved


def _scale(x: NDArray[np.float64], y: NDArray[np.float64], grid: Grid) -> float:
    """How many of the scene's pixels go to one of the grid's, along a side."""
    with np.errstate(invalid="ignore"):
        across = np.hypot(np.diff(x, axis=1), np.diff(y, axis=1)).sum(axis=1) / grid.width
        down = np.hypot(np.diff(x, axis=0), np.diff(y, axis=0)).sum(axis=0) / grid.height
    sides = np.concatenate([across, down])
    sides = sides[np.isfinite(sides)]
    return float(np.median(sides)) if sides.size else 1.0


def _error(coarse: Mesh, fine: Mesh) -> float:
    """How far the coarse mesh, interpolated, is from the fine one, in the scene's pixels."""
    with np.errstate(invalid="ignore"):
        gaps = [
            _between(values, coarse.columns, coarse.rows, fine.columns, fine.rows) - exact
            for values, exact in ((coarse.x, fine.x), (coarse.y, fine.y))
        ]
    distance = np.hypot(*gaps)
    return float(np.nanmax(np.where(np.isfinite(distance), distance, np.inf), initial=0.0))


def _between(
    values: NDArray[np.float64],
    columns: NDArray[np.int64],
    rows: NDArray[np.int64],
    at_columns: NDArray[np.int64],
    at_rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    across = np.array([np.interp(at_columns, columns, row) for row in values])
    return np.array([np.interp(at_rows, rows, column) for column in across.T]).T


def is_within(mesh: Mesh, shape: tuple[int, ...]) -> bool:
    height, width = shape
    with np.errstate(invalid="ignore"):
        return bool(((mesh.x >= 0) & (mesh.x <= width) & (mesh.y >= 0) & (mesh.y <= height)).all())


def quads_of(mesh: Mesh) -> list[Any]:
    """As Pillow takes them: a box of the target, and in the source its corners NW, SW, SE, NE."""
    nodes = np.stack([mesh.x, mesh.y], axis=-1)
    corners = np.concatenate(
        [nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:]], axis=-1
    )
    whole = np.isfinite(corners).all(axis=-1)
    columns, rows = mesh.columns.tolist(), mesh.rows.tolist()
    return [
        ((columns[i], rows[j], columns[i + 1], rows[j + 1]), tuple(corners[j, i].tolist()))
        for j in range(len(rows) - 1)
        for i in range(len(columns) - 1)
        if whole[j, i]
    ]
