"""Opening a staged data set. The only module that imports fiona.

Each format names its one driver: GDAL never guesses, so a VRT under another name stays closed. The
attribute table of a shapefile is read by ``dbf``, its simple shapes by ``shp`` and all others by
fiona, joined by record number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely
from fiona.errors import FionaError

from gis_projects.geo.validity import Kind
from layers.importing import dbf
from layers.importing.archive import Format, Staged
from layers.importing.build import Built, Shape, build
from layers.importing.csv_source import CSVSource
from layers.importing.encoding import detect
from layers.importing.geojson_source import GeoJSONSource
from layers.importing.geojsonseq_source import GeoJSONSeqSource
from layers.importing.gpkg_schema import (
    chosen_layer,
    feature_tables,
    field_type,
    field_width,
    geometry_kind,
    stated_crs,
)
from layers.importing.gpx_source import GPXSource
from layers.importing.kml_source import KMLSource
from layers.importing.problems import Code, ImportRefused, Problem, refuse
from layers.importing.shp import SimpleShapes
from layers.importing.source import CHUNK, Chunk, Field, RawFeature, Source, not_built
from layers.importing.xlsx_source import XLSXSource

__all__ = ["Chunk", "Field", "RawFeature", "Source", "open_source"]

# Closed doors: no sidecars, no repairs of what was sent, no address is ever opened.
_SETTINGS = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "SHAPE_RESTORE_SHX": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
}
_FGB_HEADER_BYTES = 10 << 20
_FAILURES = (FionaError, ValueError, TypeError, RuntimeError, OSError)
_SHAPE_KINDS: dict[int, Kind] = {1: "Point", 3: "LineString", 5: "Polygon", 8: "Point"}


def open_source(staged: Staged, encoding: str | None = None, layer: str | None = None) -> Source:
    """Open what ``archive.stage_files`` laid out.

    encoding: overrides what is detected (shapefile, CSV). layer: of a GeoPackage or a spreadsheet.
    Raises ImportRefused: damaged, several layers, no such layer, unknown encoding.
    """
    return _OPENERS[staged.format](staged, encoding, layer)


def _open(path: Path, driver: str, name: str, layer: str | None = None) -> Any:
    try:
        with fiona.Env(**_SETTINGS):
            return fiona.open(str(path), layer=layer, enabled_drivers=[driver])
    except _FAILURES as error:
        raise _damaged(name, path.suffix) from error


def _damaged(name: str, reason: str) -> ImportRefused:
    return refuse(Code.DAMAGED_FILE, name, reason=reason)


def _batches(collection: Any, size: int, name: str) -> Iterator[list[Any]]:
    """Lists of fiona features; a failure half-way is a damaged file."""
    try:
        with fiona.Env(**_SETTINGS):
            features = iter(collection)
            while batch := list(islice(features, size)):
                yield batch
    except _FAILURES as error:
        raise _damaged(name, type(error).__name__) from error


def _shape(geometry: Any) -> Shape | None:
    if geometry is None:
        return None
    kind: str = geometry.type
    if kind == "GeometryCollection":
        return kind, [_shape(part) for part in geometry.geometries]
    return kind, geometry.coordinates


def _build(batch: list[Any]) -> Built:
    return build([_shape(feature.geometry) for feature in batch])


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
        self._collection = _open(staged.path, "ESRI Shapefile", staged.name)
        self.count = len(self._collection)

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
        built = _build(self._features(records[rest].tolist()))
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
            with fiona.Env(**_SETTINGS):
                features = [self._collection.get(record) for record in records]
        except _FAILURES as error:
            raise _damaged(self.file, type(error).__name__) from error
        if any(feature is None for feature in features):
            raise _damaged(self.file, ".shp")
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


class FionaSource(Source):
    """A layer that fiona reads feature by feature; a subclass has looked at the file before."""

    def _begin(self, path: Path, driver: str, name: str, layer: str | None = None) -> None:
        self.file = name
        self._collection = _open(path, driver, name, layer)
        schema = self._collection.schema
        self.fields = tuple(
            Field(name, field_type(str(kind)), field_width(str(kind)))
            for name, kind in schema["properties"].items()
        )
        self.kind = geometry_kind(schema["geometry"])
        self.crs_text = stated_crs(self._collection.crs_wkt)

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        first = 1
        for batch in _batches(self._collection, size, self.file):
            built = _build(batch)
            chunk = Chunk(
                numbers=np.arange(first, first + len(batch)),
                fids=[feature.id for feature in batch],
                geometries=built.geometries,
                had_z=built.had_z,
                properties=[dict(feature.properties) for feature in batch],
            )
            for at, reason in built.failed.items():
                chunk.problems[at] = not_built(self.file, first + at, reason)
            yield chunk
            first += len(batch)

    def close(self) -> None:
        """Let go of the file."""
        self._collection.close()


class GeoPackageSource(FionaSource):
    """A layer of a GeoPackage, after its schema was looked at without GDAL."""

    def __init__(self, staged: Staged, layer: str | None) -> None:
        self.layers = feature_tables(staged)
        self.layer = chosen_layer(self.layers, layer, staged.name)
        self._begin(staged.path, "GPKG", staged.name, self.layer)


class FlatGeobufSource(FionaSource):
    """One layer. The length of its header is looked at first: GDAL would make room for whatever it says."""

    def __init__(self, staged: Staged) -> None:
        with staged.path.open("rb") as file:
            size = int.from_bytes(file.read(12)[8:12], "little")
        if size > min(staged.path.stat().st_size, _FGB_HEADER_BYTES):
            raise _damaged(staged.name, ".fgb")
        self.layer = staged.name
        self.layers = (staged.name,)
        self._begin(staged.path, "FlatGeobuf", staged.name)


class DXFSource(FionaSource):
    """A drawing: its entities with their CAD layer and text. It states no CRS; arcs come as short lines."""

    def __init__(self, staged: Staged) -> None:
        self.layer = staged.name
        self.layers = (staged.name,)
        self._begin(staged.path, "DXF", staged.name)
        self.crs_text = None
        self.kind = None


_OPENERS: dict[Format, Callable[[Staged, str | None, str | None], Source]] = {
    "shapefile": lambda staged, encoding, _layer: ShapefileSource(staged, encoding),
    "gpkg": lambda staged, _encoding, layer: GeoPackageSource(staged, layer),
    "geojson": lambda staged, _encoding, _layer: GeoJSONSource(staged),
    "geojsonseq": lambda staged, _encoding, _layer: GeoJSONSeqSource(staged),
    "csv": lambda staged, encoding, _layer: CSVSource(staged, encoding),
    "xlsx": lambda staged, _encoding, layer: XLSXSource(staged, layer),
    "kml": lambda staged, _encoding, _layer: KMLSource(staged),
    "gpx": lambda staged, _encoding, layer: GPXSource(staged, layer),
    "fgb": lambda staged, _encoding, _layer: FlatGeobufSource(staged),
    "dxf": lambda staged, _encoding, _layer: DXFSource(staged),
}
