"""An SLD 1.0 or 1.1 as a style: one layer for each symbolizer of each rule, under the rule's filter and scales.

Runs in quarantine: what it gives is checked again outside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layers.importing.problems import ImportRefused
from layers.importing.xml_stream import Tree, trees
from layers.styles.sld.collapse import collapse
from layers.styles.sld.filters import FilterUnsupported, condition
from layers.styles.sld.notes import MOST, SldRefused, Unsupported
from layers.styles.sld.symbolizers import SYMBOLIZERS, tell_unread
from layers.styles.words import MAX_TEXT, MAX_ZOOM

# Scale of zoom 0 (tiles of 256 px, pixels of 0.28 mm, on the equator). Source: OGC 17-083r4, WebMercatorQuad.
_SCALE_0 = 559_082_264.028_717_8
_LAYERS_MOST = 400


@dataclass
class Reading:
    layers: list[dict[str, Any]] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)

    def note(self, element: str, rule: str) -> None:
        found = Unsupported(" ".join(element.split())[:80], rule[:80])
        if found not in self.unsupported and len(self.unsupported) < MOST:
            self.unsupported.append(found)


def read(path: Path) -> Reading:
    """Raises SldRefused."""
    reading = Reading()
    try:
        with path.open("rb") as file:
            for tree in trees(file, "sld", {"FeatureTypeStyle"}):
                _read_rules(tree, reading)
    except ImportRefused as refused:
        raise SldRefused("xml") from refused
    if not reading.layers:
        is_raster = any(one.element == "RasterSymbolizer" for one in reading.unsupported)
        raise SldRefused("raster" if is_raster else "empty")
    reading.layers = collapse(reading.layers)
    if len(reading.layers) > _LAYERS_MOST:
        raise SldRefused("large")
    return reading


def _read_rules(tree: Tree, reading: Reading) -> None:
    rules = tree.all("Rule")
    filters = [_filter(rule, reading) for rule in rules]
    known = [one for one in filters if one is not None]
    for rule, own in zip(rules, filters, strict=True):
        is_else = rule.child("ElseFilter") is not None and known
        _read_rule(rule, ["!", ["any", *known]] if is_else else own, reading)


def _read_rule(rule: Tree, own: Any, reading: Reading) -> None:
    title = _title(rule)
    common: dict[str, Any] = _zooms(rule)
    if own is not None:
        common["filter"] = own
    for tree in rule.children:
        if not tree.tag.endswith("Symbolizer"):
            continue
        made = SYMBOLIZERS.get(tree.tag)
        if made is None:
            reading.note(tree.tag, title)
            continue
        tell_unread(tree, lambda element: reading.note(element, title))
        for layer in made(tree, lambda element: reading.note(element, title)):
            metadata = {**layer.pop("metadata", {})}
            if title and layer["type"] != "symbol" and metadata.get("legend", True):
                metadata["title"] = title
            reading.layers.append(
                {**layer, **common, **({"metadata": metadata} if metadata else {})}
            )


def _title(rule: Tree) -> str:
    description = rule.child("Description")
    inside = description.value("Title") if description is not None else None
    found = inside or rule.value("Title") or rule.value("Name") or ""
    return " ".join(found.split())[:MAX_TEXT]


def _filter(rule: Tree, reading: Reading) -> Any:
    found = rule.child("Filter")
    if found is None or not found.children:
        return None
    try:
        return condition(found.children[0])
    except FilterUnsupported as unsupported:
        reading.note(f"Filter {unsupported.element}", _title(rule))
        # Drawn for no feature: drawing it for all would tell what is not so.
        return ["!", ["all"]]


def _zooms(rule: Tree) -> dict[str, float]:
    """A large scale denominator is a small zoom."""
    least, most = rule.value("MaxScaleDenominator"), rule.value("MinScaleDenominator")
    found = {}
    if least is not None and (zoom := _zoom(least)) > 0:
        found["minzoom"] = zoom
    if most is not None and 0 < (zoom := _zoom(most)) < MAX_ZOOM and zoom > found.get("minzoom", 0):
        found["maxzoom"] = zoom
    return found


def _zoom(denominator: str) -> float:
    try:
        scale = float(denominator)
    except ValueError:
        return 0.0
    if not 0 < scale < math.inf:
        return 0.0
    return round(min(max(math.log2(_SCALE_0 / scale), 0.0), MAX_ZOOM - 1), 2)
