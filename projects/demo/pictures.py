"""Which demonstration sites get which simulated photos and scenes, and on which day they were taken."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.demo.imagery.scenes import SceneKind
from projects.demo.manifest import Standing
from projects.models import Phase, PhotoRole, Site

_KINDS = {
    "mine_restore": "mine",
    "greening": "greening",
    "shanshui": "greening",
    "nen_eco": "river",
    "soil_watershed": "gully",
    "water_source": "water_source",
    "pipe_renew": "pipes",
    "fufa_heat": "heating",
    "wwtp3": "sewage",
    "sludge_power": "sewage",
    "old_estate": "compound",
    "sgyy": "compound",
    "shanty": "shantytown",
    "boiler": "heating",
    "kindergarten": "school",
    "school_repair": "school",
    "vocational_park": "building",
    "creative_park": "building",
    "elder_univ": "interior",
    "day_care": "interior",
    "childcare": "interior",
    "fitness": "fitness",
    "culture": "culture",
}
_ENERGY_KINDS = {"风电": "wind", "光伏": "solar", "生物质": "building"}
SCENES: Mapping[str, tuple[SceneKind, int]] = {
    "mine_restore": ("mine", 12),
    "greening": ("greening", 6),
    "nen_eco": ("river", 4),
}
SCENE_BEFORE_ON = dt.date(2021, 8, 20)
# A programme's first site in each of these phases is shown with all photos that it can have.
_SHOWN = (Phase.ACCEPTED, Phase.COMPLETED, Phase.WORKING)
_DONE = frozenset({Phase.COMPLETED, Phase.ACCEPTED})
_DAYS_BEFORE = dt.timedelta(12)


@dataclass(frozen=True, slots=True)
class Placed:
    """A site with where it shall stand. phase: of that state; needs_photo: some step on the way asks for one."""

    site: Site
    standing: Standing
    phase: str
    needs_photo: bool


@dataclass(frozen=True, slots=True)
class WantedPhoto:
    placed: Placed
    role: str
    taken_on: dt.date


def photos(placed: Sequence[Placed]) -> list[WantedPhoto]:
    """The photos of all sites: first those of the sites that are shown in full, then the evidence of the others."""
    shown = _shown_in_full(placed)
    full = [photo for one in shown for photo in _all_roles(one)]
    codes = {one.site.pk for one in shown}
    rest = [_evidence(one) for one in placed if one.needs_photo and one.site.pk not in codes]
    return full + rest


def scenes(placed: Sequence[Placed]) -> list[tuple[SceneKind, Placed]]:
    """Sites with a pair of scenes: only where works are done is there an after."""
    found: list[tuple[SceneKind, Placed]] = []
    for programme, (kind, count) in SCENES.items():
        done = [one for one in placed if one.standing.programme == programme and one.phase in _DONE]
        done.sort(key=lambda one: (one.phase != Phase.ACCEPTED, one.site.code))
        found += [(kind, one) for one in done[:count]]
    return found


def kind_of(site: Site) -> str:
    """The kind of photo, as projects.demo.imagery.photos names it."""
    key = site.programme.key
    if key == "renewable":
        return _ENERGY_KINDS[site.attributes["energy"]]
    if key == "fufa_heat" and site.geom.geom_type == "Point":
        return "pump"
    return _KINDS[key]


def _shown_in_full(placed: Sequence[Placed]) -> list[Placed]:
    first: dict[tuple[str, str], Placed] = {}
    for one in placed:
        if one.phase in _SHOWN:
            first.setdefault((one.standing.programme, one.phase), one)
    return sorted(first.values(), key=lambda one: _SHOWN.index(Phase(one.phase)))


def _all_roles(one: Placed) -> list[WantedPhoto]:
    """An after only where the works were accepted."""
    found = [WantedPhoto(one, PhotoRole.BEFORE, _before_on(one.standing))]
    found.append(WantedPhoto(one, PhotoRole.DURING, _during_on(one.standing)))
    if one.phase == Phase.ACCEPTED:
        found.append(WantedPhoto(one, PhotoRole.AFTER, _after_on(one.standing)))
    return found


def _evidence(one: Placed) -> WantedPhoto:
    if one.phase == Phase.ACCEPTED:
        return WantedPhoto(one, PhotoRole.AFTER, _after_on(one.standing))
    return WantedPhoto(one, PhotoRole.DURING, _during_on(one.standing))


def _before_on(standing: Standing) -> dt.date:
    return (standing.actual_start or standing.since) - _DAYS_BEFORE


def _during_on(standing: Standing) -> dt.date:
    begin = standing.actual_start or standing.since
    end = standing.actual_end or standing.since
    return begin + (end - begin) / 2


def _after_on(standing: Standing) -> dt.date:
    return (standing.actual_end or standing.since) + dt.timedelta(2)
