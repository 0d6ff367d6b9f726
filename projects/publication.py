"""The public projection of a site: which geometry the public may know.

A programme's precision is one of:
``exact``; ``grid:<metres>`` (moved to the centre of a metric grid cell: a point, whatever the kind);
``outline:<metres>`` (a polygon redrawn through the centres of such cells);
``street`` (a line generalised so that its alignment cannot be had back); ``district`` (no geometry, counted).
"""

import shapely
from django.db.models import F
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.gridsnap import generalise_line, generalise_polygon, snap_to_grid
from projects.models import City, Site

STREET_TOLERANCE_M = 100.0


class PrecisionInvalid(ValueError):
    """The programme's publication precision is none of the known forms."""


def public_geometry(geom: BaseGeometry, precision: str) -> BaseGeometry | None:
    """What the public may see of ``geom`` (any kind, EPSG:4326 lon/lat); None for ``district``.

    Raises PrecisionInvalid for an unknown precision: never falls back to the exact geometry.
    """
    kind, _, size = precision.partition(":")
    if kind == "exact":
        return geom
    if kind == "district":
        return None
    if kind == "grid":
        return snap_to_grid(representative_point(geom), _metres(size))
    if kind == "outline":
        return _outline(geom, _metres(size))
    if kind == "street":
        if geom.geom_type in {"LineString", "MultiLineString"}:
            return generalise_line(geom, STREET_TOLERANCE_M)
        return snap_to_grid(representative_point(geom), STREET_TOLERANCE_M)
    raise PrecisionInvalid(precision)


def _outline(geom: BaseGeometry, cell_m: float) -> BaseGeometry:
    if geom.geom_type in {"Polygon", "MultiPolygon"}:
        return generalise_polygon(geom, cell_m)
    if geom.geom_type in {"LineString", "MultiLineString"}:
        return generalise_line(geom, cell_m)
    return snap_to_grid(representative_point(geom), cell_m)


def representative_point(geom: BaseGeometry) -> Point:
    """A point on the geometry."""
    return shapely.point_on_surface(geom)


def is_public(site: Site) -> bool:
    """Whether the public sees the site; the same rule as ``SiteQuerySet.public``."""
    return site.published and site.programme.published


def announce(site: Site, *, was_public: bool = False) -> None:
    """Raise the revision after a change of ``site``, but only when the public could see it before or can now.

    What happens to a hidden site must not be told by an ETag that moves.
    """
    if was_public or is_public(site):
        bump_revision()


def bump_revision() -> None:
    """A public answer may have changed: every cached one is to be asked for anew."""
    City.objects.update(publication_revision=F("publication_revision") + 1)


def revision() -> int:
    """The current publication revision; 0 while no city is loaded."""
    return City.objects.values_list("publication_revision", flat=True).first() or 0


def _metres(size: str) -> float:
    try:
        cell_m = float(size)
    except ValueError as error:
        raise PrecisionInvalid(f"grid:{size}") from error
    if not 1 <= cell_m <= 100_000:
        raise PrecisionInvalid(f"grid:{size}")
    return cell_m
