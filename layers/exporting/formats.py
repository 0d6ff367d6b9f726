"""The formats by name, and the one function that writes any of them."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_projects.geo.crs import WGS84, parse_crs
from layers.exporting.csv_file import write_csv
from layers.exporting.geojson_file import write_geojson
from layers.exporting.table import Table
from layers.exporting.vector import write_geopackage, write_shapefile_zip


@dataclass(frozen=True)
class Format:
    suffix: str
    content_type: str
    title: str | Promise
    has_crs: bool = True


FORMATS: Mapping[str, Format] = {
    "gpkg": Format("gpkg", "application/geopackage+sqlite3", _("GeoPackage")),
    "shp": Format("zip", "application/zip", _("Shapefile (zip, UTF-8)")),
    "shp-gbk": Format("zip", "application/zip", _("Shapefile (zip, GBK)")),
    "geojson": Format("geojson", "application/geo+json", _("GeoJSON (WGS 84)"), has_crs=False),
    "csv": Format("csv", "text/csv; charset=utf-8", _("CSV with WKT")),
}
# What bureaus here ask for: WGS 84, CGCS2000, and its three-degree zones with and without prefix.
CRS_CHOICES = ("EPSG:4326", "EPSG:4490", "EPSG:4529", "EPSG:4530", "EPSG:4550", "EPSG:4551")


def write(path: Path, table: Table, format_key: str, crs: str = "EPSG:4326") -> None:
    """Write a table to ``path``. Raises KeyError for a format that is none, UnsupportedCRS."""
    target = crs if FORMATS[format_key].has_crs else WGS84
    match format_key:
        case "gpkg":
            write_geopackage(path, table, target)
        case "geojson":
            write_geojson(path, table)
        case "csv":
            decimals = 8 if parse_crs(target).is_geographic else 3
            write_csv(path, table, target, decimals)
        case _:
            encoding = "gbk" if format_key == "shp-gbk" else "utf-8"
            with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
                write_shapefile_zip(path, table, target, encoding, Path(folder))
