"""Files that are met with every week and cannot be read here, and how to make of each one that can."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_EXCEL: Promise = _("Open it in Excel or WPS and save it as XLSX or CSV.")
_CAD: Promise = _("Open it in the CAD program and save it as DXF.")
_DATABASE: Promise = _(
    "Export the layer from ArcGIS Pro or QGIS as a shapefile or GeoPackage, or use ogr2ogr."
)
_MAPINFO: Promise = _("Export it from MapInfo or QGIS as a shapefile or GeoPackage.")
_GML: Promise = _("Open it in QGIS and export the layer as GeoPackage.")
_PROJECT: Promise = _("This is a map and not the data: send the files that its layers show.")
_HOW: dict[str, Promise] = {
    **dict.fromkeys((".xls", ".xlsb", ".xlsm", ".et", ".ods"), _EXCEL),
    **dict.fromkeys((".dwg", ".dgn"), _CAD),
    **dict.fromkeys((".gdbtable", ".gdbtablx", ".gdb", ".mdb", ".sde"), _DATABASE),
    **dict.fromkeys((".tab", ".mif", ".mid"), _MAPINFO),
    ".gml": _GML,
    **dict.fromkeys((".mxd", ".aprx", ".qgs", ".qgz", ".lyr", ".lyrx"), _PROJECT),
}


def way_in(names: Iterable[str]) -> tuple[str, Promise] | None:
    """The first of these names that something is known of, and a sentence that says how to save it."""
    for name in names:
        how = _HOW.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())
        if how is not None:
            return PurePosixPath(name.replace("\\", "/")).name, how
    return None
