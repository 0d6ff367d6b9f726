"""What is exported: columns, and rows that are read once, a batch at a time."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np
from shapely.geometry import (
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import WGS84, AnyCRS, transform_array

ColumnKind = Literal["str", "int", "float", "date", "bool"]
BATCH = 2_000
# A DBF field name has ten bytes; the words of people go into the dictionary beside the file.
SHORT_NAME_BYTES = 10


@dataclass(frozen=True)
class Column:
    """key: ASCII; title: in the user's language; kind: of its values; unit: for the dictionary."""

    key: str
    title: str
    kind: ColumnKind = "str"
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """geometry: EPSG:4326, lon/lat; values: one for each column, None where there is none."""

    geometry: BaseGeometry | None
    values: Sequence[Any]


@dataclass(frozen=True)
class Table:
    """name: of the file and layer; label: words that must go with every copy, such as 演示数据."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    label: str = ""


def batches(rows: Iterable[Row], crs: AnyCRS) -> Iterator[tuple[np.ndarray, list[Row]]]:
    """Rows with their geometries in ``crs``, BATCH at a time, so that memory stays flat."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        geometries = np.empty(len(batch), dtype=object)
        geometries[:] = [row.geometry for row in batch]
        yield transform_array(geometries, WGS84, crs), batch


def promoted(geometry: BaseGeometry) -> BaseGeometry:
    """Single parts as multi parts: a layer has one type, and a shapefile knows no other."""
    match geometry:
        case Point():
            return MultiPoint([geometry])
        case LineString():
            return MultiLineString([geometry])
        case Polygon():
            return MultiPolygon([geometry])
    return geometry


def short_names(columns: Sequence[Column]) -> dict[str, str]:
    """Key → a name of at most ten ASCII characters, each used once."""
    taken: set[str] = set()
    names = {}
    for column in columns:
        plain = re.sub(r"\W", "_", _ascii(column.key)) or "f"
        name, number = plain[:SHORT_NAME_BYTES], 1
        while name.lower() in taken:
            number += 1
            tail = str(number)
            name = plain[: SHORT_NAME_BYTES - len(tail)] + tail
        taken.add(name.lower())
        names[column.key] = name
    return names


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
