"""Which walls stand on this system, asked of a real child: for ``check --deploy`` and ``check_ready``."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning

from layers.quarantine import runner
from layers.quarantine.runner import WALLS, Stopped

TAG = "quarantine"
_HINTS = {
    "network": "Allow network namespaces: CAP_SYS_ADMIN, or user namespaces for the site's account.",
    "files": "Landlock is in Linux from 5.13 on; add landlock to the kernel's lsm= parameter.",
    "calls": "Run on x86_64 or aarch64 with seccomp filters in the kernel.",
    "capabilities": "Run on x86_64 or aarch64.",
}


def standing_walls() -> dict[str, str]:
    """The walls of a child on this system, and what each is made of. Raises Stopped."""
    found = runner.run("selfcheck", [], {})
    return {str(name): str(made_of) for name, made_of in found.items()}


def check_walls(**_options: Any) -> list[CheckMessage]:
    """A warning for each wall that lacks; an error when no file can be read at all."""
    try:
        standing = standing_walls()
    except Stopped as stopped:
        text = f"The quarantine does not work ({stopped.reason}): no file can be imported."
        return [Error(text, hint="The log says why.", id="quarantine.E001")]
    return [
        Warning(
            f"The quarantine stands without its wall “{wall}”.",
            hint=_HINTS[wall],
            id="quarantine.W001",
        )
        for wall in WALLS
        if wall not in standing
    ]
