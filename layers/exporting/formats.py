"""The formats by name, and the one function that writes any of them."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_projects.geo.crs import WGS84
from layers.exporting.csv_file import write_csv
from layers.exporting.geojson_file import write_geojson, write_geojson_lines
from layers.exporting.kml_file import write_kml
from layers.exporting.names import Naming
from layers.exporting.shapefile import ShapefileZip
from layers.exporting.table import Table
from layers.exporting.vector import write_flatgeobuf, write_geopackage
from layers.exporting.xlsx_file import write_xlsx


@dataclass(frozen=True)
class Format:
    """has_crs: whether it may be asked for in another CRS than WGS 84; encoding: of a shapefile's texts."""

    suffix: str
    content_type: str
    title: str | Promise
    hint: str | Promise
    has_crs: bool = True
    encoding: str = ""


FORMATS: Mapping[str, Format] = {
    "gpkg": Format(
        "gpkg", "application/geopackage+sqlite3", _("GeoPackage"),
        _("For QGIS and ArcGIS; keeps everything."),
    ),
    "shp": Format(
        "zip", "application/zip", _("Shapefile, UTF-8"),
        _("A zip with a data dictionary; texts end at 254 bytes."), encoding="utf-8",
    ),
    "shp-gbk": Format(
        "zip", "application/zip", _("Shapefile, GBK"),
        _("For older Chinese software; rare characters become “?”."), encoding="gbk",
    ),
    "xlsx": Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _("Excel (XLSX)"),
        _("Typed cells, the geometry as WKT, a second sheet with the fields."),
    ),
    "csv": Format(
        "csv", "text/csv; charset=utf-8", _("CSV"),
        _("UTF-8 with a mark for Excel, the geometry as WKT."),
    ),
    "kml": Format(
        "kml", "application/vnd.google-earth.kml+xml", _("KML"),
        _("For globes and phones, coloured by phase; WGS 84 only."), has_crs=False,
    ),
    "geojson": Format(
        "geojson", "application/geo+json", _("GeoJSON"), _("For the web; WGS 84 only."),
        has_crs=False,
    ),
    "geojsonseq": Format(
        "geojsonl", "application/x-ndjson", _("GeoJSON, line by line"),
        _("For large data and streams; WGS 84 only."), has_crs=False,
    ),
    "fgb": Format(
        "fgb", "application/x-flatgeobuf", _("FlatGeobuf"),
        _("Small and fast, with a spatial index; dates as text."),
    ),
}  # fmt: skip


def write(
    path: Path,
    table: Table,
    format_key: str,
    crs: str = "EPSG:4326",
    naming: Naming = "short",
) -> None:
    """Write a table to ``path``, a batch at a time. naming: of a shapefile's fields.

    Raises KeyError for a format that is none, UnsupportedCRS, and ParameterInvalid when the format cannot hold
    the rows.
    """
    chosen = FORMATS[format_key]
    target = crs if chosen.has_crs else WGS84
    match format_key:
        case "gpkg":
            write_geopackage(path, table, target)
        case "fgb":
            write_flatgeobuf(path, table, target)
        case "geojson":
            write_geojson(path, table)
        case "geojsonseq":
            write_geojson_lines(path, table)
        case "kml":
            write_kml(path, table)
        case "csv":
            write_csv(path, table, target)
        case "xlsx":
            write_xlsx(path, table, target)
        case _:
            with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
                ShapefileZip(table, target, chosen.encoding, naming, Path(folder)).write(path)
