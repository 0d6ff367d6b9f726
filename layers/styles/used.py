"""Which columns a style reads, and from which zoom on: tiles carry those even where they carry few."""

from collections.abc import Iterator, Mapping
from typing import Any

from layers.styles.document import Style

# Browsers draw tiles of a zoom or two less while those of theirs are on the way, or for good.
_EARLIER = 2


def columns_used(style: Style) -> dict[str, int]:
    """Column to the first zoom whose tiles need it."""
    found: dict[str, int] = {}
    for layer in style.get("layers", []):
        first = max(int(layer.get("minzoom", 0)) - _EARLIER, 0)
        for name in _names([layer.get(part) for part in ("filter", "paint", "layout")]):
            found[name] = min(first, found.get(name, first))
    return found


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        return
    if len(value) == 2 and value[0] in ("get", "has") and isinstance(value[1], str):
        yield value[1]
        return
    for part in value:
        yield from _names(part)
