"""Shapefiles and GeoPackages made for one test: written byte by byte, so that they can be wrong."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fiona
from pyproj import CRS

Coordinates = Sequence[Any]
SQUARE = [(123.9, 47.3), (123.9, 47.31), (123.91, 47.31), (123.91, 47.3), (123.9, 47.3)]
BOW_TIE = [(123.9, 47.3), (123.91, 47.31), (123.91, 47.3), (123.9, 47.31), (123.9, 47.3)]


@dataclass(frozen=True)
class Column:
    """A column of a .dbf; the name may be longer than its ten bytes, and is then cut there."""

    name: str
    type: str = "C"
    width: int = 20
    decimals: int = 0


def dbf_bytes(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    encoding: str = "gb18030",
    ldid: int = 0,
    deleted: Sequence[int] = (),
) -> bytes:
    """A dBASE III table; values are cut at the width of their field, even inside a character."""
    records = list(rows)
    length = 1 + sum(column.width for column in columns)
    head = struct.pack(
        "<B3sIHH17xB2x", 3, b"\x7a\x01\x01", len(records), 33 + 32 * len(columns), length, ldid
    )
    for column in columns:
        raw = column.name.encode(encoding)[:10]
        head += struct.pack(
            "<11sc4xBB14x", raw, column.type.encode(), column.width, column.decimals
        )
    body = b""
    for number, record in enumerate(records):
        body += b"*" if number in deleted else b" "
        for column, value in zip(columns, record, strict=True):
            raw = value.encode(encoding)[: column.width]
            fill = raw.rjust if column.type in "NF" else raw.ljust
            body += fill(column.width, b" ")
    return head + b"\r" + body + b"\x1a"


def shp_bytes(kind: str, shapes: Sequence[Coordinates | None]) -> tuple[bytes, bytes]:
    """A .shp and its .shx. A Point is (x, y); a LineString or Polygon a list of positions."""
    number = {"Point": 1, "LineString": 3, "Polygon": 5}[kind]
    body, index, offset = b"", b"", 50
    for at, shape in enumerate(shapes, start=1):
        record = _record(number, shape)
        words = len(record) // 2
        body += struct.pack(">ii", at, words) + record
        index += struct.pack(">ii", offset, words)
        offset += words + 4
    return _main_header(number, len(body)) + body, _main_header(number, len(index)) + index


def _record(number: int, shape: Coordinates | None) -> bytes:
    if shape is None:
        return struct.pack("<i", 0)
    if number == 1:
        return struct.pack("<idd", number, *shape)
    xs, ys = [x for x, _y in shape], [y for _x, y in shape]
    head = struct.pack("<i4diii", number, min(xs), min(ys), max(xs), max(ys), 1, len(shape), 0)
    return head + b"".join(struct.pack("<dd", x, y) for x, y in shape)


def _main_header(number: int, size: int) -> bytes:
    bounds = (122.0, 45.0, 127.0, 49.0, 0.0, 0.0, 0.0, 0.0)
    return struct.pack(">i20xi", 9994, 50 + size // 2) + struct.pack("<ii8d", 1000, number, *bounds)


def shapefile(
    folder: Path,
    shapes: Sequence[Coordinates | None],
    rows: Sequence[Sequence[str]] | None = None,
    columns: Sequence[Column] = (Column("名称"),),
    kind: str = "Polygon",
    crs: int | str | None = 4490,
    encoding: str = "gb18030",
    cpg: str | None = None,
    ldid: int = 0,
    deleted: Sequence[int] = (),
    name: str = "图斑",
) -> Path:
    """Write a shapefile as a bureau sends it (GBK, no .cpg); its .shp comes back."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.shp"
    values = rows if rows is not None else [["演示"] * len(columns)] * len(shapes)
    shp, shx = shp_bytes(kind, shapes)
    path.write_bytes(shp)
    path.with_suffix(".shx").write_bytes(shx)
    path.with_suffix(".dbf").write_bytes(dbf_bytes(columns, values, encoding, ldid, deleted))
    if crs is not None:
        text = CRS.from_epsg(crs).to_wkt("WKT1_ESRI") if isinstance(crs, int) else crs
        path.with_suffix(".prj").write_text(text, encoding="utf-8")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="utf-8")
    return path


def zipped(path: Path, files: Iterable[Path], within: str = "") -> Path:
    """The files in a new zip at ``path``, under the folder ``within``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, within + file.name)
    return path


def siblings(shp: Path) -> list[Path]:
    """All parts of a shapefile."""
    return sorted(shp.parent.glob(f"{shp.stem}.*"))


def geopackage(path: Path, features: Sequence[dict[str, Any]], layer: str, crs: int = 4490) -> Path:
    """A layer with a text column ``名称`` in a (new or old) GeoPackage."""
    schema = {"geometry": "Unknown", "properties": {"名称": "str"}}
    with fiona.open(
        path, "w", driver="GPKG", layer=layer, schema=schema, crs=f"EPSG:{crs}"
    ) as collection:
        collection.writerecords(features)
    return path
