"""Which CRS a data set is in: stated, chosen, or shown by its numbers; never a silent guess.

Numbers are compared with the city's bbox, so nothing about one city stands here. Degrees, and
eastings with a zone prefix, tell their CRS. Eastings without a prefix often do not: at 47 N those
of two central meridians overlap, and the wrong one moves the data by 226 km. Then a person is
asked; where one CRS alone brings them into the city, it is taken, with a warning.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shapely.geometry import LineString, box

from gis_projects.geo.bbox import BBox, BBoxInvalid
from gis_projects.geo.crs import (
    WGS84,
    CRSInfo,
    TransformFailed,
    UnsupportedCRS,
    parse_crs,
    transform,
    transform_point,
)
from gis_projects.geo.epsg import CGCS2000, gauss_kruger_srid
from gis_projects.geo.measure import length_m, m_to_km
from layers.importing.handling import PLAIN, Handling
from layers.importing.problems import Code, Problem

DecidedBy = Literal["chosen", "stated", "numbers", "nothing"]
Bounds = tuple[float, float, float, float]

# Data may reach beyond the city a little; a wrong zone is off by degrees.
MARGIN_DEGREES = 0.2
_FAR_DEGREES = 5.0


@dataclass(frozen=True, slots=True)
class Decision:
    """The CRS, or None with the problems that say why, and what a person may choose from.

    swapped: the file gives y before x, whatever its CRS says.
    """

    crs: CRSInfo | None
    decided_by: DecidedBy
    problems: tuple[Problem, ...] = ()
    candidates: tuple[CRSInfo, ...] = ()
    swapped: bool = False


def decide(
    stated: str | None,
    bounds: Bounds | None,
    city: BBox,
    chosen: str | int | None = None,
    file: str = "",
    handling: Handling = PLAIN,
) -> Decision:
    """Decide the CRS of a data set.

    stated: WKT or name from the file. bounds: west, south, east, north of its first features in its
    own numbers, None when it has none. city: EPSG:4326. chosen: what the person says, taken before
    everything else. Raises nothing: what is wrong comes as problems.
    """
    asked = _Asked(city, file, handling.accept_datum)
    if handling.swap and bounds is not None:
        return replace(_decided(asked, stated, turned(bounds), chosen), swapped=True)
    return _decided(asked, stated, bounds, chosen)


@dataclass(frozen=True, slots=True)
class _Asked:
    city: BBox
    file: str
    accept_datum: bool


def _decided(
    asked: _Asked, stated: str | None, bounds: Bounds | None, chosen: str | int | None
) -> Decision:
    if chosen is not None:
        return _chosen(asked, chosen, bounds)
    if stated:
        known = _parsed(stated)
        if known is not None:
            return _checked(asked, known, "stated", bounds)
    return _by_numbers(asked, _shown(stated), bounds)


def _chosen(asked: _Asked, chosen: str | int, bounds: Bounds | None) -> Decision:
    info = _parsed(chosen)
    if info is None:
        problem = Problem(Code.UNKNOWN_CRS, asked.file, params={"crs": _shown(str(chosen))})
        return Decision(None, "chosen", (problem,))
    return _checked(asked, info, "chosen", bounds)


def _parsed(text: str | int) -> CRSInfo | None:
    try:
        info = parse_crs(text)
    except UnsupportedCRS:
        return None
    return None if info.kind == "other" else info


def _checked(
    asked: _Asked, info: CRSInfo, decided_by: DecidedBy, bounds: Bounds | None
) -> Decision:
    """Refuse null datums that nobody accepted, and numbers that mean nothing in this CRS; see swapped axes."""
    told: tuple[Problem, ...] = ()
    if info.null_datum:
        code = Code.DATUM_ACCEPTED if asked.accept_datum else Code.NULL_DATUM_CRS
        told = (Problem(code, asked.file, params={"crs": info.label}),)
        if not asked.accept_datum:
            return Decision(None, decided_by, told)
    if bounds is None or _falls_into(bounds, info, asked.city):
        return Decision(info, decided_by, told)
    if _falls_into(turned(bounds), info, asked.city):
        swapped = Problem(Code.AXES_SWAPPED, asked.file)
        return Decision(info, decided_by, (*told, swapped), swapped=True)
    if _means_nothing(bounds, info, asked.city):
        params = {"crs": info.label, "x": f"{bounds[0]:.10g}", "y": f"{bounds[1]:.10g}"}
        problem = Problem(Code.WRONG_CRS, asked.file, params=params)
        return Decision(None, decided_by, (problem,), candidates(bounds, asked.city))
    return _elsewhere(asked, info, Decision(info, decided_by, told), bounds)


def _elsewhere(asked: _Asked, info: CRSInfo, decision: Decision, bounds: Bounds) -> Decision:
    """The data lie outside the city, as a neighbour's would: said, where another CRS would bring them into it."""
    others = candidates(bounds, asked.city)
    if not others:
        return decision
    params = {"crs": info.label, "candidates": [one.label for one in others]}
    hint = Problem(Code.OTHER_CRS_FITS, asked.file, params=params)
    return replace(decision, problems=(*decision.problems, hint), candidates=others)


def _means_nothing(bounds: Bounds, info: CRSInfo, city: BBox) -> bool:
    """Whether the numbers are no degrees, or lie so far off that the CRS must be another one that fits the city.

    Data of a neighbour is merely outside: each of its features is told so.
    """
    if info.is_geographic:
        return not _are_degrees(bounds)
    near = city.expand(_FAR_DEGREES)
    return not _falls_into(bounds, info, near) and bool(candidates(bounds, city))


def _by_numbers(asked: _Asked, stated: str, bounds: Bounds | None) -> Decision:
    found = candidates(bounds, asked.city) if bounds is not None else ()
    if not found:
        return _by_turned_numbers(asked, stated, bounds)
    if len(found) == 1:
        problem = Problem(Code.CRS_GUESSED, asked.file, params={"crs": found[0].label})
        return Decision(found[0], "numbers", (problem,), found)
    return Decision(None, "nothing", (_several(asked, bounds, found),), found)


def _by_turned_numbers(asked: _Asked, stated: str, bounds: Bounds | None) -> Decision:
    """Surveyors write the northing first: taken only where one CRS alone brings it into the city."""
    found = candidates(turned(bounds), asked.city) if bounds is not None else ()
    if len(found) == 1:
        guessed = Problem(Code.CRS_GUESSED, asked.file, params={"crs": found[0].label})
        swapped = Problem(Code.AXES_SWAPPED, asked.file)
        return Decision(found[0], "numbers", (guessed, swapped), found, swapped=True)
    if found and bounds is not None:
        problem = _several(asked, turned(bounds), found)
        swapped = Problem(Code.AXES_SWAPPED, asked.file)
        return Decision(None, "nothing", (problem, swapped), found, swapped=True)
    problem = Problem(Code.UNKNOWN_CRS, asked.file, params={"crs": stated})
    return Decision(None, "nothing", (problem,))


def _several(asked: _Asked, bounds: Bounds | None, found: tuple[CRSInfo, ...]) -> Problem:
    apart = max(apart_km(bounds, found)) if bounds is not None else 0.0
    params = {"candidates": [info.label for info in found], "km": f"{apart:.0f}"}
    return Problem(Code.AMBIGUOUS_CRS, asked.file, params=params)


def apart_km(bounds: Bounds, crss: Sequence[CRSInfo]) -> list[float]:
    """For each CRS how far from the first of them it would put the middle of the data, kilometres on the ellipsoid.

    bounds: in the data's own numbers, which fall into each of these CRSs.
    """
    west, south, east, north = bounds
    middle = ((west + east) / 2, (south + north) / 2)
    places = [transform_point(*middle, crs.srid or crs.wkt) for crs in crss]
    return [m_to_km(length_m(LineString([places[0], place]))) for place in places]


def turned(bounds: Bounds) -> Bounds:
    """With the axes exchanged."""
    west, south, east, north = bounds
    return south, west, north, east


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


def _falls_into(bounds: Bounds, crs: int | CRSInfo, city: BBox) -> bool:
    from_crs = crs if isinstance(crs, int) else crs.srid or crs.wkt
    try:
        found = BBox.from_geometry(transform(box(*bounds), from_crs, WGS84))
    except (TransformFailed, BBoxInvalid, UnsupportedCRS):
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
