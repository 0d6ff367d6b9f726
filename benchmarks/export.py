"""Exporting a table in each format, beside ogr2ogr on the same rows: features per second, the ratio, and peak memory.

The rows are invented: sub-compartments (小班) of six to fourteen corners with nine columns, made before the clock
starts. Ours is ``layers.exporting.formats.write``, from rows in memory to a finished file; ogr2ogr copies a GeoPackage
of the same rows into the format. Both end as a file in EPSG:4490 (4326 where the format has no other). Neither reads
a database. ogr2ogr is timed from start to exit, ours in a process that has its modules loaded.

    .venv/bin/python benchmarks/export.py [--features 100000] [--rounds 3]
    .venv/bin/python benchmarks/export.py --memory           # peak memory at 50,000 and 200,000 rows, drawn as they go
"""

import argparse
import datetime as dt
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("SECRET_KEY", "benchmark")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")
os.environ["LOG_LEVEL"] = "WARNING"

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import shapely  # noqa: E402

from layers.exporting.formats import FORMATS, write  # noqa: E402
from layers.exporting.table import Column, Row, Table  # noqa: E402

COLUMNS = [
    Column("code", "编码"), Column("name", "名称"), Column("plot", "小班"), Column("year", "计划年度", "int"),
    Column("method", "造林方式"), Column("species", "造林树种"), Column("planted", "造林日期", "date"),
    Column("seedlings", "需苗量", "int"), Column("area", "上报面积", "float", "亩"),
]  # fmt: skip
# The peer's driver and options; what stands here is what a person would type.
PEERS = {
    "gpkg": ["-f", "GPKG", "-t_srs", "EPSG:4490"],
    "shp": ["-f", "ESRI Shapefile", "-t_srs", "EPSG:4490", "-lco", "ENCODING=UTF-8"],
    "shp-gbk": ["-f", "ESRI Shapefile", "-t_srs", "EPSG:4490", "-lco", "ENCODING=GBK"],
    "xlsx": ["-f", "XLSX"],
    "csv": ["-f", "CSV", "-t_srs", "EPSG:4490", "-lco", "GEOMETRY=AS_WKT"],
    "kml": ["-f", "KML"],
    "geojson": ["-f", "GeoJSON", "-lco", "RFC7946=YES", "-lco", "COORDINATE_PRECISION=9"],
    "geojsonseq": ["-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=9"],
    "fgb": ["-f", "FlatGeobuf", "-t_srs", "EPSG:4490"],
}


def rows(count: int) -> Iterator[Row]:
    """The same rows each time."""
    random = np.random.default_rng(2022)
    for number in range(count):
        corners = int(random.integers(6, 15))
        angles = -2 * np.pi * (np.arange(corners) + random.uniform(0, 0.8, corners)) / corners
        radii = 0.004 * random.uniform(0.25, 0.49, corners)
        x, y = 123.3 + number % 400 * 0.004, 46.9 + number // 400 * 0.002
        ring = np.column_stack([x + radii * np.cos(angles), y + 0.7 * radii * np.sin(angles)])
        block, plot = divmod(number, 100)
        name = f"演示·第{block:03d}林班{plot:02d}小班"
        values = [f"B-{number:06d}", name, f"{plot:02d}", 2022, "人工造林", "樟子松、杨树"]
        day = dt.date(2022, 4, 1 + number % 30)
        area = round(float(random.uniform(10, 200)), 2)
        yield Row(shapely.Polygon(ring), [*values, day, 120 + number % 50, area])


def ours(folder: Path, key: str, found: list[Row]) -> float:
    """Seconds to write ``found``."""
    path = folder / f"ours.{FORMATS[key].suffix}"
    path.unlink(missing_ok=True)
    began = time.perf_counter()
    write(path, Table("plots", COLUMNS, found, has_points=False), key, "EPSG:4490")
    return time.perf_counter() - began


def peer(folder: Path, key: str, source: Path) -> float:
    """Seconds of ogr2ogr; a shapefile is not packed."""
    suffix = "shp" if key.startswith("shp") else FORMATS[key].suffix
    for old in folder.glob("peer.*"):
        old.unlink()
    command = ["ogr2ogr", *PEERS[key], str(folder / f"peer.{suffix}"), str(source)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PROJ_")}
    began = time.perf_counter()
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - began


def speed(features: int, rounds: int) -> None:
    """A line for each format: medians of rounds in turns."""
    found = list(rows(features))
    with tempfile.TemporaryDirectory(prefix="export-benchmark-") as name:
        folder = Path(name)
        source = folder / "source.gpkg"
        write(source, Table("plots", COLUMNS, found), "gpkg")
        for key in FORMATS:
            pairs = [(ours(folder, key, found), peer(folder, key, source)) for _round in range(rounds)]  # fmt: skip
            one, other = (features / statistics.median(times) for times in zip(*pairs, strict=True))
            speeds = f"ours {one:>8,.0f}/s   ogr2ogr {other:>8,.0f}/s"
            print(f"{key:<11} {speeds}   ratio {one / other:.2f}", flush=True)


def peak(key: str, features: int) -> None:
    """Print the peak memory of this process after one export of rows that are made as they are asked for."""
    with tempfile.TemporaryDirectory(prefix="export-benchmark-") as name:
        table = Table("plots", COLUMNS, rows(features), has_points=False)
        write(Path(name) / "out", table, key, "EPSG:4490")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def memory() -> None:
    """A line for each format; each export is a process of its own."""
    for key in FORMATS:
        peaks = []
        for features in (50_000, 200_000):
            command = [sys.executable, __file__, "--peak", key, "--features", str(features)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peaks.append(int(done.stdout))
        print(f"{key:<11} {peaks[0]} MB at 50,000   {peaks[1]} MB at 200,000", flush=True)


def main() -> None:
    """Measure as the options say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--peak", metavar="FORMAT", choices=list(FORMATS))
    options = parser.parse_args()
    if options.peak:
        peak(options.peak, options.features)
    elif options.memory:
        memory()
    else:
        speed(options.features, options.rounds)


if __name__ == "__main__":
    main()
