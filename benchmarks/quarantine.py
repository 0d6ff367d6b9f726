"""Reading through the quarantine beside reading in this process: features per second, and what a start costs.

The file is made for the run: small polygons of five corners, four columns, GBK. Both sides open the same staged file
and go through all chunks; in quarantine each chunk also crosses the pipe and is rebuilt. Rounds alternate; medians.

    SECRET_KEY=x .venv/bin/python benchmarks/quarantine.py [--features 50000] [--rounds 3]
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")

import django  # noqa: E402

django.setup()

from layers.importing.archive import parts_of, stage_files  # noqa: E402
from layers.importing.readers import open_source  # noqa: E402
from layers.importing.source import Source  # noqa: E402
from layers.importing.staging import opened  # noqa: E402
from layers.quarantine import runner  # noqa: E402
from layers.quarantine.client import CLIENT  # noqa: E402
from tests.layers.importing.samples import Column, shapefile  # noqa: E402

COLUMNS = [
    Column("编码"),
    Column("名称", "C", 40),
    Column("日期", "D", 8),
    Column("面积", "N", 12, 2),
]


def make_file(folder: Path, features: int) -> Path:
    shapes = []
    for number in range(features):
        x, y = 123 + number % 1_000 * 0.002, 46 + number // 1_000 * 0.002
        shapes.append([(x, y), (x, y + 0.001), (x + 0.001, y + 0.001), (x + 0.001, y), (x, y)])
    rows = [[f"QQ-{n:07}", f"克东县图斑{n}", "20220601", f"{n % 997}.25"] for n in range(features)]
    return shapefile(folder, shapes, rows, columns=COLUMNS)


def read_here(path: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        with open_source(stage_files(parts_of(path), Path(folder))) as source:
            return count(source)


def read_there(path: Path) -> int:
    with opened([path]) as source:
        return count(source)


def count(source: Source) -> int:
    return sum(len(chunk) for chunk in source.chunks())


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cold = []
    for _round in range(options.rounds):
        CLIENT.stop()
        cold.append(timed(lambda: runner.run("selfcheck", [], {})))
    warm = [timed(lambda: runner.run("selfcheck", [], {})) for _job in range(50)]
    print(
        f"start: cold {statistics.median(cold) * 1e3:.0f} ms, warm {statistics.median(warm) * 1e3:.1f} ms"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = make_file(Path(folder), options.features)
        here, there = [], []
        for _round in range(options.rounds):
            here.append(timed(lambda: read_here(path)))
            there.append(timed(lambda: read_there(path)))
    one, two = (options.features / statistics.median(times) for times in (here, there))
    print(
        f"in this process {one:,.0f} features/s, in quarantine {two:,.0f} features/s, ratio {two / one:.2f}"
    )


if __name__ == "__main__":
    main()
