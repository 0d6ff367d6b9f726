"""Which pair of scenes a viewer sees of a site, over which ground, and what it says of the vegetation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.core.cache import cache
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import WGS84, transform_coordinates
from gis_projects.geo.tile_matrix import WEB_MERCATOR
from layers.models import RasterScene
from layers.raster import colours
from layers.raster.answers import file_of
from layers.raster.difference import COLORMAP, RANGE, THRESHOLD, Change, Side, difference
from layers.raster.errors import NoOverlap, RoleMissing, SceneNotGeoreferenced, SceneUnreadable
from layers.raster.mesh import Grid
from layers.raster.pool import revision_of
from projects.editing import to_shapely
from projects.models import ScenePair, Site
from projects.querysets import Viewer

# Around the site, of its longer side and at least, metres of EPSG:3857; no side shorter than this share of the other.
_MARGIN, _LEAST_MARGIN_M, _LEAST_ASPECT = 0.25, 60.0, 0.6
PICTURE_PX = 960  # the longer side, when nobody asks for another
_KEPT_S = 24 * 3600
_NEEDED = {"nir", "red"}


@dataclass(frozen=True, slots=True)
class Shown:
    """geometry: what this viewer may know of the site's place, EPSG:4326; never None."""

    before: RasterScene
    after: RasterScene
    geometry: BaseGeometry

    @property
    def sides(self) -> tuple[Side, Side]:
        return side_of(self.before), side_of(self.after)

    @property
    def has_index(self) -> bool:
        """Whether both scenes are known to have the bands of NDVI, and the site an area."""
        roles = [set(scene.band_roles or ()) for scene in (self.before, self.after)]
        return all(role >= _NEEDED for role in roles) and bool(self.geometry.area)


def side_of(scene: RasterScene) -> Side:
    return Side(file_of(scene.file), scene.band_roles)


def shown_pair(site: Site, user: Viewer) -> Shown | None:
    """The site's pair, when the viewer sees both scenes and a geometry: staff the surveyed one, the public its own."""
    seen = RasterScene.objects.visible_to(user)
    pairs = site.scene_pairs.select_related("before", "after").order_by("pk")
    pair: ScenePair | None = pairs.filter(before__in=seen, after__in=seen).first()
    geometry = site.geom if user.is_authenticated else site.public_geom
    if pair is None or pair.before is None or pair.after is None or geometry is None:
        return None
    return Shown(pair.before, pair.after, to_shapely(geometry))


def surroundings(geometry: BaseGeometry, size_px: int) -> Grid:
    """A grid in EPSG:3857 around a geometry (EPSG:4326) with a margin; size_px: of its longer side."""
    corners = shapely.get_coordinates(shapely.box(*geometry.bounds))
    metres = transform_coordinates(corners, WGS84, WEB_MERCATOR)
    (west, south), (east, north) = metres.min(axis=0), metres.max(axis=0)
    margin = max(_MARGIN * max(east - west, north - south), _LEAST_MARGIN_M)
    width, height = east - west + 2 * margin, north - south + 2 * margin
    width, height = max(width, height * _LEAST_ASPECT), max(height, width * _LEAST_ASPECT)
    x, y = (west + east) / 2, (south + north) / 2
    bbox = BBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2, WEB_MERCATOR)
    pixel = max(width, height) / size_px
    return Grid.over(bbox, max(1, round(width / pixel)), max(1, round(height / pixel)))


def change_of(shown: Shown) -> Change:
    """The change of NDVI inside the site; kept while files, roles and geometry are the same.

    Raises NoOverlap, RoleMissing, SceneUnreadable, SceneNotGeoreferenced, and ValueError for a site without area.
    """
    before, after = shown.sides
    parts = [(side.path, revision_of(side.path), side.roles) for side in (before, after)]
    text = f"{parts} {shapely.to_wkb(shown.geometry, hex=True)}"
    key = "ndvi-change:" + hashlib.sha256(text.encode()).hexdigest()
    found: Change | None = cache.get(key)
    if found is None:
        found = difference(before, after, shown.geometry)
        cache.set(key, found, _KEPT_S)
    return found


def change_tiles(site: Site) -> str:
    """The address of the change as tiles, with the places of z, x and y."""
    tile = reverse("site-pair-tile", args=[site.pk, 0, 0, 0, "webp"])
    return tile.removesuffix("0/0/0.webp") + "{z}/{x}/{y}.webp"


def vegetation(site: Site, user: Viewer) -> dict[str, Any] | None:
    """What a page shows of the change; ``refusal`` instead of figures when there are none, for staff alone."""
    shown = shown_pair(site, user)
    if shown is None or not (shown.has_index or user.is_authenticated):
        return None
    grid = surroundings(shown.geometry, PICTURE_PX)
    about = {
        "width": grid.width,
        "height": grid.height,
        "before_on": shown.before.acquired_on,
        "after_on": shown.after.acquired_on,
        "is_simulated": shown.before.is_simulated or shown.after.is_simulated,
        "pictures": {
            what: reverse("site-pair", args=[site.pk, what, "webp"])
            for what in ("before", "after", "change")
        },
    }
    try:
        change = change_of(shown)
    except (
        NoOverlap,
        RoleMissing,
        SceneUnreadable,
        SceneNotGeoreferenced,
        OSError,
        ValueError,
    ) as error:
        return {**about, "refusal": refusal(error)} if user.is_authenticated else None
    return {
        **about,
        "before": _signed(change.before.mean),
        "after": _signed(change.after.mean),
        "change": _signed(change.change.mean, plus=True),
        "gained": round(change.gained_share * 100),
        "lost": round(change.lost_share * 100),
        "nodata": round(change.change.nodata_share * 100),
        "decimation": round(change.change.decimation),
        "threshold": THRESHOLD,
        "legend": colours.legend(COLORMAP, *RANGE, count=11),
        "tiles": change_tiles(site),
        "download": reverse("site-pair", args=[site.pk, "change", "png"]),
    }


_WORDS: dict[type[Exception], str | Promise] = {
    NoOverlap: _("The two scenes have no pixel in common inside the site."),
    RoleMissing: _("It is not known which bands of the scenes are red and near infrared."),
    SceneNotGeoreferenced: _("The image does not say where on Earth it lies."),
    ValueError: _("Only a site with an area has vegetation inside."),
}


def refusal(error: Exception) -> str:
    """Why there are no figures, as a sentence."""
    return str(_WORDS.get(type(error), _("The image file is damaged or missing.")))


def _signed(value: float, *, plus: bool = False) -> str:
    """Two decimals with a true minus sign; never a minus before nothing."""
    rounded = float(np.round(value, 2)) + 0.0
    return f"{rounded:+.2f}".replace("-", "−") if plus else f"{rounded:.2f}".replace("-", "−")
