"""The smallest job: what a child is walled in by, as the child itself found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.quarantine.child import Work


def selfcheck(work: Work) -> dict[str, Any]:
    """The walls that stand, by name, and what is known of each."""
    return dict(work.walls)
