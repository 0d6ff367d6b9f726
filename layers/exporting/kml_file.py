"""KML 2.2 (OGC 07-147r2): always WGS 84, lon/lat, to 1e-9 degrees; titles and values of people in ExtendedData."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import shapely
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.crs import WGS84
from layers.exporting.neutral import xml_text
from layers.exporting.table import Column, ColumnKind, Table, batches

_DECIMALS = 9
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
# KML's int has 32 bits, and GDAL cuts down what is greater without an error.
_TYPES: dict[ColumnKind, str] = {"int": "double", "float": "double", "bool": "bool"}
_SCHEMA = "fields"


def write_kml(path: Path, table: Table) -> None:
    """A placemark for each row, named and coloured as ``table.look`` says."""
    columns = table.all_columns
    keys = [column.key for column in columns]
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(_HEAD + f"<name>{_text(table.name)}</name>\n")
        if table.label:
            out.write(f"<description>{_text(table.label)}</description>\n")
        out.writelines(_styles(table))
        out.writelines(_schema(columns))
        for geometries, rows in batches(table.rows, WGS84):
            for geometry, row in zip(geometries, rows, strict=True):
                values = dict(zip(keys, table.values(row), strict=True))
                out.write(_placemark(table, geometry, values))
        out.write("</Document>\n</kml>\n")


def _styles(table: Table) -> Iterator[str]:
    """KML writes a colour as alpha, blue, green, red."""
    for key, colour in table.look.colours.items():
        red, green, blue = colour[1:3], colour[3:5], colour[5:7]
        code = blue + green + red
        yield (
            f"<Style id={quoteattr(key)}><IconStyle><color>ff{code}</color></IconStyle>"
            f"<LineStyle><color>ff{code}</color><width>3</width></LineStyle>"
            f"<PolyStyle><color>66{code}</color></PolyStyle></Style>\n"
        )


def _schema(columns: list[Column]) -> Iterator[str]:
    yield f'<Schema name="{_SCHEMA}" id="{_SCHEMA}">\n'
    for column in columns:
        title = column.title + (f"({column.unit})" if column.unit else "")
        kind = _TYPES.get(column.kind, "string")
        yield (
            f'<SimpleField type="{kind}" name={quoteattr(xml_text(column.key))}>'
            f"<displayName>{_text(title)}</displayName></SimpleField>\n"
        )
    yield "</Schema>\n"


def _placemark(table: Table, geometry: BaseGeometry | None, values: dict[str, Any]) -> str:
    look = table.look
    name = values.get(look.name)
    style = values.get(look.style_by)
    parts = ["<Placemark>"]
    if name is not None:
        parts.append(f"<name>{_text(name)}</name>")
    if style in look.colours:
        parts.append(f"<styleUrl>#{_text(style)}</styleUrl>")
    data = "".join(
        f"<SimpleData name={quoteattr(xml_text(key))}>{_text(_plain(value))}</SimpleData>"
        for key, value in values.items()
        if value is not None
    )
    parts.append(
        f'<ExtendedData><SchemaData schemaUrl="#{_SCHEMA}">{data}</SchemaData></ExtendedData>'
    )
    if geometry is not None and not geometry.is_empty:
        parts.append(_geometry(geometry))
    parts.append("</Placemark>\n")
    return "".join(parts)


def _plain(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _text(value: Any) -> str:
    # A parser would make a line feed of a carriage return that is not written as a reference.
    return escape(xml_text(str(value)), {"\r": "&#13;"})


def _geometry(geometry: BaseGeometry) -> str:
    if hasattr(geometry, "geoms"):
        inner = "".join(_geometry(part) for part in geometry.geoms if not part.is_empty)
        return f"<MultiGeometry>{inner}</MultiGeometry>"
    rings = [_tuples(ring) for ring in _wkt_rings(geometry)]
    if geometry.geom_type == "Polygon":
        borders = ["outerBoundaryIs", *["innerBoundaryIs"] * (len(rings) - 1)]
        inner = "".join(
            f"<{border}><LinearRing>{ring}</LinearRing></{border}>"
            for border, ring in zip(borders, rings, strict=True)
        )
        return f"<Polygon>{_mode(geometry)}{inner}</Polygon>"
    kind = "Point" if geometry.geom_type == "Point" else "LineString"
    return f"<{kind}>{_mode(geometry)}{rings[0]}</{kind}>"


def _mode(geometry: BaseGeometry) -> str:
    return "<altitudeMode>absolute</altitudeMode>" if geometry.has_z else ""


def _wkt_rings(geometry: BaseGeometry) -> list[str]:
    """The lists of coordinates in the geometry's WKT, which is the fastest writer of numbers at hand."""
    wkt = shapely.to_wkt(geometry, rounding_precision=_DECIMALS, trim=True, output_dimension=3)
    body = wkt[wkt.index("(") :].strip("()")
    return body.split("), (")


def _tuples(ring: str) -> str:
    tuples = ring.replace(", ", "\n").replace(" ", ",").replace("\n", " ")
    return f"<coordinates>{tuples}</coordinates>"
