"""What one job may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a child.

    memory_bytes: beyond what the readers themselves take; cpu_s: of the child; wall_s: that the
    parent waits for it, in sum; file_bytes: of one file that the child writes.
    """

    memory_bytes: int = 2 << 30
    cpu_s: int = 300
    wall_s: float = 600.0
    file_bytes: int = 2 << 30

    def as_json(self) -> dict[str, int | float]:
        """For the wire."""
        return asdict(self)


def usual_limits() -> Limits:
    """What the settings say (QUARANTINE_MEMORY_BYTES, QUARANTINE_CPU_S, QUARANTINE_WALL_S)."""
    return Limits(
        memory_bytes=settings.QUARANTINE_MEMORY_BYTES,
        cpu_s=settings.QUARANTINE_CPU_S,
        wall_s=settings.QUARANTINE_WALL_S,
    )
