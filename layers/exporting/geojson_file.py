"""GeoJSON (RFC 7946), whole or a feature a line: always EPSG:4326, lon/lat, to 1e-9 degrees."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import shapely

from gis_projects.geo.crs import WGS84
from layers.exporting.table import Table, batches

# 0.1 mm on the ground, so that what comes back is what went out.
_DECIMALS = 9


def write_geojson(path: Path, table: Table) -> None:
    """A FeatureCollection; the label stands in it as a member and in every feature."""
    head = {"type": "FeatureCollection", "name": table.name}
    if table.label:
        head["label"] = table.label
    with path.open("wb") as out:
        out.write(orjson.dumps(head)[:-1] + b',"features":[')
        for number, feature in enumerate(_features(table)):
            out.write((b",\n" if number else b"") + feature)
        out.write(b"]}\n")


def write_geojson_lines(path: Path, table: Table) -> None:
    """A feature on each line, as GDAL's GeoJSONSeq writes it; the label stands in every feature."""
    with path.open("wb") as out:
        for feature in _features(table):
            out.write(feature + b"\n")


def _features(table: Table) -> Iterator[bytes]:
    keys = [column.key for column in table.all_columns]
    for geometries, rows in batches(table.rows, WGS84):
        texts = shapely.to_geojson(_rounded(geometries))
        for text, row in zip(texts, rows, strict=True):
            feature = {
                "type": "Feature",
                "geometry": None if text is None else orjson.Fragment(text),
                "properties": dict(zip(keys, table.values(row), strict=True)),
            }
            yield orjson.dumps(feature, default=str, option=orjson.OPT_NON_STR_KEYS)


def _rounded(geometries: np.ndarray) -> np.ndarray:
    has_z = bool(shapely.has_z(geometries).any())
    if not has_z:
        return np.asarray(shapely.transform(geometries, _round))
    # Those without heights among them would be given NaN for one.
    result = geometries.copy()
    for high in (True, False):
        chosen = shapely.has_z(geometries) == high
        result[chosen] = shapely.transform(geometries[chosen], _round, include_z=high)
    return result


def _round(coordinates: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = coordinates.round(_DECIMALS)
    return rounded
