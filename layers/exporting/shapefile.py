"""Shapefiles in a zip: one for each kind of geometry, a dictionary of their short names, and notes of what was lost."""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext as _

from gis_projects.geo.crs import AnyCRS, parse_crs
from gis_projects.http.problems import ParameterInvalid
from layers.exporting.dbf_file import DbfFile
from layers.exporting.names import Naming, field_names
from layers.exporting.notes import Loss, Notes, dictionary_csv
from layers.exporting.table import Row, Table, batches

# ESRI: each part of a shapefile may have 2 GB.
MAX_BYTES = 2**31 - 2**20
_FAMILIES = {
    "Point": ("point", "Point"),
    "MultiPoint": ("multipoint", "MultiPoint"),
    "LineString": ("linestring", "LineString"),
    "LinearRing": ("linestring", "LineString"),
    "MultiLineString": ("linestring", "LineString"),
    "Polygon": ("polygon", "Polygon"),
    "MultiPolygon": ("polygon", "Polygon"),
}
_NONE = "nogeometry"


class ShapefileZip:
    """Open files by family. folder: empty, for the parts before they are packed; encoding: "utf-8" or "gbk"."""

    def __init__(
        self, table: Table, crs: AnyCRS, encoding: str, naming: Naming, folder: Path
    ) -> None:
        self.table, self.crs, self.encoding, self.folder = table, crs, encoding, folder
        self.columns = table.all_columns
        self.names = field_names(self.columns, naming, encoding)
        self.notes = Notes()
        self._tables: dict[str, DbfFile] = {}

    def write(self, path: Path) -> None:
        """Write all rows, and pack. Raises ParameterInvalid when a part would pass 2 GB."""
        for geometries, rows in batches(self.table.rows, self.crs):
            for family, kind, chosen in self._families(geometries):
                self._append(family, kind, geometries[chosen], [rows[at] for at in chosen])
        if not self._tables:
            self._open(_NONE)
        for file in self._tables.values():
            file.close()
        self._write_words()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part in sorted(self.folder.iterdir()):
                archive.write(part, part.name)

    def _families(self, geometries: np.ndarray) -> Iterator[tuple[str, str, np.ndarray]]:
        """Family, its type in the file, and the places of its rows."""
        found: dict[tuple[str, str], list[int]] = {}
        for at, geometry in enumerate(geometries):
            found.setdefault(self._family(geometry), []).append(at)
        for (family, kind), places in found.items():
            yield family, kind, np.array(places)

    def _family(self, geometry: Any) -> tuple[str, str]:
        if geometry is None or geometry.is_empty:
            self.notes.add(Loss.NO_GEOMETRY)
            return _NONE, ""
        if geometry.geom_type not in _FAMILIES:
            self.notes.add(Loss.COLLECTIONS)
            return _NONE, ""
        family, kind = _FAMILIES[geometry.geom_type]
        return (family + "_z", kind + " Z") if geometry.has_z else (family, kind)

    def _append(self, family: str, kind: str, geometries: np.ndarray, rows: Sequence[Row]) -> None:
        is_new = family not in self._tables
        dbf = self._tables[family] if not is_new else self._open(family)
        dbf.write([self.table.values(row) for row in rows])
        if kind:
            # Without fields: the table beside the shapes is ours, written over GDAL's at the end.
            shp = self.folder / f"{self._stem(family)}.shp"
            pyogrio.raw.write(
                str(shp), shapely.to_wkb(geometries), [], [], driver="ESRI Shapefile",
                geometry_type=kind, crs=parse_crs(self.crs).wkt, append=not is_new,
            )  # fmt: skip
            _refuse_huge(max(shp.stat().st_size, dbf.size()))

    def _open(self, family: str) -> DbfFile:
        path = self.folder / f"{self._stem(family)}.dbf.part"
        self._tables[family] = DbfFile(path, self.columns, self.names, self.encoding)
        return self._tables[family]

    def _stem(self, family: str) -> str:
        return f"{self.table.name}_{family}"

    def _write_words(self) -> None:
        for file in self._tables.values():
            file.path.replace(file.path.with_suffix(""))
            file.path.with_suffix("").with_suffix(".cpg").write_text(self.encoding.upper())
        dictionary = self.folder / f"{self.table.name}_fields.csv"
        dictionary.write_bytes(dictionary_csv(self.names, self.columns))
        notes = [note for file in self._tables.values() for note in file.notes.sentences()]
        lines = [
            *([self.table.label] if self.table.label else []),
            parse_crs(self.crs).label,
            *(notes + list(self.notes.sentences()) or [_("Nothing was cut or left out.")]),
        ]
        text = "".join(f"{line}\r\n" for line in lines)
        (self.folder / f"{self.table.name}_notes.txt").write_bytes(text.encode("utf-8-sig"))


def _refuse_huge(size: int) -> None:
    if size > MAX_BYTES:
        raise ParameterInvalid(
            _("A shapefile ends at 2 GB, and these rows need more. Choose GeoPackage, or fewer columns or rows."),
            parameter="format",
        )  # fmt: skip
