"""Opening a staged data set.

Each format names its one driver: GDAL never guesses, so a VRT under another name stays closed.
"""

from __future__ import annotations

from collections.abc import Callable

from layers.importing import fgb_geometry, gpkg_geometry
from layers.importing.archive import Format, Staged
from layers.importing.csv_source import CSVSource
from layers.importing.dxf_source import DXFSource
from layers.importing.fiona_reading import damaged
from layers.importing.fiona_source import FionaSource
from layers.importing.geojson_source import GeoJSONSource
from layers.importing.geojsonseq_source import GeoJSONSeqSource
from layers.importing.gpkg_schema import chosen_layer, feature_tables
from layers.importing.gpx_source import GPXSource
from layers.importing.kml_source import KMLSource
from layers.importing.shapefile_source import ShapefileSource
from layers.importing.source import Chunk, Field, RawFeature, Source
from layers.importing.xlsx_source import XLSXSource

__all__ = ["Chunk", "Field", "RawFeature", "Source", "open_source"]

_FGB_HEADER_BYTES = 10 << 20


def open_source(staged: Staged, encoding: str | None = None, layer: str | None = None) -> Source:
    """Open what ``archive.stage_files`` laid out.

    encoding: overrides what is detected (shapefile, CSV, DXF). layer: of a GeoPackage or a spreadsheet.
    Raises ImportRefused: damaged, several layers, no such layer, unknown encoding.
    """
    return _OPENERS[staged.format](staged, encoding, layer)


class GeoPackageSource(FionaSource):
    """A layer of a GeoPackage, after its schema was looked at without GDAL."""

    def __init__(self, staged: Staged, layer: str | None) -> None:
        self.layers = feature_tables(staged)
        self.layer = chosen_layer(self.layers, layer, staged.name)
        self.warnings = gpkg_geometry.flattened(staged, self.layer).problems(staged.name)
        self._begin(staged.path, "GPKG", staged.name, self.layer)


class FlatGeobufSource(FionaSource):
    """One layer. The length of its header is looked at first: GDAL would make room for whatever it says."""

    def __init__(self, staged: Staged) -> None:
        with staged.path.open("rb") as file:
            size = int.from_bytes(file.read(12)[8:12], "little")
        if size > min(staged.path.stat().st_size, _FGB_HEADER_BYTES):
            raise damaged(staged.name, ".fgb")
        self.layer = staged.name
        self.layers = (staged.name,)
        self.warnings = fgb_geometry.flattened(staged.path, staged.name).problems(staged.name)
        self._begin(staged.path, "FlatGeobuf", staged.name)


_OPENERS: dict[Format, Callable[[Staged, str | None, str | None], Source]] = {
    "shapefile": lambda staged, encoding, _layer: ShapefileSource(staged, encoding),
    "gpkg": lambda staged, _encoding, layer: GeoPackageSource(staged, layer),
    "geojson": lambda staged, _encoding, _layer: GeoJSONSource(staged),
    "geojsonseq": lambda staged, _encoding, _layer: GeoJSONSeqSource(staged),
    "csv": lambda staged, encoding, _layer: CSVSource(staged, encoding),
    "xlsx": lambda staged, _encoding, layer: XLSXSource(staged, layer),
    "kml": lambda staged, _encoding, _layer: KMLSource(staged),
    "gpx": lambda staged, _encoding, layer: GPXSource(staged, layer),
    "fgb": lambda staged, _encoding, _layer: FlatGeobufSource(staged),
    "dxf": lambda staged, encoding, _layer: DXFSource(staged, encoding),
}
