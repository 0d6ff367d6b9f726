"""Pairs of scenes from above, before and after, over one footprint."""

import os
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform
from layers.raster.cog import write_cog
from projects.demo.imagery.frame import Frame, frame_around
from projects.demo.imagery.greening import Greening
from projects.demo.imagery.mine import Mine
from projects.demo.imagery.noise import Picture, as_bytes, fbm, rng_for
from projects.demo.imagery.river import River
from projects.demo.imagery.stamp import stamped

SceneKind = Literal["mine", "greening", "river"]
_WEBP_QUALITY = 58
_JPEG_QUALITY = 60
_SENSOR_NOISE = 1.6


class _Place(Protocol):
    def __init__(self, frame: Frame, seed: str) -> None: ...
    def before(self) -> Picture: ...
    def after(self) -> Picture: ...


_PLACES: dict[SceneKind, type[_Place]] = {"mine": Mine, "greening": Greening, "river": River}
SCENE_KINDS: tuple[SceneKind, ...] = tuple(_PLACES)


@dataclass(frozen=True, slots=True)
class ScenePairImages:
    """Two pictures of equal size, uint8 (height, width, 3), over one bbox (EPSG:32651).

    has_nir: they are stored with a fourth band, near infrared.
    """

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    bbox: BBox
    before_on: date
    after_on: date
    has_nir: bool = False

    @property
    def footprint(self) -> Polygon:
        """The bbox as a polygon in EPSG:4326, lon/lat."""
        return Polygon(shapely.get_coordinates(transform(self.bbox.to_polygon(), self.bbox.srid)))


def render_pair(
    kind: SceneKind, geometry: BaseGeometry, seed: str, before_on: date, after_on: date
) -> ScenePairImages:
    """Compute both pictures of a site; the same arguments always give the same pixels.

    geometry: the site in EPSG:4326, lon/lat; polygons for mine and greening, a line for river
    (other types are given a body or an axis). Raises ValueError for an empty geometry or an
    unknown kind, FontMissing without a Chinese font.
    """
    if kind not in _PLACES:
        raise ValueError(f"no scenes of kind {kind!r}; known: {', '.join(_PLACES)}")
    frame = frame_around(geometry)
    place = _PLACES[kind](frame, seed)
    before = _finish(place.before(), seed, before_on, (1.0, 0.99, 0.96))
    after = _finish(place.after(), seed, after_on, (0.99, 1.0, 0.98))
    return ScenePairImages(before, after, frame.bbox, before_on, after_on, kind == "greening")


def write_pair(
    images: ScenePairImages, before_path: str | os.PathLike[str], after_path: str | os.PathLike[str]
) -> None:
    """Store both as COGs, tagged as simulated."""
    for pixels, path, taken_on in (
        (images.before, before_path, images.before_on),
        (images.after, after_path, images.after_on),
    ):
        tags = {
            "TIFFTAG_IMAGEDESCRIPTION": "演示数据 simulated",
            "TIFFTAG_DATETIME": taken_on.strftime("%Y:%m:%d 10:30:00"),
        }
        if images.has_nir:
            near = near_infrared(pixels)
            write_cog(path, pixels, images.bbox, nir=near, tags=tags, quality=_JPEG_QUALITY)
        else:
            write_cog(path, pixels, images.bbox, tags=tags, profile="webp", quality=_WEBP_QUALITY)


def near_infrared(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A plausible near infrared for a picture, uint8 (height, width): leaves reflect far more of it than soil or water.

    NDVI is taken from how much green stands out (excess green, Woebbecke 1995, doi:10.13031/2013.27838): 0.08 where it
    does not, 0.75 where it does by a quarter; then near infrared follows from red.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.float32) + 1, 2, 0)
    excess = (2 * green - red - blue) / (red + green + blue)
    ndvi = 0.08 + 0.67 * np.clip(excess / 0.25, 0, 1)
    return np.asarray(np.clip(red * (1 + ndvi) / (1 - ndvi), 0, 255), dtype=np.uint8)


def _finish(
    picture: Picture, seed: str, taken_on: date, balance: tuple[float, float, float]
) -> NDArray[np.uint8]:
    """Haze, white balance, sensor noise, then the stamp."""
    rng = rng_for(seed, "sensor", taken_on)
    shape = (picture.shape[0], picture.shape[1])
    light = 0.97 + 0.06 * fbm(rng, shape, 400, 2)
    out = (picture * light[..., None] - 128) * 1.06 + 132
    out = out * np.asarray(balance, np.float32)
    out += rng.normal(0, _SENSOR_NOISE, shape)[..., None]
    return stamped(as_bytes(np.asarray(out, np.float32)), "模拟影像", taken_on)
