"""What is exported: columns, and rows that are read once, a batch at a time."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import WGS84, AnyCRS, transform_array

ColumnKind = Literal["str", "int", "float", "date", "bool"]
BATCH = 10_000


@dataclass(frozen=True)
class Column:
    """key: unique in its table; title: in the user's language; kind: of its values; unit: for the dictionary."""

    key: str
    title: str
    kind: ColumnKind = "str"
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """geometry: EPSG:4326, lon/lat, with or without Z; values: one for each column, None where there is none."""

    geometry: BaseGeometry | None
    values: Sequence[Any]


@dataclass(frozen=True)
class Look:
    """How a format that knows styles shows the rows.

    name: the column that holds a row's name; style_by: the column whose values are keys of colours ("#rrggbb").
    """

    name: str = ""
    style_by: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """name: of the file and layer; label: words that must go with every copy, such as 演示数据.

    count: of the rows, where it is known. has_points: whether a geometry may be a point, so that a spreadsheet
    gets columns for coordinates.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    label: str = ""
    count: int | None = None
    has_points: bool = True
    look: Look = Look()

    @property
    def all_columns(self) -> list[Column]:
        """The columns, and that of the label when there is one."""
        return [*self.columns, *([LABEL] if self.label else [])]

    def values(self, row: Row) -> list[Any]:
        """The row's values for ``all_columns``, in plain Python types."""
        found = [
            plain(value, column.kind)
            for value, column in zip(row.values, self.columns, strict=True)
        ]
        return [*found, self.label] if self.label else found


LABEL = Column("label", "label")


def plain(value: Any, kind: ColumnKind) -> Any:
    """The value as its column's kind. Lists and objects become JSON; a number that is not finite becomes None."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if kind == "str" and not isinstance(value, str):
        return _text(value)
    if kind == "date" and isinstance(value, str):
        return dt.date.fromisoformat(value[:10])
    return value


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        return orjson.dumps(value).decode()
    return str(value)


def batches(
    rows: Iterable[Row], crs: AnyCRS, size: int = BATCH
) -> Iterator[tuple[np.ndarray, list[Row]]]:
    """Rows with their geometries in ``crs``, ``size`` at a time, so that memory stays flat."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        geometries = np.empty(len(batch), dtype=object)
        geometries[:] = [row.geometry for row in batch]
        yield _transformed(geometries, crs), batch


def _transformed(geometries: np.ndarray, crs: AnyCRS) -> np.ndarray:
    """In ``crs``; heights stay what they are."""
    result = transform_array(geometries, WGS84, crs)
    high = shapely.has_z(geometries)
    if high.any():
        heights = shapely.get_coordinates(geometries[high], include_z=True)[:, 2]
        flat = shapely.get_coordinates(result[high])
        result[high] = shapely.set_coordinates(
            shapely.force_3d(result[high]), np.column_stack([flat, heights])
        )
    return result
