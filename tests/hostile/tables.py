"""GeoPackages that run queries, shapefiles that lie about themselves, spreadsheets and texts that swell."""

import io
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import Bait, Case, Cases, content

Maker = Callable[[Path, Bait], list[Path]]
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT {} FROM c"


def cases() -> Cases:
    """Databases first, then shapefiles, then texts."""
    for name, statement in STATEMENTS.items():
        yield Case(f"geopackage with {name}", _geopackage(statement))
    yield Case("geopackage cut short", _geopackage("", cut=True))
    yield Case(
        "geopackage of noise", content("a.gpkg", b"SQLite format 3\0" + bytes(range(256)) * 20)
    )
    for name, change in SHAPEFILES.items():
        yield Case(f"shapefile with {name}", _shapefile(change))
    for name, made in TEXTS.items():
        yield Case(name, made)
    yield Case("names with markup", content("a.geojson", _markup), fate="inert")
    yield Case("cells that are formulas", content("a.csv", _formulas), fate="inert")


STATEMENTS = {
    "a view": "CREATE VIEW v AS SELECT * FROM a",
    "an endless view": f"CREATE VIEW v AS {ENDLESS.format('x')}",
    "an endless view for its list of layers": (
        "ALTER TABLE gpkg_geometry_columns RENAME TO g;"
        f"CREATE VIEW gpkg_geometry_columns AS {ENDLESS.format('x AS table_name')}"
    ),
    "an endless view for its contents": (
        "ALTER TABLE gpkg_contents RENAME TO g;"
        f"CREATE VIEW gpkg_contents AS {ENDLESS.format('x AS table_name')}"
    ),
    "a view that loads a library": "CREATE VIEW v AS SELECT load_extension('/tmp/x.so') AS x",
    "a trigger without end": (
        "PRAGMA recursive_triggers = 1; CREATE TRIGGER t AFTER INSERT ON a BEGIN"
        " INSERT INTO a (fid) VALUES (NULL); END"
    ),
    "a trigger under a usual name": (
        "CREATE TRIGGER rtree_hostile AFTER INSERT ON a BEGIN"
        f" INSERT INTO a (name) SELECT x FROM ({ENDLESS.format('x')}); END"
    ),
    "a virtual table": "CREATE VIRTUAL TABLE f USING fts5(x)",
}


def _geopackage(statement: str, cut: bool = False) -> Maker:
    def make(folder: Path, _bait: Bait) -> list[Path]:
        import fiona

        path = folder / "a.gpkg"
        schema = {"geometry": "Point", "properties": {"code": "str", "name": "str"}}
        with fiona.open(path, "w", driver="GPKG", layer="a", schema=schema, crs="EPSG:4326") as out:
            point = {"type": "Point", "coordinates": (123.6, 47.1)}
            out.write({"geometry": point, "properties": {"code": "H-1", "name": "x"}})
        if statement:
            with sqlite3.connect(path) as link:
                link.executescript("PRAGMA legacy_alter_table = 1;" + statement)
            link.close()
        if cut:
            path.write_bytes(path.read_bytes()[:40_000])
        return [path]

    return make


def _patch(suffix: str, offset: int, value: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / f"a{suffix}"
        data = bytearray(path.read_bytes())
        data[offset : offset + len(value)] = value
        path.write_bytes(bytes(data))

    return change


def _write(suffix: str, value: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / f"a{suffix}").write_bytes(value) and None


# Offsets: ESRI Shapefile Technical Description (1998), pages 4 and 8; dBASE III header.
SHAPEFILES: dict[str, Callable[[Path], None]] = {
    "four thousand million records": _patch(".dbf", 4, struct.pack("<I", 2**32 - 1)),
    "records of no length": _patch(".dbf", 10, struct.pack("<H", 0)),
    "a header longer than the file": _patch(".dbf", 8, struct.pack("<H", 65_535)),
    "an index beyond the file": _patch(".shx", 100, struct.pack(">i", 2**30)),
    "a negative index": _patch(".shx", 100, struct.pack(">i", -4)),
    "a record longer than the file": _patch(".shx", 104, struct.pack(">i", 2**30)),
    "a million million parts": _patch(".shp", 144, struct.pack("<i", 2**31 - 1)),
    "a negative number of points": _patch(".shp", 148, struct.pack("<i", -1)),
    "coordinates that are no numbers": _patch(".shp", 156, struct.pack("<2d", float("nan"), 47.1)),
    "coordinates without end": _patch(".shp", 156, struct.pack("<2d", float("inf"), 47.1)),
    "a shape type that is none": _patch(".shp", 108, struct.pack("<i", 77)),
    "a table of a few bytes": _write(".dbf", b"\x03" + bytes(30)),
    "a prj with a grid of the server": _write(
        ".prj",
        b'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257],EXTENSION["PROJ4_GRIDS","@/etc/passwd"]],'
        b'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],EXTENSION["PROJ4",'
        b'"+proj=longlat +nadgrids=/etc/passwd"]]',
    ),
    "a prj that names a file": _write(".prj", b"/etc/passwd"),
    "a prj of ten megabytes": _write(".prj", b"GEOGCS[" * 1_500_000),
}


def _shapefile(change: Callable[[Path], None]) -> Maker:
    def make(folder: Path, _bait: Bait) -> list[Path]:
        import fiona

        schema = {"geometry": "Polygon", "properties": {"code": "str:10", "name": "str:20"}}
        ring = [(300.5, 47.1), (300.51, 47.1), (300.51, 47.11), (300.5, 47.1)]  # nowhere near
        with fiona.open(
            folder / "a.shp", "w", driver="ESRI Shapefile", schema=schema, crs="EPSG:4326"
        ) as out:
            shape = {"type": "Polygon", "coordinates": [ring]}
            out.write({"geometry": shape, "properties": {"code": "H-1", "name": "x"}})
        change(folder)
        return sorted(folder.iterdir())

    return make


def _deep(count: int) -> bytes:
    nested = b"[" * count + b"]" * count
    shape = b'{"type":"Polygon","coordinates":' + nested + b"}"
    return b'{"type":"Feature","properties":{"code":"H"},"geometry":' + shape + b"}"


def _collections(count: int) -> bytes:
    head = b'{"type":"GeometryCollection","geometries":['
    return b'{"type":"Feature","properties":{"code":"H"},"geometry":' + (
        head * count + b'{"type":"Point","coordinates":[123.6,47.1]}' + b"]}" * count + b"}"
    )


def _line(vertices: int) -> bytes:
    middle = b",".join(b"[123.6%06d,47.1]" % number for number in range(vertices))
    shape = b'{"type":"LineString","coordinates":[' + middle + b"]}"
    return b'{"type":"Feature","properties":{"code":"H"},"geometry":' + shape + b"}"


def _sheet_bomb(_bait: Bait) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            with file.open(name, "w") as part:
                part.write(b"<x>" + b" " * (100 << 20) + b"</x>")
    return out.getvalue()


TEXTS: dict[str, Maker] = {
    "geojson nested a hundred thousand times": content("a.geojson", _deep(100_000)),
    "geojson of nested collections": content("a.geojson", _collections(5_000)),
    "geojson of a line of a million vertices": content("a.geojson", _line(1_000_000)),
    "geojson with a number beyond numbers": content(
        "a.geojson",
        b'{"type":"Feature","properties":{"code":"H"},"geometry":{"type":"Point","coordinates":[1e999,47]}}',
    ),
    "geojson that stops": content("a.geojson", b'{"type":"FeatureCollection","features":[{'),
    "flatgeobuf whose header is a gigabyte": content(
        "a.fgb", b"fgb\x03fgb\x00" + struct.pack("<I", 1 << 30) + bytes(64)
    ),
    "flatgeobuf of noise": content("a.fgb", b"fgb\x03fgb\x00" + bytes(range(256)) * 8),
    "csv of one endless cell": content("a.csv", b"code,name,lon,lat\n" + b"x" * (20 << 20)),
    "csv of zeros": content("a.csv", bytes(1 << 20)),
    "spreadsheet 1000:1": content("a.xlsx", _sheet_bomb),
    "html as geojson": content("a.geojson", b"<html><script>alert(1)</script></html>"),
    "program as a shapefile": content("a.shp", b"\x7fELF" + bytes(200)),
    "file of nothing": content("a.geojson", b""),
    "name with markup and nothing in it": content("<img src=x onerror=alert(1)>.geojson", b""),
}


def _markup(_bait: Bait) -> str:
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"code":"H-1","name":"<img src=x onerror=alert(1)>","address":"</script><script>alert(2)</script>"},'
        '"geometry":{"type":"Polygon","coordinates":[[[123.6,47.1],[123.61,47.1],[123.61,47.11],[123.6,47.1]]]}}]}'
    )


def _formulas(_bait: Bait) -> str:
    ring = "POLYGON((123.6 47.1,123.61 47.1,123.61 47.11,123.6 47.1))"
    return f'code,name,WKT\nH-1,"=cmd|\'/c calc\'!A1","{ring}"\n'
