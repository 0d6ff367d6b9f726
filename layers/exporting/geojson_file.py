"""GeoJSON (RFC 7946): always EPSG:4326, lon/lat; written as it is read, feature by feature."""

from pathlib import Path

import orjson
import shapely

from gis_projects.geo.crs import WGS84
from layers.exporting.table import Table, batches

_DIGITS = 1e-7


def write_geojson(path: Path, table: Table) -> None:
    """A FeatureCollection; the label stands in it as a member and in every feature."""
    keys = [column.key for column in table.columns]
    with path.open("wb") as out:
        head = {"type": "FeatureCollection", "name": table.name}
        if table.label:
            head["label"] = table.label
        out.write(orjson.dumps(head)[:-1] + b',"features":[')
        first = True
        for geometries, rows in batches(table.rows, WGS84):
            texts = shapely.to_geojson(shapely.set_precision(geometries, _DIGITS, mode="pointwise"))
            for text, row in zip(texts, rows, strict=True):
                properties = dict(zip(keys, row.values, strict=True))
                if table.label:
                    properties["label"] = table.label
                geometry = None if text is None else orjson.Fragment(text)
                feature = {"type": "Feature", "geometry": geometry, "properties": properties}
                out.write((b"" if first else b",\n") + orjson.dumps(feature, default=str))
                first = False
        out.write(b"]}\n")
