"""Where a picture lies: its CRS decided on, its footprint found, and both held against the city and the site."""

from dataclasses import replace

from shapely import wkb
from shapely.geometry import Polygon, box

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo, TransformFailed, UnsupportedCRS, transform
from layers.importing.crs_guess import Bounds, Decision, decide
from layers.importing.handling import Handling
from layers.importing.problems import Code, Problem
from layers.raster.problems import SceneCode, SceneRefused
from projects.models import Site


def decide_crs(
    stated: str, bounds: Bounds, city: BBox, chosen: str, file: str, accepts_shift: bool
) -> Decision:
    """The CRS, or what there is to choose from. accepts_shift: about 90 m are taken, for Xian 80 and Beijing 54.

    A picture whose rows ran east would be another picture: axes are never exchanged.
    """
    handling = Handling(accept_datum=accepts_shift)
    decision = decide(stated or None, bounds, city, chosen or None, file, handling)
    if not decision.swapped:
        return decision
    crs = decision.crs.label if decision.crs is not None else "-"
    problem = Problem(Code.UNKNOWN_CRS, file, params={"crs": crs})
    return replace(decision, crs=None, problems=(problem,), candidates=(), swapped=False)


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
