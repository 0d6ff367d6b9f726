"""Three values of a field meet: what the tablet had seen, what it wants, and what stands here now. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """base: what both started from; theirs: what stands here; mine: what the tablet wants."""

    base: Any
    theirs: Any
    mine: Any

    def as_json(self) -> dict[str, Any]:
        return {"base": self.base, "theirs": self.theirs, "mine": self.mine}


@dataclass(frozen=True, slots=True)
class Merge:
    """take: to be written; agreed: stands here already, by whomever; conflicts: to be decided by a person."""

    take: dict[str, Any]
    agreed: tuple[str, ...]
    conflicts: dict[str, Conflict]


def three_way(changes: Mapping[str, tuple[Any, Any]], current: Mapping[str, Any]) -> Merge:
    """changes: field to (old, new); current: the fields' values now. Two who want the same are no conflict."""
    take: dict[str, Any] = {}
    agreed: list[str] = []
    conflicts: dict[str, Conflict] = {}
    for field, (old, new) in changes.items():
        here = current.get(field)
        if same(here, new):
            agreed.append(field)
        elif same(here, old):
            take[field] = new
        else:
            conflicts[field] = Conflict(old, here, new)
    return Merge(take, tuple(agreed), conflicts)


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, an absent value is null, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
