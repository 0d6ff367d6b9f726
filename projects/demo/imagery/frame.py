"""The footprint of a scene: from degrees to a metric grid, and geometry on its pixels."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform
from projects.demo.imagery.noise import Field

# WGS 84 / UTM zone 51N: 120 to 126 E, metres, and usable a degree beyond.
SCENE_SRID = 32651
LONG_SIDE_PX = 768
_MARGIN = 0.3
_LEAST_SIDE_M = 240.0
# A long reach would be a thread of pixels: no side is shorter than this share of the other.
_LEAST_ASPECT = 0.66
_MOST_SEGMENTS = 48


@dataclass(frozen=True, slots=True)
class Frame:
    """bbox in EPSG:32651; width and height in pixels; geometry in pixels, y down."""

    bbox: BBox
    width: int
    height: int
    geometry: BaseGeometry

    @property
    def shape(self) -> tuple[int, int]:
        return (self.height, self.width)

    def grid(self) -> tuple[Field, Field]:
        """X (right) and y (down) of every pixel."""
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        return x, y


def frame_around(geometry: BaseGeometry) -> Frame:
    """The bbox of a geometry (EPSG:4326) expanded by 60 %, as a grid of square pixels.

    Raises ValueError for an empty geometry.
    """
    if geometry.is_empty:
        raise ValueError("an empty geometry has no picture")
    metric = shapely.force_2d(transform(geometry, 4326, SCENE_SRID))
    west, south, east, north = metric.bounds
    side = max(east - west, north - south) * (1 + 2 * _MARGIN)
    width_m = max((east - west) * (1 + 2 * _MARGIN), side * _LEAST_ASPECT, _LEAST_SIDE_M)
    height_m = max((north - south) * (1 + 2 * _MARGIN), side * _LEAST_ASPECT, _LEAST_SIDE_M)
    pixel_m = max(width_m, height_m) / LONG_SIDE_PX
    width, height = round(width_m / pixel_m), round(height_m / pixel_m)
    left, top = (west + east - width * pixel_m) / 2, (south + north + height * pixel_m) / 2
    bbox = BBox(left, top - height * pixel_m, left + width * pixel_m, top, SCENE_SRID)

    def to_pixels(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(metres[:, 0] - left) / pixel_m, (top - metres[:, 1]) / pixel_m])

    return Frame(bbox, width, height, shapely.transform(metric, to_pixels))


def outline(geometry: BaseGeometry) -> Polygon:
    """The largest polygon of a geometry; lines and points get a body."""
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]
    if parts:
        return max(parts, key=lambda part: part.area)
    body = geometry.buffer(90)
    return body if isinstance(body, Polygon) else body.convex_hull


def centre_line(geometry: BaseGeometry) -> LineString:
    """The line of a reach; for a polygon, the long axis of its smallest rectangle."""
    parts = [p for p in getattr(geometry, "geoms", [geometry]) if isinstance(p, LineString)]
    if parts:
        return max(parts, key=lambda part: part.length)
    corners = shapely.get_coordinates(shapely.oriented_envelope(outline(geometry)))[:4]
    if np.linalg.norm(corners[1] - corners[0]) > np.linalg.norm(corners[2] - corners[1]):
        corners = np.roll(corners, -1, axis=0)
    return LineString([(corners[0] + corners[1]) / 2, (corners[2] + corners[3]) / 2])


def mask_of(shape: tuple[int, int], geometry: BaseGeometry) -> Field:
    """0 to 1: how much of each pixel the polygon covers."""
    height, width = shape
    image = Image.new("L", (width * 2, height * 2), 0)
    draw = ImageDraw.Draw(image)
    for part in getattr(geometry, "geoms", [geometry]):
        draw.polygon([(x * 2, y * 2) for x, y in part.exterior.coords], fill=255)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), np.float32) / 255


def line_field(shape: tuple[int, int], line: NDArray[np.float64], width_px: float) -> Field:
    """0 to 1: a polyline of that width, anti-aliased."""
    height, width = shape
    image = Image.new("L", (width * 2, height * 2), 0)
    points = [(float(x) * 2, float(y) * 2) for x, y in line]
    ImageDraw.Draw(image).line(points, fill=255, width=max(1, round(width_px * 2)), joint="curve")
    return np.asarray(image.resize((width, height), Image.Resampling.BOX), np.float32) / 255


def along_and_off(shape: tuple[int, int], coords: NDArray[np.float64]) -> tuple[Field, Field]:
    """For every pixel: how far along a polyline its nearest point is, and how far off it lies.

    Off is signed: positive to the right of the direction of travel (y down). Both in pixels.
    """
    coords = _simplified(coords)
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    best = np.full(shape, np.inf, np.float32)
    along, side = np.zeros(shape, np.float32), np.ones(shape, np.float32)
    travelled = 0.0
    for (ax, ay), (bx, by) in pairwise(coords):
        dx, dy = float(bx - ax), float(by - ay)
        length = max(float(np.hypot(dx, dy)), 1e-6)
        t = np.clip(((x - ax) * dx + (y - ay) * dy) / length**2, 0, 1)
        distance = np.hypot(x - (ax + t * dx), y - (ay + t * dy))
        nearer = distance < best
        best = np.where(nearer, distance, best)
        along = np.where(nearer, travelled + t * length, along)
        side = np.where(nearer, np.where(dx * (y - ay) - dy * (x - ax) >= 0, 1, -1), side)
        travelled += length
    return along.astype(np.float32), (best * side).astype(np.float32)


def depth_inside(shape: tuple[int, int], polygon: Polygon) -> Field:
    """Pixels to the edge: positive inside the polygon, negative outside."""
    _, off = along_and_off(shape, np.asarray(polygon.exterior.coords))
    inside = mask_of(shape, polygon) > 0.5
    return np.where(inside, np.abs(off), -np.abs(off)).astype(np.float32)


def _simplified(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    tolerance = 0.5
    line: BaseGeometry = LineString(coords[:, :2])
    while shapely.get_num_coordinates(line) > _MOST_SEGMENTS:
        line, tolerance = line.simplify(tolerance), tolerance * 1.6
    return shapely.get_coordinates(line)
