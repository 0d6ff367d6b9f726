"""Files that point elsewhere: at another file of the server, or at an address."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import Bait, Case, Cases, content

VECTOR_NAMES = (
    "a.geojson", "a.json", "a.geojsonl", "a.gpkg", "a.kml", "a.gpx", "a.fgb", "a.csv", "a.dxf", "a.xlsx",
)  # fmt: skip
RASTER_NAMES = ("a.tif", "a.tiff", "a.png", "a.jpg")


def cases() -> Cases:
    """VRTs under other names, links in GeoJSON, sidecars of shapefiles."""
    for where, target in TARGETS.items():
        for name in VECTOR_NAMES:
            yield Case(f"vrt as {name} to a {where}", content(name, _ogr_vrt(target)))
        yield Case(f"vrt as a shapefile to a {where}", _shapefile_of(_ogr_vrt(target)))
        for name in RASTER_NAMES:
            yield Case(f"vrt as {name} to a {where}", content(name, _gdal_vrt(target)), "scene")
        yield Case(f"wms description as tif to a {where}", content("a.tif", _wms(target)), "scene")
        for kind in ("proj4", "ogcwkt", "esriwkt"):
            made = content("a.geojson", _linked(target, kind))
            yield Case(f"crs link of type {kind} to a {where}", made)
    for text in CRS_NAMES:
        yield Case(f"crs named {text[:24]}", content("a.geojson", _named(text)))


def _file(bait: Bait) -> str:
    return str(bait.file)


def _url(bait: Bait) -> str:
    return f"{bait.url}/x.geojson"


TARGETS: dict[str, Callable[[Bait], str]] = {"file": _file, "url": _url}
CRS_NAMES = (
    "+proj=longlat +nadgrids=@/etc/passwd +no_defs",
    "+init=/etc/passwd:1",
    "IMPORT_FROM_WKT file:///etc/passwd",
    "urn:ogc:def:crs:EPSG::4326</Name><script>alert(1)</script>",
)


def _ogr_vrt(target: Callable[[Bait], str]) -> Callable[[Bait], str]:
    return lambda bait: (
        f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>{target(bait)}</SrcDataSource>"
        "<SrcSQL>SELECT * FROM victim</SrcSQL></OGRVRTLayer></OGRVRTDataSource>"
    )


def _gdal_vrt(target: Callable[[Bait], str]) -> Callable[[Bait], str]:
    return lambda bait: (
        "<VRTDataset rasterXSize='16' rasterYSize='16'><SRS>EPSG:4326</SRS>"
        "<GeoTransform>123.6,0.001,0,47.2,0,-0.001</GeoTransform><VRTRasterBand dataType='Byte' band='1'>"
        f"<SimpleSource><SourceFilename>{target(bait)}</SourceFilename><SourceBand>1</SourceBand>"
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )


def _wms(target: Callable[[Bait], str]) -> Callable[[Bait], str]:
    return lambda bait: (
        f"<GDAL_WMS><Service name='TMS'><ServerUrl>{target(bait)}</ServerUrl></Service><DataWindow>"
        "<UpperLeftX>123</UpperLeftX><UpperLeftY>48</UpperLeftY><LowerRightX>124</LowerRightX>"
        "<LowerRightY>47</LowerRightY><TileLevel>1</TileLevel></DataWindow></GDAL_WMS>"
    )


def _linked(target: Callable[[Bait], str], kind: str) -> Callable[[Bait], str]:
    def text(bait: Bait) -> str:
        link = {"type": "link", "properties": {"href": target(bait), "type": kind}}
        return json.dumps(_collection() | {"crs": link})

    return text


def _named(name: str) -> str:
    return json.dumps(_collection() | {"crs": {"type": "name", "properties": {"name": name}}})


def _collection() -> dict[str, object]:
    point = {"type": "Point", "coordinates": [123.6, 47.1]}
    one = {"type": "Feature", "properties": {"code": "H-1", "name": "x"}, "geometry": point}
    return {"type": "FeatureCollection", "features": [one]}


def _shapefile_of(text: Callable[[Bait], str]) -> Callable[[Path, Bait], list[Path]]:
    """The parts of a shapefile, each of them the same other thing."""

    def make(folder: Path, bait: Bait) -> list[Path]:
        paths = [folder / f"a{suffix}" for suffix in (".shp", ".shx", ".dbf")]
        for path in paths:
            path.write_text(text(bait), encoding="utf-8")
        return paths

    return make
