"""A shapefile: its attribute table read by ``dbf``, its simple shapes by ``shp``, all others by fiona."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely

from gis_projects.geo.validity import Kind
from layers.importing import dbf
from layers.importing.archive import Staged
from layers.importing.encoding import detect
from layers.importing.fiona_reading import FAILURES, SETTINGS, built_of, damaged, opened
from layers.importing.problems import Code, Problem, refuse
from layers.importing.shp import SimpleShapes
from layers.importing.source import CHUNK, Chunk, Field, Source, not_built

_SHAPE_KINDS: dict[int, Kind] = {1: "Point", 3: "LineString", 5: "Polygon", 8: "Point"}
_HEADER = 100
_Z_TYPES, _M_TYPES = 1, 2  # the tens of a shape type
_NO_DATA = -1e38


class ShapefileSource(Source):
    """Geometry through ``shp`` where it is simple, else through fiona; attributes through ``dbf``."""

    def __init__(self, staged: Staged, encoding: str | None) -> None:
        if staged.dbf is None:
            raise refuse(Code.MISSING_PART, staged.name, part=".dbf")
        self.file = self.layer = staged.name
        self.layers = (staged.name,)
        self.encoding = detect(staged.dbf, staged.cpg, encoding, staged.name)
        self.warnings = self.encoding.warnings
        header = dbf.read_header(staged.dbf, staged.name)
        self.fields = tuple(
            Field(name, field.type, field.width)
            for name, field in zip(self.encoding.field_names, header.fields, strict=True)
        )
        self._table = dbf.Table(staged.dbf, header)
        self._path = staged.path
        self.kind = _shape_kind(staged.path)
        self.crs_text = _prj_text(staged.prj)
        self._collection = opened(staged.path, "ESRI Shapefile", staged.name)
        self.count = len(self._collection)
        if _has_measures(staged.path):
            params = {"count": self.count}
            self.warnings += (Problem(Code.MEASURES_DROPPED, self.file, params=params),)

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source. Records marked as deleted are left out."""
        shapes = SimpleShapes(self._path)
        for start in range(0, self.count or 0, size):
            records = np.arange(start, min(start + size, self.count or 0))
            yield self._chunk(records, shapes.read(start, start + len(records)))

    def _chunk(self, records: np.ndarray, geometries: np.ndarray) -> Chunk:
        """geometries: None where fiona has to read them."""
        known = records < self._table.header.count
        taken = self._table.take(records[known])
        alive = np.ones(len(records), dtype=bool)
        alive[known] = taken["deleted"] != b"*"
        rest = np.flatnonzero(shapely.is_missing(geometries))
        built = built_of(self._features(records[rest].tolist()))
        geometries[rest] = built.geometries
        had_z = np.zeros(len(records), dtype=bool)
        had_z[rest] = built.had_z
        chunk = Chunk(
            numbers=records + 1,
            fids=[str(record) for record in records.tolist()],
            geometries=geometries,
            had_z=had_z,
            properties=[{} for _ in records],
        )
        self._fill(chunk, np.flatnonzero(known), taken)
        for place, reason in built.failed.items():
            at = int(rest[place])
            chunk.problems[at] = not_built(self.file, int(chunk.numbers[at]), reason)
        for at in np.flatnonzero(~known).tolist():
            chunk.problems[at] = self._problem(Code.MISSING_RECORD, chunk, at)
        return chunk if alive.all() else _selected(chunk, alive)

    def _features(self, records: list[int]) -> list[Any]:
        try:
            with fiona.Env(**SETTINGS):
                features = [self._collection.get(record) for record in records]
        except FAILURES as error:
            raise damaged(self.file, type(error).__name__) from error
        if any(feature is None for feature in features):
            raise damaged(self.file, ".shp")
        return features

    def _fill(self, chunk: Chunk, positions: np.ndarray, taken: np.ndarray) -> None:
        """Column by column: the same bytes recur, and are decoded once per column."""
        places = positions.tolist()
        assert self.encoding is not None
        for number, (name, field) in enumerate(
            zip(self.encoding.field_names, self._table.header.fields, strict=True)
        ):
            values: dict[bytes, Any] = {}
            for at, raw in zip(places, self._table.column(taken, number), strict=True):
                if raw not in values:
                    values[raw] = self._value(raw, field)
                value = values[raw]
                if value is _UNREADABLE:
                    params = {"encoding": self.encoding.encoding}
                    chunk.problems[at] = self._problem(
                        Code.UNREADABLE_TEXT, chunk, at, name, params
                    )
                    value = None
                chunk.properties[at][name] = value

    def _value(self, raw: bytes, field: dbf.RawField) -> Any:
        assert self.encoding is not None
        if field.type != "text" and field.code not in "GP":
            return dbf.plain_value(raw, field)
        text = dbf.decode_text(raw, self.encoding.encoding, field.width)
        if text is None:
            return _UNREADABLE
        return text or None

    def _problem(
        self,
        code: Code,
        chunk: Chunk,
        at: int,
        field: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> Problem:
        return Problem(code, self.file, int(chunk.numbers[at]), field, params or {})

    def close(self) -> None:
        """Let go of the geometry file."""
        self._collection.close()


_UNREADABLE = object()


def _selected(chunk: Chunk, mask: np.ndarray) -> Chunk:
    kept = np.flatnonzero(mask).tolist()
    return Chunk(
        numbers=chunk.numbers[kept],
        fids=[chunk.fids[at] for at in kept],
        geometries=chunk.geometries[kept],
        had_z=chunk.had_z[kept],
        properties=[chunk.properties[at] for at in kept],
        problems={new: chunk.problems[at] for new, at in enumerate(kept) if at in chunk.problems},
    )


def _shape_kind(path: Path) -> Kind | None:
    """From the shape type in the header (ESRI Shapefile Technical Description, page 4)."""
    with path.open("rb") as file:
        head = file.read(36)
    return _SHAPE_KINDS.get(int.from_bytes(head[32:36], "little") % 10)


def _has_measures(path: Path) -> bool:
    """Whether the type is one with M, or one with Z whose header gives a range of M that is not "no data".

    Source: ESRI Shapefile Technical Description, pages 2, 4 and 14.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER:
        return False
    kind = int.from_bytes(head[32:36], "little")
    low, high = struct.unpack("<2d", head[84:100])
    is_measured = _NO_DATA < low <= high and (low, high) != (0.0, 0.0)
    return kind // 10 == _M_TYPES or (kind // 10 == _Z_TYPES and is_measured)


def _prj_text(path: Path | None) -> str | None:
    if path is None:
        return None
    with path.open("rb") as file:
        raw = file.read(20_000)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).strip("\x00 \r\n\t") or None
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").strip()
