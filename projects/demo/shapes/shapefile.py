"""Writing shapefiles byte for byte the same each time, with the habits of the tools that bureaus use.

GDAL writes today's date and its own language byte; here date, language byte, .cpg and .prj are the caller's.
Source: ESRI Shapefile Technical Description (1998); dBASE III table file structure.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

Code = Literal["C", "N", "L"]
_SHAPE_TYPES = {"Point": 1, "LineString": 3, "Polygon": 5}
_HEADER_WORDS = 50
NAME_BYTES = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. name: at most ten bytes in the file's encoding; width: bytes."""

    name: str
    code: Code
    width: int
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """What stands beside the shapes. saved_on: year, month, day; ldid: the language byte."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    encoding: str
    ldid: int
    saved_on: tuple[int, int, int]


def write(
    folder: Path,
    stem: str,
    geometries: Sequence[BaseGeometry],
    table: Table,
    prj: str | None,
    cpg: str | None,
) -> None:
    """Write ``stem``.shp, .shx and .dbf, and .prj and .cpg where given.

    geometries: all of one type of Point, LineString or Polygon, in the CRS of ``prj``, x before y.
    Raises ValueError for a text that is too long, KeyError for another type.
    """
    records = [_content(geometry) for geometry in geometries]
    kind = _SHAPE_TYPES[geometries[0].geom_type]
    box = struct.pack("<4d", *shapely.total_bounds(list(geometries))) + bytes(32)
    shp, shx, at = [], [], _HEADER_WORDS
    for number, record in enumerate(records, start=1):
        shp.append(struct.pack(">2i", number, len(record) // 2) + record)
        shx.append(struct.pack(">2i", at, len(record) // 2))
        at += 4 + len(record) // 2
    (folder / f"{stem}.shp").write_bytes(_head(kind, shp, box))
    (folder / f"{stem}.shx").write_bytes(_head(kind, shx, box))
    (folder / f"{stem}.dbf").write_bytes(_dbf(table))
    _optional(folder / f"{stem}.prj", prj)
    _optional(folder / f"{stem}.cpg", cpg)


def _optional(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(text.encode("ascii"))


def _head(kind: int, parts: list[bytes], box: bytes) -> bytes:
    body = b"".join(parts)
    words = _HEADER_WORDS + len(body) // 2
    return struct.pack(">i20xi", 9994, words) + struct.pack("<2i", 1000, kind) + box + body


def _content(geometry: BaseGeometry) -> bytes:
    kind = _SHAPE_TYPES[geometry.geom_type]
    if geometry.geom_type == "Point":
        return struct.pack("<i2d", kind, geometry.x, geometry.y)  # type: ignore[attr-defined]
    parts = _rings(geometry) if isinstance(geometry, Polygon) else [list(geometry.coords)]
    points = [point for part in parts for point in part]
    starts = [sum(len(part) for part in parts[:index]) for index in range(len(parts))]
    head = struct.pack("<i4d2i", kind, *geometry.bounds, len(parts), len(points))
    flat = [value for point in points for value in point[:2]]
    return head + struct.pack(f"<{len(starts)}i", *starts) + struct.pack(f"<{len(flat)}d", *flat)


def _rings(polygon: Polygon) -> list[list[tuple[float, ...]]]:
    """Outer ring clockwise, holes the other way (page 8 of the description)."""
    turned = shapely.orient_polygons(polygon, exterior_cw=True)
    return [list(ring.coords) for ring in [turned.exterior, *turned.interiors]]


def _dbf(table: Table) -> bytes:
    year, month, day = table.saved_on
    length = 1 + sum(column.width for column in table.columns)
    start = 32 + 32 * len(table.columns) + 1
    head = struct.pack(
        "<4BIHH17xB2x", 3, year - 1900, month, day, len(table.rows), start, length, table.ldid
    )
    descriptors = b"".join(_descriptor(column, table.encoding) for column in table.columns)
    return (
        head + descriptors + b"\r" + b"".join(_record(row, table) for row in table.rows) + b"\x1a"
    )


def _descriptor(column: Column, encoding: str) -> bytes:
    name = column.name.encode(encoding)
    if len(name) > NAME_BYTES:
        raise ValueError(f"the column's name {column.name} has more than {NAME_BYTES} bytes")
    return struct.pack("<11sc4xBB14x", name, column.code.encode(), column.width, column.decimals)


def _record(row: Sequence[Any], table: Table) -> bytes:
    cells = [
        _cell(value, column, table.encoding)
        for value, column in zip(row, table.columns, strict=True)
    ]
    return b" " + b"".join(cells)


def _cell(value: Any, column: Column, encoding: str) -> bytes:
    if column.code == "C":
        raw = ("" if value is None else str(value)).encode(encoding).ljust(column.width)
    elif value is None:
        raw = (b"?" if column.code == "L" else b" ").ljust(column.width)
    elif column.code == "L":
        raw = b"T" if value else b"F"
    else:
        raw = f"{value:{column.width}.{column.decimals}f}".encode()
    if len(raw) > column.width:
        raise ValueError(f"{column.name}: “{value}” has more than {column.width} bytes")
    return raw
