"""All scenes of one day as one picture: the finest on top, and of equally fine ones the last by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.contrib.gis.geos import Polygon

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform_point
from layers.models import RasterScene
from layers.querysets import SceneQuerySet
from layers.raster.answers import file_of
from layers.raster.encoding import ImageFormat, encode
from layers.raster.looks import Look
from layers.raster.mesh import Grid
from layers.raster.painting import Pixels, picture_onto
from layers.raster.pool import opened, revision_of

# Files opened for one tile at most; beyond that the coarsest are left out.
MAX_FILES = 12
# Rows looked at to find the finest.
_MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class Part:
    path: Path
    revision: str
    roles: tuple[str, ...] | None


def parts_within(rows: SceneQuerySet, day: dt.date, bbox: BBox) -> list[Part]:
    """The parts of a mosaic in a bbox (EPSG:3857), top first. Raises SceneUnreadable for a missing file."""
    west, south = transform_point(bbox.west, bbox.south, bbox.srid)
    east, north = transform_point(bbox.east, bbox.north, bbox.srid)
    area = Polygon.from_bbox((west, south, east, north))
    area.srid = 4326
    found = rows.filter(acquired_on=day, footprint__intersects=area).order_by("-key")[:_MAX_ROWS]
    finest = sorted(found, key=_pixel_area)[:MAX_FILES]
    return [_part(scene) for scene in finest]


def _pixel_area(scene: RasterScene) -> float:
    """Square degrees: compared among neighbours alone. Rounded, so that equally fine scenes stay in order."""
    area = scene.footprint.area / (scene.width_px * scene.height_px)
    return float(f"{area:.2g}")


def _part(scene: RasterScene) -> Part:
    path = file_of(scene.file)
    roles = None if scene.band_roles is None else tuple(scene.band_roles)
    return Part(path, revision_of(path), roles)


def render_mosaic(
    parts: Sequence[Part], bbox: BBox, size_px: int, look: Look, image_format: ImageFormat
) -> bytes | None:
    """One tile of several scenes; None when they hold nothing there.

    Raises SceneUnreadable, SceneNotGeoreferenced, BandMissing, RoleMissing.
    """
    grid = Grid.over(bbox, size_px, size_px)
    rgb = np.zeros((size_px, size_px, 3), np.uint8)
    alpha = np.zeros((size_px, size_px), np.uint8)
    for part in parts:
        with opened(part.path) as scene:
            found = picture_onto(scene, grid, look, part.roles)
        if found is not None:
            _put_below(rgb, alpha, *found)
        if alpha.all():
            break
    return encode(rgb, alpha, image_format) if alpha.any() else None


def _put_below(rgb: Pixels, alpha: Pixels, more_rgb: Pixels, more_alpha: Pixels) -> None:
    free = (alpha == 0) & (more_alpha > 0)
    rgb[free], alpha[free] = more_rgb[free], more_alpha[free]
