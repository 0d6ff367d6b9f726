"""Where a picture lies: its CRS decided on, its footprint found, and both held against the city and the site."""

import shapely
from shapely import wkb
from shapely.geometry import Polygon, box

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo, TransformFailed, UnsupportedCRS, parse_crs, transform
from layers.importing.crs_guess import Bounds, decide
from layers.importing.problems import Code, ImportRefused, Problem
from layers.raster.problems import SceneCode, SceneRefused
from projects.models import Site

_POINTS_PER_SIDE = 16


def decide_crs(
    stated: str, bounds: Bounds, city: BBox, chosen: str | None, file: str, accepts_shift: bool
) -> tuple[CRSInfo, list[Problem]]:
    """The CRS with what is to be said of it. accepts_shift: about 90 m are taken, for Xian 80 and Beijing 54.

    Raises layers.importing.problems.ImportRefused.
    """
    decision = decide(stated or None, bounds, city, chosen or None, file)
    if decision.crs is not None:
        return decision.crs, list(decision.problems)
    codes = {problem.code for problem in decision.problems}
    if accepts_shift and codes == {Code.NULL_DATUM_CRS}:
        return parse_crs(chosen or stated), []
    raise ImportRefused(*decision.problems)


def outline_of(bounds: Bounds) -> Polygon:
    """The rectangle, with points along its sides."""
    west, south, east, north = bounds
    step = max(east - west, north - south) / _POINTS_PER_SIDE
    return shapely.segmentize(box(*bounds), step)


def footprint(outline: Polygon, crs: CRSInfo) -> Polygon:
    """outline: in the CRS. Returns it in EPSG:4326. Raises SceneRefused, NO_PLACE."""
    try:
        found = transform(outline, crs.wkt)
    except (TransformFailed, UnsupportedCRS) as error:
        raise SceneRefused(SceneCode.NO_PLACE, crs=crs.label) from error
    if not isinstance(found, Polygon) or not found.is_valid or found.area == 0:
        raise SceneRefused(SceneCode.NO_PLACE, crs=crs.label)
    return found


def check_place(found: Polygon, crs: CRSInfo, city: BBox, site: Site | None) -> None:
    """Raises SceneRefused: OUTSIDE the city, or NOT_OVER_SITE."""
    lon, lat = found.centroid.coords[0]
    near = {"lon": f"{lon:.4f}", "lat": f"{lat:.4f}"}
    if not found.intersects(box(*city.bounds)):
        raise SceneRefused(SceneCode.OUTSIDE, **near, crs=crs.label)
    if site is not None and not found.intersects(wkb.loads(bytes(site.geom.wkb))):
        raise SceneRefused(SceneCode.NOT_OVER_SITE, **near)
