"""GPX: waypoints, routes and tracks, each a layer of its own. Source: GPX 1.1 schema (Topografix, 2004)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.importing.archive import Staged
from layers.importing.build import Malformed, Shape
from layers.importing.problems import Code, refuse
from layers.importing.tree_source import TreeSource, families_of
from layers.importing.xml_stream import Tree, trees

_NOT_NUMBERS: Promise = _("a position must be two or three numbers")
LAYERS = {"waypoints": "wpt", "routes": "rte", "tracks": "trk"}
_POINTS = frozenset({"rtept", "trkseg", "extensions", "link"})


class GPXSource(TreeSource):
    """The one layer that has something in it, or the chosen one. Raises ImportRefused for several."""

    def __init__(self, staged: Staged, layer: str | None) -> None:
        with staged.path.open("rb") as file:
            tags = {tree.tag for tree in trees(file, staged.name, tuple(LAYERS.values()))}
        self.layers = tuple(name for name, tag in LAYERS.items() if tag in tags)
        self.layer = _chosen(self.layers, layer, staged.name)
        self._begin(staged)

    def _wanted(self) -> tuple[str, ...]:
        return (LAYERS[self.layer],)

    def _shape(self, tree: Tree) -> Shape | None:
        if tree.tag == "wpt":
            return "Point", _position(tree)
        if tree.tag == "rte":
            return _line(tree.all("rtept"))
        lines = [_line(segment.all("trkpt")) for segment in tree.all("trkseg")]
        return families_of([line for line in lines if line is not None])

    def _properties(self, tree: Tree) -> dict[str, str]:
        texts = ((one.tag, one.text.strip()) for one in tree.children if one.tag not in _POINTS)
        return {tag: text for tag, text in texts if text}


def _chosen(layers: tuple[str, ...], layer: str | None, file: str) -> str:
    if not layers:
        raise refuse(Code.EMPTY_FILE, file)
    if layer is not None and layer not in layers:
        raise refuse(Code.NO_SUCH_LAYER, file, layer=layer, choices=layers)
    if layer is None and len(layers) > 1:
        raise refuse(Code.SEVERAL_LAYERS, file, choices=layers)
    return layer or layers[0]


def _line(points: list[Tree]) -> Shape | None:
    places = [_position(one) for one in points]
    if len({len(place) for place in places}) > 1:  # heights of some: of none
        places = [place[:2] for place in places]
    return ("LineString", places) if places else None


def _position(tree: Tree) -> list[Any]:
    try:
        place = [float(tree.attributes["lon"]), float(tree.attributes["lat"])]
        height = tree.value("ele")
        return place if height is None else [*place, float(height)]
    except (KeyError, ValueError) as error:
        raise Malformed(_NOT_NUMBERS) from error
