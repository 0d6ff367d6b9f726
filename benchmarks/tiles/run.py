"""Vector tiles beside other servers of the same features: tiles per second, ratios, times and sizes.

Invented points, lines and polygons with eight attributes; 200 tiles of zoom 6 to 14 where features are, each asked
for once by 8 clients over HTTP, from two workers each. Beside ours, on the same table and in turns: ST_AsMVT written
by hand behind a bare asyncpg server, once with all features and once with the same ones as ours; tipg;
django-vectortiles on SpatiaLite. Then a tile that is cached beside a static file of the same server.

    DATABASE_URL=postgis://user@host:port/postgres .venv/bin/python -m benchmarks.tiles.run     # 10,000 features
    … --features 10000 100000 1000000 --rounds 3                                                 # the whole of it

Without DATABASE_URL only the SpatiaLite side. On PostgreSQL a database is made and dropped; peers are installed into
var/benchmark-tiles. A cached tile and a static file are asked for with ``wrk`` (Debian: wrk).
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.tiles import cached, data, load, peers
from benchmarks.tiles.load import Answers, Tile
from layers.tiles.tile_set import FORMAT

QUERY = """SELECT ST_AsMVT(t, 'bench', 4096, 'geometry', 'id') FROM (
    SELECT id, ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geometry,
        c0 AS code, c1 AS kind, c2 AS phase, c3 AS year, c4 AS area, c5 AS progress, c6 AS public, c7 AS note
    FROM layers_tiles_{token}
    WHERE geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) {thinned}) t"""
THINNED = "AND minzoom <= $1"
FEW = 18  # tiles that the slowest peer is asked for, two of each zoom
OURS_FEW = f"ours, SpatiaLite, {FEW} tiles"
VECTORTILES = f"django-vectortiles, {FEW} tiles"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--features", type=int, nargs="+", default=[10_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    )
    bin_ = peers.environment()
    for features in options.features:
        measure(features, options.rounds, bin_)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def measure(features: int, rounds: int, bin_: Path) -> None:
    tiles = data.tiles(features)
    found: dict[str, list[Answers]] = {}
    with tempfile.TemporaryDirectory() as folder:
        lite = site_environment(f"spatialite:///{folder}/db.sqlite3", folder)
        filled = [("ours, SpatiaLite", lite, *fill(lite, features))]
        server = os.environ.get("DATABASE_URL")
        name = f"tiles_benchmark_{os.getpid()}"
        try:
            if server:
                sql(server, f"CREATE DATABASE {name}")
                post = site_environment(
                    urlunsplit(urlsplit(server)._replace(path=f"/{name}")), folder
                )
                filled.append(("ours, PostGIS", post, *fill(post, features)))
            for _ in range(rounds):
                one_round(found, filled, tiles, bin_)
            report(features, found)
            cached.measure(lite, filled[0][2], tiles)
        finally:
            if server:
                sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def one_round(
    found: dict[str, list[Answers]], filled: Any, tiles: Sequence[Tile], bin_: Path
) -> None:
    for name, environment, layer, token in filled:
        with peers.ours(environment) as port:
            address = f"/layers/bench/tiles/{FORMAT}-{layer}-1/{{}}/{{}}/{{}}.mvt"
            run(found, name, port, address, tiles)
            if name == "ours, SpatiaLite":
                run(found, OURS_FEW, port, address, tiles[:FEW])
        if name == "ours, SpatiaLite":
            database = Path(environment["VAR_DIR"]) / "db.sqlite3"
            with peers.vectortiles(bin_, database) as port:
                run(found, VECTORTILES, port, "/{}/{}/{}", tiles[:FEW])
            continue
        dsn = urlunsplit(urlsplit(environment["DATABASE_URL"])._replace(scheme="postgresql"))
        for peer, thinned in (("by hand, all features", ""), ("by hand, thinned", THINNED)):
            with peers.bare(bin_, dsn, QUERY.format(token=token, thinned=thinned)) as port:
                run(found, peer, port, "/{}/{}/{}", tiles)
        with peers.tipg(bin_, dsn) as port:
            table = f"public.layers_tiles_{token}"
            run(
                found,
                "tipg",
                port,
                f"/collections/{table}/tiles/WebMercatorQuad/{{}}/{{}}/{{}}",
                tiles,
            )


def run(
    found: dict[str, list[Answers]], name: str, port: int, address: str, tiles: Sequence[Tile]
) -> None:
    load.run(port, lambda tile: address.format(*tile), [(14, 0, 0)] * 16)  # connections are made
    found.setdefault(name, []).append(load.run(port, lambda tile: address.format(*tile), tiles))


def fill(environment: dict[str, str], features: int) -> tuple[str, str]:
    """The layer's number, and what its table of tiles is named by."""
    for command in (["manage.py", "migrate", "-v0"], ["benchmarks/tiles/fill.py", str(features)]):
        done = subprocess.run(
            [sys.executable, *command],
            env=environment,
            cwd=peers.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    layer, token, seconds = done.stdout.split()[-3:]
    print(
        f"{features:,} features: the table of tiles took {seconds} s ({environment['DATABASE_URL'].split(':')[0]})"
    )
    return layer, token


def report(features: int, found: dict[str, list[Answers]]) -> None:
    print(f"\n{features:,} features                   tiles/s   p99 kB   max kB")
    for name, rounds in found.items():
        sizes = rounds[0]
        print(
            f"  {name:<32} {load.median_per_s(rounds):>8.1f} {sizes.p99_bytes() / 1000:>8.0f}"
            f" {sizes.max_bytes() / 1000:>8.0f}{_lost(rounds)}"
        )
    for one, other in (
        ("ours, PostGIS", "by hand, thinned"),
        ("ours, PostGIS", "by hand, all features"),
        ("ours, PostGIS", "tipg"),
        ("ours, SpatiaLite", "ours, PostGIS"),
        (OURS_FEW, VECTORTILES),
    ):
        if one in found and other in found:
            ratios = [a.per_s / b.per_s for a, b in zip(found[one], found[other], strict=True)]
            told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"  {one} / {other}: {load.quantile(ratios, 0.5):.2f}   (rounds {told})")
    for name in ("ours, SpatiaLite", "ours, PostGIS"):
        if name in found:
            times = " ".join(f"z{z} {p95(found[name], z):.0f}" for z in data.ZOOMS)
            print(f"  {name}, p95 ms: {times}")


def _lost(rounds: Sequence[Answers]) -> str:
    lost = sum(one.lost for one in rounds)
    return f"   ({lost} tiles lost)" if lost else ""


def p95(rounds: Sequence[Answers], z: int) -> float:
    return load.quantile([one.p95_ms(z) for one in rounds], 0.5)


def site_environment(url: str, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "SECRET_KEY": "benchmark",
        "DJANGO_SETTINGS_MODULE": "gis_projects.settings",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "",
    }


def sql(server: str, statement: str) -> None:
    with psycopg.connect(
        urlunsplit(urlsplit(server)._replace(scheme="postgresql")), autocommit=True
    ) as link:
        link.execute(statement)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
