"""The site's side of an SLD that was sent."""

from __future__ import annotations

from dataclasses import dataclass

from layers.quarantine import runner
from layers.quarantine.runner import Refused, Stopped
from layers.styles.document import Style, mistakes
from layers.styles.sld.notes import MAX_BYTES, MOST, SldRefused, Unsupported

_REASONS = frozenset({"xml", "large", "raster", "empty"})


@dataclass(frozen=True)
class SldStyle:
    style: Style
    unsupported: tuple[Unsupported, ...]


def read_sld(data: bytes) -> SldStyle:
    """The style that an SLD (1.0 or 1.1) describes, and what of it a style cannot say.

    Raises SldRefused for what is no SLD with a vector style, is larger than 2 MB, or cannot be read in quarantine.
    """
    if len(data) > MAX_BYTES:
        raise SldRefused("large")
    try:
        answer = runner.run("sld", [data], {})
    except Refused as refused:
        raise SldRefused(refused.data if refused.data in _REASONS else "xml") from refused
    except Stopped as stopped:
        raise SldRefused("unavailable" if stopped.reason.is_ours else "xml") from stopped
    return _read(answer)


def _read(answer: object) -> SldStyle:
    """The child read what a stranger wrote: its answer is checked as if the stranger had sent it."""
    try:
        assert isinstance(answer, dict)
        style = {"version": 8, "layers": answer["layers"]}
        pairs = [
            (str(element)[:80], str(rule)[:80]) for element, rule in answer["unsupported"][:MOST]
        ]
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise SldRefused("xml") from error
    if mistakes(style):
        raise SldRefused("xml")
    return SldStyle(style, tuple(Unsupported(element, rule) for element, rule in pairs))
