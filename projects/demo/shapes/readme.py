"""data/shapefiles/README.md, written from what was written."""

from collections.abc import Sequence

from gis_projects.geo.crs import describe
from projects.demo.shapes import greening
from projects.demo.shapes.writing import SAVED_ON, Written

_TEXT = """# Demonstration shapefiles 演示数据

Every site in this folder is invented (演示数据): names begin with 演示, outlines, figures and dates are made
from seeds. Towns, districts (schematic 示意) and the river, on which they were placed, come from `cities/qiqihar`.

- Source: `manage.py generate_demo`, which writes this folder again byte for byte; made for this repository.
- Licence: that of this repository. Place names and coordinates behind the shapes: GeoNames.org, CC BY 4.0;
  river: Natural Earth, public domain.
- Date in the tables: {date}. `progress.csv` tells where each site stands on 2022-11-05, after the season and
  in the first week of the winter stop (November to April).
- Loaded by: `manage.py load_demo`, by `manifest.yaml`, through the same importer that bureaus' files go through.

The files differ on purpose, as those of real bureaus do: tables in GBK without a .cpg, with and without a
language byte; eastings with and without the zone; column names cut at ten bytes or in the codes of the trade;
one file without its .prj.

Two greening sub-compartments, {twins}, share about six mu of ground on purpose: two
teams drew the same corner, and the total must count it once. Nothing else overlaps within a programme.

| file | programme | holds | sites | CRS | encoding of the table |
|---|---|---|---|---|---|
{rows}
"""


def text(written: Sequence[Written]) -> str:
    rows = "\n".join(_row(one) for one in written)
    date = "-".join(f"{part:02}" for part in SAVED_ON)
    return _TEXT.format(date=date, twins=" and ".join(greening.TWINS), rows=rows)


def _row(written: Written) -> str:
    one = written.dataset
    crs = f"EPSG:{one.srid}" if one.srid in {4326, 4490} else describe(one.srid)
    if not one.has_prj:
        crs += ", no .prj"
    cells = [
        f"{one.stem}.shp",
        one.programme,
        one.title,
        str(len(one.sites)),
        crs,
        _encoding(written),
    ]
    return "| " + " | ".join(cells) + " |"


def _encoding(written: Written) -> str:
    one = written.dataset
    stated = f".cpg {one.cpg}" if one.cpg else "no .cpg"
    byte = f", language byte 0x{one.ldid:02X}" if one.ldid else ""
    return f"{one.encoding.upper()}, {stated}{byte}"
