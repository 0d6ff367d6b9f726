"""Tiles of a large scene: ours beside titiler.core over HTTP, and beside bare rio-tiler in one process.

The scene is a COG of 10,000 x 10,000 pixels in EPSG:32651, as an import of ours makes them (WebP at 80, blocks of
256), with a texture of fields, roads and noise. All read the same file, 256 px tiles with bilinear resampling, in
turns. Over HTTP both are served by granian with the same number of workers and asked by the same clients for the same
tiles; ours asks its database for each. In one process rio-tiler is given a reader that stays open, as ours does, and
one that is opened for each tile, as its documents show. The peers are installed into an environment of their own,
var/bench-raster/venv.

    .venv/bin/python benchmarks/raster_tiles.py                 # everything; --rounds 3 --tiles 200 --clients 8
    .venv/bin/python benchmarks/raster_tiles.py --only http     # or process, memory
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

from raster_scene import FOLDER, ROOT, cog_of, tiles_of

PEER_PYTHON = FOLDER / "venv" / "bin" / "python"
PEERS = ["titiler.core==2.4.0", "rio-tiler==9.4.12", "granian==2.8.7"]
FORMATS = ("jpg", "png", "webp")
SIDE = 10_000
# As titiler's documents advise.
PEER_ENV = {
    "GDAL_CACHEMAX": "200",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_INGESTED_BYTES_AT_OPEN": "32768",
    "VSI_CACHE": "TRUE",
}
PEER_APP = """
from fastapi import FastAPI
from titiler.core.factory import TilerFactory
app = FastAPI()
app.include_router(TilerFactory().router)
"""
PEER_LOOP = """
import json, sys, time
from rio_tiler.io import Reader
path, tiles, fmt, keeps = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], sys.argv[4] == "keeps"
options = dict(resampling_method="bilinear", reproject_method="bilinear")
kind = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[fmt]
kept = Reader(path)
def draw(z, x, y):
    if keeps:
        return kept.tile(x, y, z, **options).render(img_format=kind)
    with Reader(path) as reader:
        return reader.tile(x, y, z, **options).render(img_format=kind)
for tile in tiles[:5]: draw(*tile)
began = time.perf_counter()
for tile in tiles: draw(*tile)
print(len(tiles) / (time.perf_counter() - began))
"""
OUR_LOOP = """
import json, sys, time
import gis_projects.native
from layers.raster.render import render_tile
path, tiles, fmt = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
for tile in tiles[:5]: render_tile(path, *tile, fmt)
began = time.perf_counter()
for tile in tiles: render_tile(path, *tile, fmt)
print(len(tiles) / (time.perf_counter() - began))
"""
OUR_MEMORY = """
import json, sys
from pathlib import Path
import gis_projects.native
from layers.raster.render import render_tile
path, tiles = sys.argv[1], json.loads(sys.argv[2])
for tile in tiles: render_tile(path, *tile, "webp")
lines = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss would be the parent's, if that was more
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)
"""
OUR_ROW = """
import datetime as dt
import gis_projects.native
import django; django.setup()
from pathlib import Path
from django.contrib.gis.geos import Polygon
from layers.models import RasterScene
from layers.raster.reader import describe
import sys
info = describe(sys.argv[1])
RasterScene.objects.all().delete()
scene = RasterScene.objects.create(
    key="bench", name="bench", file="cog.tif", acquired_on=dt.date(2025, 6, 1), source_crs=info.crs_label,
    footprint=Polygon(list(info.footprint.exterior.coords), srid=4326), width_px=info.width,
    height_px=info.height, published=True)
print(scene.pk)
"""


def install() -> None:
    if not PEER_PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PEER_PYTHON.parent.parent], check=True)
    subprocess.run([PEER_PYTHON, "-m", "pip", "install", "-q", *PEERS], check=True)


@contextmanager
def server(command: list[Any], env: dict[str, str], folder: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server did not start: {command}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rate(port: int, paths: list[str], clients: int) -> float:
    """Requests answered with a picture, per second."""
    todo, lock = iter(paths), threading.Lock()
    failed: list[str] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                path = next(todo, None)
            if path is None:
                return
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or len(body) < 500:
                failed.append(f"{answer.status} {path} {body[:200]!r}")

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"{len(failed)} requests failed, the first: {failed[0]}")
    return len(paths) / (time.perf_counter() - began)


def over_http(options: argparse.Namespace) -> None:
    cog = cog_of(SIDE)
    tiles = tiles_of(SIDE, options.tiles)
    ours, theirs = free_port(), free_port()
    media = FOLDER / "site" / "media"
    media.mkdir(parents=True, exist_ok=True)
    (media / "cog.tif").unlink(missing_ok=True)
    (media / "cog.tif").symlink_to(cog)
    env = our_env()
    migrate = [sys.executable, "manage.py", "migrate", "-v0", "--no-input"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-c", OUR_ROW, cog]
    made = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    key = made.stdout.split()[-1]
    (FOLDER / "peer_app.py").write_text(PEER_APP)
    granian = ["--host", "127.0.0.1", "--workers", str(options.workers), "--log-level", "warning"]
    mine = [ROOT / ".venv/bin/granian", "--interface", "wsgi", *granian, "--port", str(ours),
            "--blocking-threads", "4", "--no-ws", "gis_projects.wsgi:application"]  # fmt: skip
    peer = [
        PEER_PYTHON.parent / "granian",
        "--interface",
        "asgi",
        *granian,
        "--port",
        str(theirs),
        "peer_app:app",
    ]
    query = f"url={cog}&resampling=bilinear&reproject=bilinear"
    with server(mine, env, ROOT, ours), server(peer, os.environ | PEER_ENV, FOLDER, theirs):
        for fmt in FORMATS:
            mine_paths = [f"/scenes/{key}/tiles/{z}/{x}/{y}.{fmt}" for z, x, y in tiles]
            peer_paths = [f"/tiles/WebMercatorQuad/{z}/{x}/{y}.{fmt}?{query}" for z, x, y in tiles]
            compare(
                f"HTTP {fmt}", "titiler.core", options.rounds,
                lambda paths=mine_paths: rate(ours, paths, options.clients),
                lambda paths=peer_paths: rate(theirs, paths, options.clients),
            )  # fmt: skip


def in_process(options: argparse.Namespace) -> None:
    cog, tiles = cog_of(SIDE), json.dumps(tiles_of(SIDE, options.tiles))
    for fmt in FORMATS:
        for keeps in ("keeps", "opens"):
            compare(
                f"process {fmt}", f"rio-tiler, {keeps}", options.rounds,
                lambda fmt=fmt: printed([sys.executable, "-c", OUR_LOOP, cog, tiles, fmt], our_env()),
                lambda fmt=fmt, keeps=keeps: printed(
                    [PEER_PYTHON, "-c", PEER_LOOP, cog, tiles, fmt, keeps], os.environ | PEER_ENV
                ),
            )  # fmt: skip


def memory(options: argparse.Namespace) -> None:
    print("| side, px | file, MB | peak memory of the process, MB |\n|---|---|---|")
    for side in (1_250, 2_500, 5_000, 10_000):
        cog = cog_of(side)
        tiles = json.dumps(tiles_of(side, options.tiles))
        peak = printed([sys.executable, "-c", OUR_MEMORY, cog, tiles], our_env())
        print(f"| {side} | {cog.stat().st_size / 1e6:.1f} | {peak:.0f} |", flush=True)


def our_env() -> dict[str, str]:
    return os.environ | {
        "SECRET_KEY": "only-for-the-benchmark", "VAR_DIR": str(FOLDER / "site"),
        "DJANGO_SETTINGS_MODULE": "gis_projects.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def printed(command: list[Any], env: dict[str, str]) -> float:
    found = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return float(found.stdout.split()[-1])


def compare(
    name: str, peer: str, rounds: int, mine: Callable[[], float], theirs: Callable[[], float]
) -> None:
    """In turns; medians, and the ratio of each round."""
    pairs = [(mine(), theirs()) for _ in range(rounds)]
    ratios = [one / other for one, other in pairs]
    ours, others = (statistics.median(values) for values in zip(*pairs, strict=True))
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(
        f"| {name} | {ours:.0f} | {peer} | {others:.0f} | {statistics.median(ratios):.2f} | {each} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tiles", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=["http", "process", "memory"])
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"load at the beginning: {os.getloadavg()[0]:.1f}")
    if options.only != "memory":
        install()
        print("| | ours, tiles/s | peer | tiles/s | ratio | rounds |\n|---|---|---|---|---|---|")
    for name, run in (("process", in_process), ("http", over_http), ("memory", memory)):
        if options.only in {None, name}:
            run(options)
    print(f"load at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
