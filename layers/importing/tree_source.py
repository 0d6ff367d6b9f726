"""Features from elements of an XML file: what KML and GPX have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import islice

import numpy as np
from django.utils.functional import Promise

from gis_projects.geo.validity import Kind
from layers.importing.archive import Staged
from layers.importing.build import Malformed, Shape, build
from layers.importing.problems import Code, refuse
from layers.importing.source import CHUNK, Chunk, Field, Source, not_built
from layers.importing.xml_stream import Tree, trees

MAX_COLUMNS = 500
_FAMILIES: dict[str, Kind] = {
    "Point": "Point", "MultiPoint": "Point", "LineString": "LineString", "MultiLineString": "LineString",
    "Polygon": "Polygon", "MultiPolygon": "Polygon",
}  # fmt: skip


class TreeSource(Source):
    """A subclass says which elements are features, their shape and their properties. Always EPSG:4326."""

    crs_text = "EPSG:4326"

    def _begin(self, staged: Staged) -> None:
        """Go through the file once, for its columns. Raises ImportRefused where it has no features."""
        self.file = staged.name
        self._path = staged.path
        names: dict[str, None] = {}
        kinds: set[Kind | None] = set()
        self.count = 0
        for tree in self._trees():
            self.count += 1
            names |= dict.fromkeys(self._properties(tree))
            if len(names) > MAX_COLUMNS:
                raise refuse(Code.TOO_LARGE, self.file, limit=str(MAX_COLUMNS))
            kinds.add(self._family(tree))
        if not self.count:
            raise refuse(Code.EMPTY_FILE, self.file)
        self.fields = tuple(Field(name, "text") for name in names)
        self.kind = kinds.pop() if len(kinds) == 1 else None

    @abstractmethod
    def _wanted(self) -> tuple[str, ...]:
        """Tags of the elements that are features."""

    @abstractmethod
    def _shape(self, tree: Tree) -> Shape | None:
        """Raises Malformed."""

    @abstractmethod
    def _properties(self, tree: Tree) -> dict[str, str]:
        """Texts by the names of their columns."""

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        found = self._trees()
        first = 1
        while batch := list(islice(found, size)):
            yield self._chunk(batch, first)
            first += len(batch)

    def _trees(self) -> Iterator[Tree]:
        with self._path.open("rb") as file:
            yield from trees(file, self.file, self._wanted())

    def _family(self, tree: Tree) -> Kind | None:
        try:
            shape = self._shape(tree)
        except Malformed:
            return None
        return None if shape is None else _FAMILIES.get(shape[0])

    def _chunk(self, found: list[Tree], first: int) -> Chunk:
        shapes: list[Shape | None] = []
        failed: dict[int, Promise] = {}
        for at, tree in enumerate(found):
            try:
                shapes.append(self._shape(tree))
            except Malformed as error:
                shapes.append(None)
                failed[at] = error.reason
        built = build(shapes)
        reasons = {**built.failed, **failed}
        return Chunk(
            numbers=np.arange(first, first + len(found)),
            fids=[tree.attributes.get("id") or str(first + at) for at, tree in enumerate(found)],
            geometries=built.geometries,
            had_z=built.had_z,
            properties=[dict(self._properties(tree)) for tree in found],
            problems={at: not_built(self.file, first + at, why) for at, why in reasons.items()},
        )


def families_of(shapes: list[Shape]) -> Shape | None:
    """Several shapes as one: a multi form where they are of one kind, else a collection; None for none."""
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    kinds = {kind for kind, _coordinates in shapes}
    if len(kinds) == 1 and (kind := kinds.pop()) in {"Point", "LineString", "Polygon"}:
        return f"Multi{kind}", [coordinates for _kind, coordinates in shapes]
    return "GeometryCollection", shapes
