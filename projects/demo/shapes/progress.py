"""Where each site stands on the day of the demonstration: states, dates and accepted figures.

The building season runs from mid-April to the end of October; from 1 November outdoor works stop for the winter.
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from projects.demo.shapes.dataset import DemoSite

AS_OF = dt.date(2022, 11, 5)
REGISTERED_ON = dt.date(2022, 1, 26)
_WINTER = dt.date(2022, 11, 1)
_INDOOR = {"kindergarten", "school_repair", "elder_univ", "day_care", "childcare", "culture"}

# State and share of sites, by workflow.
_SHARES: dict[str, list[tuple[str, float]]] = {
    "invest": [
        ("idea", 0.02), ("approved", 0.04), ("design_approved", 0.05), ("tendering", 0.07), ("started", 0.07),
        ("under_construction", 0.33), ("suspended", 0.08), ("works_complete", 0.14),
        ("completion_acceptance", 0.09), ("rectification", 0.03), ("handed_over", 0.06), ("closed_out", 0.02),
    ],
    "mine": [
        ("untreated", 0.05), ("plan_drafting", 0.05), ("county_submitted", 0.03), ("rejected", 0.03),
        ("in_pool", 0.09), ("works", 0.27), ("suspended", 0.13), ("county_check", 0.09),
        ("city_acceptance", 0.07), ("rectification", 0.04), ("closed_out", 0.09), ("aftercare", 0.06),
    ],
    "greening": [
        ("plan_issued", 0.09), ("design", 0.15), ("planting", 0.41), ("suspended", 0.16), ("county_check", 0.05),
        ("city_check", 0.03), ("mapped", 0.02), ("replanting", 0.02), ("survival_accepted", 0.07),
    ],
    "estate": [
        ("consent", 0.05), ("scheme_displayed", 0.08), ("started", 0.41), ("suspended", 0.11),
        ("works_complete", 0.18), ("joint_acceptance", 0.05), ("rectification", 0.03), ("handed_over", 0.09),
    ],
}  # fmt: skip
_PHASES = {
    "planned": {"idea", "in_pipeline", "approved", "feasibility_approved", "design_approved", "tendering",
                "untreated", "plan_drafting", "county_submitted", "in_pool", "plan_issued", "design", "in_plan",
                "consent", "scheme_displayed", "rejected"},
    "working": {"started", "under_construction", "works", "planting"},
    "suspended": {"suspended"},
    "returned": {"rectification", "replanting"},
    "completed": {"works_complete", "completion_acceptance", "county_check", "city_acceptance", "city_check",
                  "mapped", "joint_acceptance"},
    "accepted": {"handed_over", "closed_out", "aftercare", "survival_accepted"},
}  # fmt: skip
# What there is one or two of stands where the report wants it.
_FIXED = {
    "wwtp3": ["started"],
    "sludge_power": ["handed_over"],
    "fufa_heat": ["works_complete", "under_construction", "completion_acceptance", "handed_over", "works_complete",
                  "completion_acceptance"],
    "vocational_park": ["under_construction", "works_complete"],
    "creative_park": ["under_construction"],
    "nen_eco": ["handed_over", "under_construction", "works_complete", "suspended", "completion_acceptance",
                "closed_out", "under_construction", "handed_over", "started", "works_complete", "tendering"],
    "shanshui": ["handed_over", "under_construction", "suspended", "works_complete"],
    "kindergarten": ["handed_over", "works_complete", "under_construction", "under_construction",
                     "completion_acceptance", "tendering"],
}  # fmt: skip
_MUST_HAVE = {
    "invest": ("handed_over", "works_complete", "under_construction"),
    "estate": ("handed_over", "works_complete", "started"),
}
# The accepted figure, the claimed one that it answers to, and its decimals.
ACCEPTED = {
    "mine_restore": ("accepted_area_mu", "claimed_area_mu", 1),
    "greening": ("accepted_area_mu", "claimed_area_mu", 1),
    "shanshui": ("accepted_area_mu", "claimed_area_mu", 0),
    "nen_eco": ("accepted_length_km", "claimed_length_km", 2),
    "soil_watershed": ("accepted_area_km2", "claimed_area_km2", 2),
    "pipe_renew": ("accepted_length_km", "claimed_length_km", 3),
    "shanty": ("accepted_households", "households", 0),
    "kindergarten": ("accepted_places", "places", 0),
}
_WHOLE = {"accepted_households", "accepted_places"}


@dataclass(frozen=True, slots=True)
class Row:
    """since: the day on which the state was reached. accepted_field, accepted: empty when nothing was accepted."""

    programme: str
    code: str
    state: str
    since: str
    progress: int
    planned_start: str
    planned_end: str
    actual_start: str
    actual_end: str
    accepted_field: str
    accepted: str


def rows(programme: str, workflow: str, sites: Sequence[DemoSite]) -> list[Row]:
    """One row for each site of a programme."""
    rng = random.Random(f"progress-{programme}")
    if programme == "renewable":
        return [_plant(rng, site) for site in sites]
    states = _states(rng, programme, workflow, len(sites))
    return [_row(rng, programme, site, state) for site, state in zip(sites, states, strict=True)]


def to_csv(found: Sequence[Row]) -> str:
    out = io.StringIO()
    names = [field.name for field in fields(Row)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in found)
    return out.getvalue()


def phase_of(state: str) -> str:
    return next(phase for phase, states in _PHASES.items() if state in states)


def _states(rng: random.Random, programme: str, workflow: str, count: int) -> list[str]:
    if programme in _FIXED:
        return _FIXED[programme]
    shares = _SHARES[workflow]
    if programme in _INDOOR:
        shares = [(state, share) for state, share in shares if state != "suspended"]
    total = sum(share for _state, share in shares)
    deck: list[str] = list(_MUST_HAVE.get(workflow, ()))[:count]
    while len(deck) < count:  # the state that is furthest behind its share comes next
        size = len(deck) + 1
        behind = [(share / total * size - deck.count(state), state) for state, share in shares]
        deck.append(max(behind)[1])
    rng.shuffle(deck)
    return deck


def _row(rng: random.Random, programme: str, site: DemoSite, state: str) -> Row:
    phase = phase_of(state)
    start, end = _season(rng, programme, phase)
    has_begun = phase != "planned"
    has_ended = phase in {"completed", "accepted"}
    actual_start = start + dt.timedelta(rng.randint(-3, 9)) if has_begun else None
    actual_end = end + dt.timedelta(rng.randint(-12, 6)) if has_ended else None
    field, value = _accepted(rng, programme, site) if phase == "accepted" else ("", "")
    return Row(
        programme=programme,
        code=site.code,
        state=state,
        since=_since(rng, phase, actual_start, actual_end).isoformat(),
        progress=_percent(rng, phase),
        planned_start=start.isoformat(),
        planned_end=end.isoformat(),
        actual_start=actual_start.isoformat() if actual_start else "",
        actual_end=actual_end.isoformat() if actual_end else "",
        accepted_field=field,
        accepted=value,
    )


def _season(rng: random.Random, programme: str, phase: str) -> tuple[dt.date, dt.date]:
    """Planned start and end, inside the building season; greening in spring or autumn."""
    if programme == "greening":
        is_spring = phase in {"completed", "accepted", "returned"} or (
            phase == "working" and rng.random() < 0.3
        )
        first = dt.date(2022, 4, 18) if is_spring else dt.date(2022, 9, 12)
        return first + dt.timedelta(rng.randint(0, 12)), first + dt.timedelta(rng.randint(28, 40))
    first = dt.date(2022, 4, 20) + dt.timedelta(rng.randint(0, 45))
    if phase == "accepted":
        return first, dt.date(2022, 7, 20) + dt.timedelta(rng.randint(0, 40))
    if phase == "completed":
        return first, dt.date(2022, 8, 20) + dt.timedelta(rng.randint(0, 50))
    if phase == "planned":
        first = dt.date(2022, 8, 10) + dt.timedelta(rng.randint(0, 50))
    return first, dt.date(2022, 10, 10) + dt.timedelta(rng.randint(0, 21))


def _since(rng: random.Random, phase: str, start: dt.date | None, end: dt.date | None) -> dt.date:
    if phase == "suspended":
        return _WINTER + dt.timedelta(rng.randint(0, 3))
    if phase == "planned":
        return dt.date(2022, 3, 1) + dt.timedelta(rng.randint(0, 150))
    if phase == "returned":
        return dt.date(2022, 9, 20) + dt.timedelta(rng.randint(0, 40))
    if phase == "accepted" and end is not None:
        return end + dt.timedelta(rng.randint(25, 55))
    if phase == "completed" and end is not None:
        return min(end + dt.timedelta(rng.randint(4, 20)), AS_OF)
    assert start is not None
    return start + dt.timedelta(rng.randint(4, 12))


def _percent(rng: random.Random, phase: str) -> int:
    if phase in {"completed", "accepted"}:
        return 100
    low, high = {"planned": (0, 0), "working": (3, 17), "suspended": (7, 16), "returned": (18, 19)}[
        phase
    ]
    return 5 * rng.randint(low, high)


def _accepted(rng: random.Random, programme: str, site: DemoSite) -> tuple[str, str]:
    """What the acceptance found: the claimed figure, or somewhat less."""
    if programme not in ACCEPTED:
        return "", ""
    field, claimed_field, decimals = ACCEPTED[programme]
    claimed = site.attributes.get(claimed_field)
    if claimed is None:
        return "", ""
    value = float(claimed) * (1.0 if rng.random() < 0.35 else rng.uniform(0.94, 0.995))
    return field, str(round(value)) if field in _WHOLE or decimals == 0 else str(
        round(value, decimals)
    )


def _plant(rng: random.Random, site: DemoSite) -> Row:
    """A plant in operation went through its works in an earlier year; the others are being built."""
    year = site.attributes.get("commissioned_year")
    if year is None:
        return _row(
            rng,
            "renewable",
            site,
            rng.choice(["under_construction", "under_construction", "works_complete"]),
        )
    start, end = f"{year - 1}-05-10", f"{year}-10-20"
    return Row(
        "renewable", site.code, "handed_over", f"{year}-11-25", 100, start, end, start, end, "", ""
    )


def by_code(found: Sequence[Row]) -> Mapping[tuple[str, str], Row]:
    return {(row.programme, row.code): row for row in found}
