"""GeoPackage, GeoJSON and shapefile through fiona."""

import csv
import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiona
import shapely
from shapely.geometry import mapping

from gis_projects.geo.crs import AnyCRS, parse_crs
from layers.exporting.table import Column, Row, Table, batches, promoted, short_names

_TYPES = {"str": "str", "int": "int64", "float": "float", "date": "date", "bool": "bool"}
# A DBF has no truth values and no wide integers that every reader agrees on.
_DBF_TYPES = {
    "str": "str:254",
    "int": "int:18",
    "float": "float:24.8",
    "date": "date",
    "bool": "str:5",
}
_LABEL = Column("label", "label")
_FAMILIES = ("MultiPoint", "MultiLineString", "MultiPolygon")


def write_geopackage(path: Path, table: Table, crs: AnyCRS) -> None:
    """One layer of the table's name; geometries of any type, in ``crs``."""
    names = {column.key: column.key for column in _columns(table)}
    schema = _schema(table, names, _TYPES, "Unknown")
    with fiona.open(
        path, "w", driver="GPKG", layer=table.name, schema=schema, crs=_wkt(crs), encoding="utf-8"
    ) as out:
        for geometries, rows in batches(table.rows, crs):
            out.writerecords(_records(table, names, geometries, rows))


def write_shapefile_zip(path: Path, table: Table, crs: AnyCRS, encoding: str, folder: Path) -> None:
    """A zip with a shapefile for each family of geometries, a .cpg, and the dictionary of the short names.

    encoding: "utf-8" or "gbk". folder: empty, for the parts before they are packed.
    """
    names = short_names(_columns(table))
    schema = {family: _schema(table, names, _DBF_TYPES, family) for family in _FAMILIES}
    open_files: dict[str, Any] = {}
    try:
        for geometries, rows in batches(table.rows, crs):
            for family, part in _by_family(geometries, rows).items():
                if family not in open_files:
                    name = folder / f"{table.name}_{family.removeprefix('Multi').lower()}.shp"
                    open_files[family] = fiona.open(
                        name, "w", driver="ESRI Shapefile", schema=schema[family], crs=_wkt(crs),
                        encoding=encoding,
                    )  # fmt: skip
                shapes, kept = zip(*part, strict=True)
                open_files[family].writerecords(
                    _records(table, names, shapes, kept, text_bool=True)
                )
    finally:
        for file in open_files.values():
            file.close()
    _write_dictionary(folder / f"{table.name}_fields.csv", table, names)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part_path in sorted(folder.iterdir()):
            archive.write(part_path, part_path.name)


def _columns(table: Table) -> list[Column]:
    return [*table.columns, *([_LABEL] if table.label else [])]


def _schema(
    table: Table, names: dict[str, str], types: dict[str, str], geometry: str
) -> dict[str, Any]:
    properties = {names[column.key]: types[column.kind] for column in _columns(table)}
    return {"geometry": geometry, "properties": properties}


def _records(
    table: Table, names: dict[str, str], geometries: Any, rows: Any, text_bool: bool = False
) -> Iterator[dict[str, Any]]:
    keys = [names[column.key] for column in _columns(table)]
    label = [table.label] if table.label else []
    for geometry, row in zip(geometries, rows, strict=True):
        values = [_value(value, text_bool) for value in (*row.values, *label)]
        yield {
            "type": "Feature",
            "geometry": None if geometry is None else mapping(geometry),
            "properties": dict(zip(keys, values, strict=True)),
        }


def _value(value: Any, text_bool: bool) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if text_bool and isinstance(value, bool):
        return "true" if value else "false"
    return value


def _by_family(geometries: Any, rows: list[Row]) -> dict[str, list[tuple[Any, Row]]]:
    families: dict[str, list[tuple[Any, Row]]] = {}
    for geometry, row in zip(geometries, rows, strict=True):
        if geometry is None or shapely.is_empty(geometry):
            continue
        multi = promoted(geometry)
        families.setdefault(multi.geom_type, []).append((multi, row))
    return families


def _write_dictionary(path: Path, table: Table, names: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["field", "key", "title", "kind", "unit"])
        for column in _columns(table):
            writer.writerow([names[column.key], column.key, column.title, column.kind, column.unit])


def _wkt(crs: AnyCRS) -> str:
    return parse_crs(crs).wkt
