"""GeoPackage and FlatGeobuf, a column at a time."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import AnyCRS, parse_crs
from gis_projects.http.problems import ParameterInvalid
from layers.exporting.table import BATCH, Column, ColumnKind, Table, batches

_DTYPES: dict[ColumnKind, Any] = {
    "str": object,
    "int": np.int64,
    "float": np.float64,
    "date": "datetime64[D]",
    "bool": np.bool_,
}
_TYPE_NAMES = {
    "POINT": "Point",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}
_MULTI = frozenset(
    f"Multi{kind}{height}" for kind in ("Point", "LineString", "Polygon") for height in ("", " Z")
)
_BLANK: dict[ColumnKind, Any] = {"int": 0, "bool": False}


@dataclass
class Written:
    """What the geometries were: their types ("Point", "Polygon Z" …), and whether one was missing or empty."""

    types: set[str] = field(default_factory=set)
    has_missing: bool = False

    def add(self, geometries: np.ndarray) -> None:
        """Take note of a batch."""
        missing = shapely.is_missing(geometries) | shapely.is_empty(geometries)
        self.has_missing |= bool(missing.any())
        numbers = shapely.get_type_id(geometries[~missing])
        for number, is_high in set(
            zip(numbers.tolist(), shapely.has_z(geometries[~missing]).tolist(), strict=True)
        ):
            name = shapely.GeometryType(number).name
            self.types.add(_TYPE_NAMES.get(name, "LineString") + (" Z" if is_high else ""))

    @property
    def type(self) -> str:
        """The type of all, or "Unknown"."""
        return next(iter(self.types)) if len(self.types) == 1 else "Unknown"

    @property
    def is_high(self) -> bool:
        """Whether there are heights."""
        return any(name.endswith(" Z") for name in self.types)

    @property
    def common(self) -> str | None:
        """The multi-part type that all can be written as, heights included: all have some, or none has."""
        multi = {name if name.startswith("Multi") else f"Multi{name}" for name in self.types}
        return multi.pop() if len(multi) == 1 and multi <= _MULTI else None


def write_geopackage(path: Path, table: Table, crs: AnyCRS) -> Written:
    """One layer of the table's name; geometries of any type, in ``crs``, with a spatial index."""
    return _gather(path, table, crs, dates_as_text=False, index="YES")


def _gather(path: Path, table: Table, crs: AnyCRS, *, dates_as_text: bool, index: str) -> Written:
    columns = table.all_columns
    kinds: list[ColumnKind] = [
        "str" if dates_as_text and column.kind == "date" else column.kind for column in columns
    ]
    options = {
        "fields": [column.key for column in columns],
        "driver": "GPKG",
        "layer": table.name,
        # Heights are kept where there are some: the layer allows both.
        "geometry_type": "Unknown",
        "crs": parse_crs(crs).wkt,
        # A column may be called as the key of the table or of the geometry would be.
        "layer_options": {"FID": "_fid", "GEOMETRY_NAME": "_geom", "SPATIAL_INDEX": index},
    }
    written = Written()
    is_first = True
    for geometries, values in _columns(table, crs):
        written.add(geometries)
        data, masks = [], []
        for column, kind, cells in zip(columns, kinds, values, strict=True):
            array, mask = _array(column, kind, cells)
            data.append(array)
            masks.append(mask)
        shapes = shapely.to_wkb(geometries, include_srid=False)
        pyogrio.raw.write(str(path), shapes, data, field_mask=masks, append=not is_first, **options)
        is_first = False
    return written


def write_flatgeobuf(path: Path, table: Table, crs: AnyCRS) -> None:
    """With its spatial index unless a geometry is missing; dates are texts (2022-04-01): it knows only instants.

    The format is written in one go, so the rows are gathered in a GeoPackage first and streamed from there. It has one
    type for all, and heights for all or for none: single parts among multi-parts are written as these, and heights
    that it cannot hold are refused rather than dropped. Raises ParameterInvalid.
    """
    with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
        gathered = Path(folder) / "rows.gpkg"
        written = _gather(gathered, table, crs, dates_as_text=True, index="NO")
        kind = written.type
        if kind == "Unknown" and written.is_high:
            kind = written.common or _refuse_heights()
            gathered = _as_multi(gathered, Path(folder) / "multi.gpkg")
        with pyogrio.raw.open_arrow(str(gathered), use_pyarrow=False) as (meta, stream):
            pyogrio.raw.write_arrow(
                stream, str(path), driver="FlatGeobuf", layer=table.name,
                geometry_type=kind, crs=parse_crs(crs).wkt,
                geometry_name=meta["geometry_name"] or "wkb_geometry",
                SPATIAL_INDEX="NO" if written.has_missing else "YES",
            )  # fmt: skip


def _refuse_heights() -> str:
    raise ParameterInvalid(
        _("FlatGeobuf cannot keep the heights of geometries of different kinds. Choose GeoPackage."),
        parameter="format",
    )  # fmt: skip


def _as_multi(gathered: Path, target: Path) -> Path:
    """The same rows with every geometry as a multi-part one."""
    total = pyogrio.read_info(gathered)["features"]
    for start in range(0, total, BATCH):
        meta, _fids, shapes, data = pyogrio.raw.read(
            gathered, skip_features=start, max_features=BATCH
        )
        parts = [_multi(one) for one in shapely.from_wkb(shapes)]
        pyogrio.raw.write(
            str(target), shapely.to_wkb(np.array(parts, dtype=object)), data, meta["fields"],
            driver="GPKG", layer="rows", geometry_type="Unknown", crs=meta["crs"],
            append=start > 0,
            layer_options={"FID": "_fid", "GEOMETRY_NAME": "_geom", "SPATIAL_INDEX": "NO"},
        )  # fmt: skip
    return target


def _multi(geometry: BaseGeometry | None) -> BaseGeometry | None:
    makers: dict[str, Any] = {
        "Point": MultiPoint,
        "LineString": MultiLineString,
        "Polygon": MultiPolygon,
    }
    maker = None if geometry is None else makers.get(geometry.geom_type)
    return geometry if maker is None else maker([geometry])


def _columns(table: Table, crs: AnyCRS) -> Iterator[tuple[np.ndarray, Sequence[Sequence[Any]]]]:
    """Batches with their values by column; one empty batch for a table without rows."""
    is_empty = True
    for geometries, rows in batches(table.rows, crs):
        is_empty = False
        yield geometries, list(zip(*(table.values(row) for row in rows), strict=True))
    if is_empty:
        yield np.empty(0, dtype=object), [() for _column in table.all_columns]


def _array(
    column: Column, kind: ColumnKind, values: Sequence[Any]
) -> tuple[np.ndarray, np.ndarray | None]:
    """The values, and which of them are missing where the type has no value for that."""
    if kind == "str":
        texts = [None if value is None else str(value) for value in values]
        return np.array(texts, dtype=object), None
    mask = np.array([value is None for value in values], dtype=np.bool_)
    blank = _BLANK.get(kind)
    try:
        array = np.array([blank if value is None else value for value in values], _DTYPES[kind])
    except OverflowError as error:
        raise ParameterInvalid(
            _("“%(field)s” has whole numbers of more than 64 bits, which this format cannot hold. Choose CSV.")
            % {"field": column.title},
            parameter="format",
        ) from error  # fmt: skip
    return array, mask if kind in _BLANK else None
