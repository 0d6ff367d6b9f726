"""What a target stands at, computed from its sites: nothing here is ever typed in.

A target's value at a stage is, by its measure: the number of sites; their length or area as drawn, measured on the
ellipsoid; or the sum of an attribute. Polygons that share ground count once. Beside the drawn figure stand the
claimed one (what the bureaus wrote) and the accepted one (what the acceptance found).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from gis_projects.geo import measure
from projects.editing import to_shapely
from projects.filters import STAGE_NAMES, STAGE_PHASES
from projects.models import Comparator, District, Kind, Measure, Target
from projects.querysets import SiteQuerySet

LENGTH_UNITS_M = {"米": 1.0, "m": 1.0, "公里": 1000.0, "千米": 1000.0, "km": 1000.0}
AREA_UNITS_M2 = {
    "平方米": 1.0,
    "m²": 1.0,
    "亩": measure.mu_to_m2(1.0),
    "公顷": 10_000.0,
    "ha": 10_000.0,
    "平方公里": 1_000_000.0,
    "km²": 1_000_000.0,
}
# Sums of decimal figures in binary floating point differ from the promise by less than this.
_RELATIVE_SLACK = 1e-9


@dataclass(frozen=True)
class SiteRow:
    """The columns of a site that totals are made of."""

    pk: Any
    phase: str
    state_order: int
    district_id: int | None
    attributes: Mapping[str, Any]
    length_m: float | None
    area_m2: float | None
    has_overlap: bool


@dataclass(frozen=True)
class StageFigure:
    """stage: a key of STAGE_PHASES; sites: how many; value: in the target's unit; share: of the promise, 0…"""

    stage: str
    sites: int
    value: float
    share: float | None

    @property
    def name(self) -> str:
        return str(STAGE_NAMES[self.stage])


@dataclass(frozen=True)
class TargetFigures:
    """A target with where it stands. claimed, accepted: None when nobody recorded such a figure."""

    target: Target
    stages: list[StageFigure] = field(default_factory=list)
    claimed: float | None = None
    accepted: float | None = None
    units_within: int | None = None
    units_total: int | None = None
    reached: int | None = None
    is_kept: bool | None = None

    def stage(self, name: str) -> StageFigure:
        return next(figure for figure in self.stages if figure.stage == name)

    @property
    def has_drawn(self) -> bool:
        """Whether the value is one that was measured on the ellipsoid."""
        return self.target.measure in {Measure.LENGTH, Measure.AREA}


def figures(targets: Iterable[Target], sites: SiteQuerySet) -> list[TargetFigures]:
    """One TargetFigures for each target, from the sites in ``sites``.

    Three queries, however many targets: the rows, the shapes of those that overlap, the districts.
    """
    wanted = list(targets)
    programmes = {target.programme_id for target in wanted if target.programme_id is not None}
    by_programme = _rows(sites.filter(programme__in=programmes))
    shapes = _overlapping_shapes(sites.filter(programme__in=programmes, has_overlap=True))
    districts = list(District.objects.values_list("pk", flat=True))
    return [_figures(target, by_programme, shapes, districts) for target in wanted]


def _figures(
    target: Target,
    by_programme: Mapping[int, list[SiteRow]],
    shapes: Mapping[Any, BaseGeometry],
    districts: list[int],
) -> TargetFigures:
    if target.programme_id is None:
        return TargetFigures(target)
    rows = [
        row for row in by_programme.get(target.programme_id, []) if target.takes(row.attributes)
    ]
    stages = [_stage(target, stage, rows, shapes) for stage in STAGE_PHASES]
    done = [row for row in rows if row.phase in STAGE_PHASES["accepted"]]
    within = _units_within(target, rows, districts)
    reached = _reached(target, rows)
    return TargetFigures(
        target=target,
        stages=stages,
        claimed=_attribute_sum(target.value_field, rows),
        accepted=_attribute_sum(target.accepted_field, done),
        units_within=within,
        units_total=None if within is None else len(districts),
        reached=reached,
        is_kept=_is_kept(target, stages[-1].value, within, len(districts), reached),
    )


def _rows(sites: SiteQuerySet) -> dict[int, list[SiteRow]]:
    grouped: dict[int, list[SiteRow]] = {}
    columns = ("pk", "state__phase", "state__order", "district_id", "attributes")
    measures = ("length_m", "area_m2", "has_overlap")
    for programme, *values in sites.order_by().values_list("programme_id", *columns, *measures):
        grouped.setdefault(programme, []).append(SiteRow(*values))
    return grouped


def _overlapping_shapes(sites: SiteQuerySet) -> dict[Any, BaseGeometry]:
    return {site.pk: to_shapely(site.geom) for site in sites.only("pk", "geom")}


def _stage(
    target: Target, stage: str, rows: list[SiteRow], shapes: Mapping[Any, BaseGeometry]
) -> StageFigure:
    chosen = [row for row in rows if row.phase in STAGE_PHASES[stage]]
    value = _value(target, chosen, shapes)
    promised = float(target.value) if target.value else None
    return StageFigure(stage, len(chosen), value, value / promised if promised else None)


def _value(target: Target, rows: list[SiteRow], shapes: Mapping[Any, BaseGeometry]) -> float:
    match target.measure:
        case Measure.LENGTH:
            return sum(row.length_m or 0.0 for row in rows) / LENGTH_UNITS_M[target.unit]
        case Measure.AREA:
            alone = sum(row.area_m2 or 0.0 for row in rows if not row.has_overlap)
            shared = measure.union_area_m2(shapes[row.pk] for row in rows if row.pk in shapes)
            return (alone + shared) / AREA_UNITS_M2[target.unit]
        case Measure.HOUSEHOLDS | Measure.CAPACITY | Measure.PLACES:
            return _attribute_sum(target.value_field, rows) or 0.0
        case _:
            return float(len(rows))


def _attribute_sum(name: str, rows: Iterable[SiteRow]) -> float | None:
    """None when the target names no attribute, or no site has it."""
    found = [row.attributes[name] for row in rows if name and row.attributes.get(name) is not None]
    return float(sum(found)) if found else None


def _units_within(target: Target, rows: list[SiteRow], districts: list[int]) -> int | None:
    """How many districts have as many sites as each was promised."""
    if target.kind != Kind.PER_UNIT:
        return None
    counts = Counter(row.district_id for row in rows)
    return sum(_satisfies(target, float(counts[pk])) for pk in districts)


def _reached(target: Target, rows: list[SiteRow]) -> int | None:
    """How many sites are at the milestone's state or beyond it."""
    if target.kind != Kind.MILESTONE or not target.milestone_state or target.programme is None:
        return None
    states = {state.key: state.order for state in target.programme.workflow.states.all()}
    goal = states[target.milestone_state]
    return sum(row.state_order >= goal for row in rows)


def _is_kept(
    target: Target, accepted: float, within: int | None, units: int, reached: int | None
) -> bool | None:
    """Whether what was accepted satisfies the promise; None when it has no number to satisfy."""
    if within is not None:
        return within == units
    if reached is not None:
        return reached > 0
    if target.comparator == Comparator.NONE:
        return None
    return _satisfies(target, accepted)


def _satisfies(target: Target, value: float) -> bool:
    promised = float(target.value or 0)
    slack = _RELATIVE_SLACK * max(1.0, abs(promised))
    match target.comparator:
        case Comparator.GE | Comparator.EQ:
            return value >= promised - slack
        case Comparator.LE:
            return value <= promised + slack
        case Comparator.RANGE:
            return promised - slack <= value <= float(target.value_max or promised) + slack
        case _:
            return False
