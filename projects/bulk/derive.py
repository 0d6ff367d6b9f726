"""What a site is given when it is written, for a column of sites: measures, public geometry, search text."""

import re
from functools import cache, lru_cache

import numpy as np
import shapely

from gis_projects.geo import measure
from projects.models import Site
from projects.publication import public_geometry
from projects.search import search_text

_POLYGON = 3
SEARCH_LENGTH: int = Site._meta.get_field("search_text").max_length or 0
_LONG_RUN = 40


def areas_m2(polygons: np.ndarray) -> list[float]:
    """Area of each on the ellipsoid, square metres: gis_projects.geo.measure.area_m2 to the last bit.

    polygons: valid, 2-D, EPSG:4326 lon/lat. Nearly all are one ring, whose coordinates are taken out together.
    """
    simple = (shapely.get_type_id(polygons) == _POLYGON) & (
        shapely.get_num_interior_rings(polygons) == 0
    )
    lon, lat = shapely.get_coordinates(polygons).T.copy()
    ends = np.cumsum(shapely.get_num_coordinates(polygons)).tolist()
    area_of = measure.ELLIPSOID.polygon_area_perimeter
    areas: list[float] = []
    start = 0
    for at, (end, is_simple) in enumerate(zip(ends, simple.tolist(), strict=True)):
        if is_simple:
            areas.append(abs(float(area_of(lon[start:end], lat[start:end])[0])))
        else:
            areas.append(measure.area_m2(polygons[at]))
        start = end
    return areas


def lengths_m(lines: np.ndarray) -> list[float]:
    """Length of each along the ellipsoid, metres. lines: 2-D, EPSG:4326 lon/lat."""
    return [measure.length_m(line) for line in lines]


def public_geometries(geoms: np.ndarray, precision: str) -> np.ndarray:
    """What the public may see of each; None where it is nothing. Raises publication.PrecisionInvalid."""
    if precision == "exact":
        return geoms
    public = np.empty(len(geoms), dtype=object)
    public[:] = [public_geometry(geom, precision) for geom in geoms]
    return public


def search_text_of(*parts: str) -> str:
    """projects.search.search_text, put together from runs of characters that recur in name after name."""
    text = " ".join(part for part in parts if part)
    full = _runs().split(text)
    if any(len(run) > _LONG_RUN for run in full[1::2]):
        return search_text(*parts)
    initials = list(full)
    for at in range(1, len(full), 2):
        full[at], initials[at] = _pinyin(full[at])
    return f"{text} {''.join(full)} {''.join(initials)}".lower()[:SEARCH_LENGTH]


@cache
def _runs() -> re.Pattern[str]:
    """Pypinyin looks for words inside a run of Chinese characters only, and copies what stands between runs."""
    from pypinyin.constants import RE_HANS

    return re.compile(f"({RE_HANS.pattern.strip('^$')})")


@lru_cache(maxsize=20_000)
def _pinyin(run: str) -> tuple[str, str]:
    """In full and by initials: the second and third word of the run's own search text."""
    _run, full, initials = search_text(run).split(" ")
    return full, initials
