"""What a GeoPackage holds, asked of SQLite before GDAL opens it.

A view may hold a query without end, and GDAL would run it (and hang) on opening.
"""

from __future__ import annotations

import sqlite3

from gis_projects.geo.validity import Kind
from layers.importing.archive import Staged
from layers.importing.dbf import FieldType
from layers.importing.problems import Code, refuse

# What the standard's extensions and GDAL itself create; they only run on writes.
_USUAL_TRIGGERS = ("rtree_", "trigger_", "gpkg_")


def feature_tables(staged: Staged) -> tuple[str, ...]:
    """Names of the feature tables, sorted.

    Raises ImportRefused: damaged, no feature table, a view or a trigger of unknown purpose.
    """
    address = f"{staged.path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
        try:
            items = connection.execute("SELECT type, name FROM sqlite_schema").fetchall()
            _refuse_queries(items, staged.name)
            tables = connection.execute(
                "SELECT g.table_name FROM gpkg_geometry_columns g"
                " JOIN sqlite_schema s ON s.name = g.table_name AND s.type = 'table'"
                " ORDER BY g.table_name"
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise refuse(Code.DAMAGED_FILE, staged.name, reason=".gpkg") from error
    if not tables:
        raise refuse(Code.EMPTY_FILE, staged.name)
    return tuple(str(name) for (name,) in tables)


def _refuse_queries(items: list[tuple[str, str]], file: str) -> None:
    for kind, name in items:
        is_usual = kind == "trigger" and name.lower().startswith(_USUAL_TRIGGERS)
        if kind == "view" or (kind == "trigger" and not is_usual):
            raise refuse(Code.UNSAFE_GEOPACKAGE, file, name=name[:80])


def chosen_layer(layers: tuple[str, ...], layer: str | None, file: str) -> str:
    """The layer that is meant. Raises ImportRefused when there are several, or no such one."""
    if layer is not None:
        if layer not in layers:
            raise refuse(Code.NO_SUCH_LAYER, file, layer=layer, choices=layers)
        return layer
    if len(layers) > 1:
        raise refuse(Code.SEVERAL_LAYERS, file, choices=layers)
    return layers[0]


def field_type(kind: str) -> FieldType:
    """From fiona's word for a type, ``str:80`` for one."""
    known: dict[str, FieldType] = {
        "str": "text",
        "int": "integer",
        "int32": "integer",
        "int64": "integer",
        "float": "real",
        "bool": "boolean",
        "date": "date",
        "datetime": "datetime",
    }
    return known.get(kind.split(":", maxsplit=1)[0].lower(), "other")


def field_width(kind: str) -> int | None:
    """The width in fiona's word for a type."""
    _name, _colon, width = kind.partition(":")
    return int(width) if width.isdigit() else None


def geometry_kind(geometry: object) -> Kind | None:
    """The family of the declared geometry type; None for a mixed layer."""
    families: dict[str, Kind] = {
        "Point": "Point",
        "LineString": "LineString",
        "Polygon": "Polygon",
    }
    return families.get(str(geometry).replace("3D ", "").replace("Multi", ""))


def stated_crs(wkt: str) -> str | None:
    """None for the GeoPackage's own words for "undefined" (OGC 12-128r18, srs_id -1 and 0)."""
    if not wkt or "undefined" in wkt[:60].lower():
        return None
    return wkt
