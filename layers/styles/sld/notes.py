"""What of an SLD could not be taken over: told by name, never dropped in silence."""

from dataclasses import dataclass

MOST = 100
MAX_BYTES = 2 << 20


class SldRefused(Exception):
    """It is no SLD that can be read. reason: ``xml``, ``large``, ``raster``, ``empty`` or ``unavailable``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, order=True)
class Unsupported:
    """element: the SLD element, with its value where that says more; rule: the title of the rule that has it."""

    element: str
    rule: str = ""
