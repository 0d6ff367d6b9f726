"""Importing a shapefile, beside ogr2ogr into the same database: features per second and the ratio.

The file is made for the run: sub-compartments (小班) with six to fourteen corners, GBK attributes without a .cpg,
EPSG:4490. Ours are two: ``manage.py import_layer`` keeps any columns as a reference layer (each geometry checked, its
place too, all columns as JSON, a spatial index); ``manage.py import_sites`` besides checks each attribute, measures on
the ellipsoid, finds districts and overlaps, writes two geometries, search text, the first entry of each site's log
and one of the audit trail. ogr2ogr copies geometry and columns into a new table of the same database, with its spatial
index. All are timed from start to exit; ogr2ogr before and after each of ours, and the ratio is to the mean of the two.

    .venv/bin/python benchmarks/import_shapefile.py [--features 200000] [--rounds 3] [--memory]

Beside the ratio by the clock stands that of processor time: of the command and all that it starts, and of the
database's server where it runs on this machine. On a machine with other work to do only this one says something.

Runs on SpatiaLite in a temporary folder; with DATABASE_URL=postgis://… on that server as well, in a database
of its own that is made and dropped again. --memory: no comparison, but the most memory that an import takes (the
command, and apart from it the child that reads), at 100,000 and at 1,000,000 features.
"""

import argparse
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import psycopg  # noqa: E402
import shapely  # noqa: E402
from pyproj import CRS  # noqa: E402

from benchmarks.cost import Cost, median, postmaster, run  # noqa: E402
from projects.demo.shapes.shapefile import Column, Table, write  # noqa: E402

PROGRAMME = "greening"
PEER_TABLE = "peer"
CELL = 0.004  # degrees between neighbours, less where so many would not lie in the city
WIDTH = 1.8  # degrees that they may take from west to east
WEST, SOUTH = 123.3, 46.9
COLUMNS = [
    Column("编码", "C", 20), Column("名称", "C", 60), Column("小班", "C", 20), Column("计划年度", "N", 6),
    Column("造林方式", "C", 20), Column("造林树种", "C", 40), Column("林种", "C", 20),
    Column("需苗量", "N", 10), Column("上报面积", "N", 16, 2),
]  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A database for one run: how Django and how ogr2ogr name it. server: PostgreSQL's first process."""

    name: str
    url: str
    ogr: list[str]
    server: int | None = None


def make_file(folder: Path, features: int) -> Path:
    """The shapefile; the same each time for the same number of features."""
    random = np.random.default_rng(2022)
    side = math.ceil(math.sqrt(features))
    cell = min(CELL, WIDTH / side)
    shapes = [_plot(random, *divmod(number, side), cell) for number in range(features)]
    rows = [_row(random, number) for number in range(features)]
    table = Table(COLUMNS, rows, "gb18030", 0, (2022, 1, 26))
    write(folder, "plots", shapes, table, CRS.from_epsg(4490).to_wkt("WKT1_ESRI"), None)
    return folder / "plots.shp"


def _plot(random: np.random.Generator, row: int, column: int, cell: float) -> shapely.Polygon:
    corners = int(random.integers(6, 15))
    angles = -2 * math.pi * (np.arange(corners) + random.uniform(0, 0.8, corners)) / corners
    radii = cell * random.uniform(0.25, 0.49, corners)
    x = WEST + (column + 0.5) * cell + radii * np.cos(angles)
    y = SOUTH + 0.7 * ((row + 0.5) * cell + radii * np.sin(angles))
    return shapely.Polygon(np.column_stack([x, y]))


def _row(random: np.random.Generator, number: int) -> list[object]:
    block, plot = divmod(number, 100)
    name = f"演示·第{block:03d}林班{plot:02d}小班"
    area = round(random.uniform(10, 200), 2)
    kept: list[object] = [2022, "人工造林", "樟子松、杨树", "防护林", 120 + number % 50, area]
    return [f"B-{number:06d}", name, f"{plot:02d}", *kept]


@contextmanager
def spatialite(folder: Path) -> Iterator[Target]:
    """A SpatiaLite file below ``folder``."""
    path = folder / "db.sqlite3"
    yield Target("SpatiaLite", f"spatialite:///{path}", ["-update", str(path)])
    for one in folder.glob("db.sqlite3*"):
        one.unlink()


@contextmanager
def postgis(server: str) -> Iterator[Target]:
    """A database of our own on the server of a ``postgis://`` address."""
    name = f"import_benchmark_{os.getpid()}"
    parts = urlsplit(server)
    admin = urlunsplit(parts._replace(scheme="postgresql"))
    ours = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            dsn = f"PG:{urlunsplit(urlsplit(ours)._replace(scheme='postgresql'))}"
            here = postmaster(connection.info.backend_pid)
            yield Target("PostGIS", ours, ["-f", "PostgreSQL", dsn], here)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


VERBS = {
    "import_layer": ["import_layer", "plots"],
    "import_sites": ["import_sites", PROGRAMME],
}
MEMORY_SIZES = [100_000, 1_000_000]
# The child that reads is no descendant that the system would count with the command: it is watched from outside.
_WATCH_S = 0.05


def measure(target: Target, file: Path, folder: Path) -> dict[str, tuple[Cost, Cost]]:
    """For each of ours what it cost and what ogr2ogr did, which runs before it and after it: their mean.

    On a machine with other work to do two runs of the same program differ by half; runs side by side differ less.
    """
    environment = _prepared(target, folder)
    costs = {}
    peer = run(_peer(target, file, 0), environment, target.server)
    for number, verb in enumerate(VERBS, 1):
        own = run(_ours(verb, file), environment, target.server)
        again = run(_peer(target, file, number), environment, target.server)
        costs[verb] = own, (peer + again).halved
        peer = again
    return costs


def _peer(target: Target, file: Path, number: int) -> list[str]:
    table = f"{PEER_TABLE}{number}"
    source = [str(file), "-nln", table, "-t_srs", "EPSG:4326", "-oo", "ENCODING=GB18030"]
    return ["ogr2ogr", *target.ogr, *source]


def _prepared(target: Target, folder: Path) -> dict[str, str]:
    environment = {
        **os.environ,
        "SECRET_KEY": "benchmark",
        "DATABASE_URL": target.url,
        "VAR_DIR": str(folder),
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    run([*manage, "migrate", "-v0"], environment)
    run([*manage, "load_city", str(ROOT / "cities/qiqihar")], environment)
    return environment


def _ours(verb: str, file: Path) -> list[str]:
    name, key = VERBS[verb]
    return [sys.executable, str(ROOT / "manage.py"), name, key, str(file)]


def report(name: str, features: int, rounds: Sequence[dict[str, tuple[Cost, Cost]]]) -> None:
    """Medians over the rounds."""
    for verb in VERBS:
        pairs = [one[verb] for one in rounds]
        own, peer = (median([pair[side] for pair in pairs]) for side in (0, 1))
        ratios = [peer.seconds / own.seconds for own, peer in pairs]
        by_processor = [peer.processor_s / own.processor_s for own, peer in pairs]
        print(
            f"{name:<11} {verb} {features / own.seconds:>8,.0f}/s"
            f"   ogr2ogr {features / peer.seconds:>8,.0f}/s"
            f"   ratio {statistics.median(ratios):.2f}"
            f"   (rounds {', '.join(f'{ratio:.2f}' for ratio in ratios)})\n"
            f"{'':<11} processor {own.processor_s:.1f} s, ogr2ogr {peer.processor_s:.1f} s,"
            f" ratio {statistics.median(by_processor):.2f}; peak of the command {own.peak_mb} MB",
            flush=True,
        )


def peak_mb(verb: str, file: Path, environment: dict[str, str]) -> tuple[int, int]:
    """The most that the command held at one time, and that its reading child did, in MB (resident)."""
    process = subprocess.Popen(_ours(verb, file), env=environment, stdout=subprocess.DEVNULL)
    child = 0
    while process.poll() is None:
        child = max([child, *map(_resident_mb, _descendants(process.pid))])
        time.sleep(_WATCH_S)
    if process.returncode:
        sys.exit(f"{verb} failed on {file}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, child


def _descendants(pid: int) -> list[int]:
    found = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            text = Path(f"/proc/{one}/task/{one}/children").read_text()
        except OSError:
            continue
        children = list(map(int, text.split()))
        found += children
        waiting += children
    return found


def _resident_mb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in text.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) // 1024 if lines else 0


def memory(folder: Path, server: str, sizes: Sequence[int]) -> None:
    """Peaks for each size, each in a process of its own so that one does not hide another."""
    for size in sizes:
        file = make_file(folder, size)
        for verb in VERBS:
            with spatialite(folder) as target:
                _tell("SpatiaLite", verb, size, file, target, folder)
            if server.startswith("postgis:"):
                with postgis(server) as target:
                    _tell("PostGIS", verb, size, file, target, folder)


def _tell(name: str, verb: str, size: int, file: Path, target: Target, folder: Path) -> None:
    environment = _prepared(target, folder)
    reader, writer = os.pipe()
    if (pid := os.fork()) == 0:
        peaks = peak_mb(verb, file, environment)
        os.write(writer, f"{peaks[0]} {peaks[1]}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        command, child = map(int, pipe.read().split())
    os.waitpid(pid, 0)
    print(
        f"{name:<11} {verb} {size:>9,} features: {command:>5} MB, its reader {child:>5} MB",
        flush=True,
    )


def main() -> None:
    """Measure on each database and print a line for it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--features", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=MEMORY_SIZES, help="for --memory")
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="import-benchmark-") as place:
        folder = Path(place)
        if options.memory:
            memory(folder, server, options.sizes)
            return
        file = make_file(folder, options.features)
        print(f"load {os.getloadavg()[0]:.1f}")
        found: dict[str, list[dict[str, tuple[Cost, Cost]]]] = {}
        for _round in range(options.rounds):
            for open_target in _targets(folder, server):
                with open_target as target:
                    found.setdefault(target.name, []).append(measure(target, file, folder))
        for name, rounds in found.items():
            report(name, options.features, rounds)
        print(f"load {os.getloadavg()[0]:.1f}")


def _targets(folder: Path, server: str) -> list[AbstractContextManager[Target]]:
    places: list[AbstractContextManager[Target]] = [spatialite(folder)]
    return [*places, postgis(server)] if server.startswith("postgis:") else places


if __name__ == "__main__":
    main()
