"""Which CRS a data set is in: stated, chosen, or shown by its numbers; never a silent guess.

Numbers are compared with the city's bbox, so nothing about one city stands here. Degrees, and
eastings with a zone prefix, tell their CRS. Eastings without a prefix often do not: at 47 N those
of two central meridians overlap, and the wrong one moves the data by 226 km. Then a person is
asked; where one CRS alone brings them into the city, it is taken, with a warning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from shapely.geometry import box

from gis_projects.geo.bbox import BBox, BBoxInvalid
from gis_projects.geo.crs import (
    CGCS2000,
    WGS84,
    CRSInfo,
    TransformFailed,
    UnsupportedCRS,
    gauss_kruger_srid,
    parse_crs,
    transform,
)
from layers.importing.problems import Code, Problem

DecidedBy = Literal["chosen", "stated", "numbers", "nothing"]
Bounds = tuple[float, float, float, float]

# Data may reach beyond the city a little; a wrong zone is off by degrees.
MARGIN_DEGREES = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """The CRS, or None with the problems that say why, and what a person may choose from."""

    crs: CRSInfo | None
    decided_by: DecidedBy
    problems: tuple[Problem, ...] = ()
    candidates: tuple[CRSInfo, ...] = ()


def decide(
    stated: str | None,
    bounds: Bounds | None,
    city: BBox,
    chosen: str | int | None = None,
    file: str = "",
) -> Decision:
    """Decide the CRS of a data set.

    stated: WKT or name from the file. bounds: west, south, east, north of its first features in its
    own numbers, None when it has none. city: EPSG:4326. chosen: what the person says, taken before
    everything else. Raises nothing: what is wrong comes as problems.
    """
    if chosen is not None:
        return _chosen(chosen, bounds, city, file)
    if stated:
        known = _parsed(stated)
        if known is not None:
            return _checked(known, "stated", bounds, city, file)
    return _by_numbers(_shown(stated), bounds, city, file)


def _chosen(chosen: str | int, bounds: Bounds | None, city: BBox, file: str) -> Decision:
    info = _parsed(chosen)
    if info is None:
        problem = Problem(Code.UNKNOWN_CRS, file, params={"crs": _shown(str(chosen))})
        return Decision(None, "chosen", (problem,))
    return _checked(info, "chosen", bounds, city, file)


def _parsed(text: str | int) -> CRSInfo | None:
    try:
        info = parse_crs(text)
    except UnsupportedCRS:
        return None
    return None if info.kind == "other" else info


def _checked(
    info: CRSInfo, decided_by: DecidedBy, bounds: Bounds | None, city: BBox, file: str
) -> Decision:
    """Refuse null datums, and degrees that are none."""
    if info.null_datum:
        problem = Problem(Code.NULL_DATUM_CRS, file, params={"crs": info.label})
        return Decision(None, decided_by, (problem,))
    if bounds is not None and info.is_geographic and not _are_degrees(bounds):
        params = {"crs": info.label, "x": f"{bounds[0]:.10g}", "y": f"{bounds[1]:.10g}"}
        problem = Problem(Code.WRONG_CRS, file, params=params)
        return Decision(None, decided_by, (problem,), candidates(bounds, city))
    return Decision(info, decided_by)


def _by_numbers(stated: str, bounds: Bounds | None, city: BBox, file: str) -> Decision:
    found = candidates(bounds, city) if bounds is not None else ()
    if not found:
        problem = Problem(Code.UNKNOWN_CRS, file, params={"crs": stated})
        return Decision(None, "nothing", (problem,))
    if len(found) == 1:
        problem = Problem(Code.CRS_GUESSED, file, params={"crs": found[0].label})
        return Decision(found[0], "numbers", (problem,), found)
    labels = [info.label for info in found]
    problem = Problem(Code.AMBIGUOUS_CRS, file, params={"candidates": labels})
    return Decision(None, "nothing", (problem,), found)


def candidates(bounds: Bounds, city: BBox) -> tuple[CRSInfo, ...]:
    """The CRSs in which these numbers fall into the city, the likeliest first.

    bounds: of the data, in its own numbers; city: EPSG:4326. Degrees are read as CGCS2000, since it
    and WGS 84 cannot be told apart. Projected ones are tried: CGCS2000 zones of three and
    six degrees with and without prefix, UTM, and web mercator, around the city.
    """
    if not all(map(math.isfinite, bounds)):
        return ()
    if _are_degrees(bounds):
        return (parse_crs(CGCS2000),) if _falls_into(bounds, CGCS2000, city) else ()
    return tuple(parse_crs(srid) for srid in _srids(city) if _falls_into(bounds, srid, city))


def _are_degrees(bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _falls_into(bounds: Bounds, srid: int, city: BBox) -> bool:
    try:
        found = BBox.from_geometry(transform(box(*bounds), srid, WGS84))
    except (TransformFailed, BBoxInvalid):
        return False
    return city.expand(MARGIN_DEGREES).contains_box(found)


def _srids(city: BBox) -> list[int]:
    """EPSG numbers of projected CRSs in use around the city.

    One zone more on each side: bureaus hand in what their neighbours' zone made as well.
    """
    meridians_3 = range(3 * math.floor(city.west / 3), 3 * math.ceil(city.east / 3) + 3, 3)
    prefixed_3 = [gauss_kruger_srid(m, m / 3 * 1_000_000 + 500_000) for m in meridians_3]
    prefixed_6 = [
        gauss_kruger_srid(m, (m + 3) / 6 * 1_000_000 + 500_000)
        for m in meridians_3
        if (m + 3) % 6 == 0
    ]
    plain = [gauss_kruger_srid(m, 500_000) for m in meridians_3]
    zones = {int((lon + 180) // 6) + 1 for lon in (city.west, city.east)}
    utm = [(32_600 if city.south >= 0 else 32_700) + zone for zone in sorted(zones)]
    found = [*prefixed_3, *prefixed_6, *plain, *utm, 3857]
    return [srid for srid in found if srid is not None]


def _shown(text: str | None) -> str:
    if not text:
        return "-"
    return "".join(char for char in text if char.isprintable())[:80]
