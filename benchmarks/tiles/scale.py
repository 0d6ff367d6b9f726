"""Ours alone, as a layer grows: p95 at each zoom, sizes of tiles, and what tiles cost that are not ready.

For each size and database: how long the table of tiles took; 200 tiles of zoom 6 to 14 as they lie ready; then, with
ready tiles switched off, 220 of zoom 6 to 16 made when asked for, on PostgreSQL in turns with ST_AsMVT written by
hand behind a bare server, with the same features. Last, p95 of the largest layer beside that of the next smaller one
(wanted: at most 1.5 at every zoom), and p99 of sizes (wanted: at most 150 kB).

    .venv/bin/python -m benchmarks.tiles.scale --features 100000 1000000                        # SpatiaLite
    DATABASE_URL=postgis://user@host:port/postgres .venv/bin/python -m benchmarks.tiles.scale    # and PostGIS
"""

import argparse
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit, urlunsplit

from benchmarks.tiles import data, load, peers, run
from benchmarks.tiles.load import Answers
from layers.tiles.tile_set import FORMAT

BY_HAND = "ST_AsMVT by hand"
ON_DEMAND_ZOOMS = range(6, 17)
NOT_READY = "UPDATE layers_tiletable SET ready_zoom = -1"
WARMING_ZOOM = 12
WANTED_RATIO, WANTED_BYTES, WANTED_BY_HAND = 1.5, 150_000, 0.9
Found = dict[str, dict[int, list[Answers]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--features", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    found: Found = {}
    for features in sorted(options.features):
        for name, environment in _databases():
            with environment as variables:
                _measure(found, name, variables, features, options)
    for name, by_size in found.items():
        _compare(name, by_size)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def _databases() -> list[tuple[str, AbstractContextManager[dict[str, str]]]]:
    found: list[tuple[str, AbstractContextManager[dict[str, str]]]] = [("SpatiaLite", _lite())]
    if server := os.environ.get("DATABASE_URL"):
        found.append(("PostGIS", _post(server)))
    return found


@contextmanager
def _lite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield run.site_environment(f"spatialite:///{folder}/db.sqlite3", folder)


@contextmanager
def _post(server: str) -> Iterator[dict[str, str]]:
    name = f"tiles_scale_{os.getpid()}"
    run.sql(server, f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
            yield run.site_environment(url, folder)
    finally:
        run.sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _measure(
    found: Found, name: str, variables: dict[str, str], features: int, options: argparse.Namespace
) -> None:
    layer, token = run.fill(variables, features)
    address = f"/layers/bench/tiles/{FORMAT}-{layer}-1/{{}}/{{}}/{{}}.mvt"
    ready, made = f"{name}, ready", f"{name}, made when asked for"
    for _ in range(options.rounds):
        _ask(found, ready, variables, address, features, data.tiles(features), options.clients)
    _switch_off(variables)
    tiles = data.tiles(features, 220, ON_DEMAND_ZOOMS)
    for _ in range(options.rounds):
        _ask(found, made, variables, address, features, tiles, options.clients)
        if name == "PostGIS":
            _by_hand(found, variables, token, features, tiles, options.clients)
    for kind in (ready, made):
        _tell(kind, features, found[kind][features])
    if hand := found.get(BY_HAND, {}).get(features):
        ratios = [a.per_s / b.per_s for a, b in zip(found[made][features], hand, strict=True)]
        told = ", ".join(f"{one:.2f}" for one in ratios)
        print(f"  beside {BY_HAND}: {told} (wanted {WANTED_BY_HAND})")


def _ask(
    found: Found,
    kind: str,
    variables: dict[str, str],
    address: str,
    features: int,
    tiles: Sequence[load.Tile],
    clients: int,
) -> None:
    """From a server that was just started: nothing of a former round is remembered."""
    with peers.ours(variables) as port:
        load.run(port, lambda tile: address.format(*tile), _warming(tiles))
        answers = load.run(port, lambda tile: address.format(*tile), tiles, clients)
    found.setdefault(kind, {}).setdefault(features, []).append(answers)


def _by_hand(
    found: Found,
    variables: dict[str, str],
    token: str,
    features: int,
    tiles: Sequence[load.Tile],
    clients: int,
) -> None:
    dsn = urlunsplit(urlsplit(variables["DATABASE_URL"])._replace(scheme="postgresql"))
    query = run.QUERY.format(token=token, thinned=run.THINNED)
    with peers.bare(peers.environment(), dsn, query) as port:
        load.run(port, lambda tile: "/{}/{}/{}".format(*tile), _warming(tiles))
        answers = load.run(port, lambda tile: "/{}/{}/{}".format(*tile), tiles, clients)
    found.setdefault(BY_HAND, {}).setdefault(features, []).append(answers)


def _warming(tiles: Sequence[load.Tile]) -> list[load.Tile]:
    """Enough small ones for each thread of each worker to have loaded and connected what it needs."""
    return [tile for tile in tiles if tile[0] >= WARMING_ZOOM]


def _switch_off(variables: dict[str, str]) -> None:
    url = variables["DATABASE_URL"]
    if url.startswith("postgis"):
        run.sql(url, NOT_READY)
        return
    with sqlite3.connect(url.removeprefix("spatialite://")) as link:
        link.execute(NOT_READY)


def _tell(kind: str, features: int, rounds: Sequence[Answers]) -> None:
    times = " ".join(f"z{z} {run.p95(rounds, z):.0f}" for z in sorted(rounds[0].seconds))
    size = rounds[0].p99_bytes()
    print(f"{features:,} features, {kind}: {load.median_per_s(rounds):.0f} tiles/s; p95 ms {times}")
    print(
        f"  p99 {size / 1000:.0f} kB, largest {rounds[0].max_bytes() / 1000:.0f} kB"
        f"{'' if size <= WANTED_BYTES else ': MORE THAN 150 kB'}; load {os.getloadavg()[0]:.1f}"
    )


def _compare(kind: str, by_size: dict[int, list[Answers]]) -> None:
    """The largest beside the next smaller one."""
    if len(by_size) < 2:
        return
    small, large = sorted(by_size)[-2:]
    ratios = {
        z: run.p95(by_size[large], z) / run.p95(by_size[small], z)
        for z in sorted(by_size[large][0].seconds)
    }
    told = " ".join(f"z{z} {ratio:.2f}" for z, ratio in ratios.items())
    worst = max(ratios.values())
    print(
        f"{kind}: p95 of {large:,} / {small:,}: {told}"
        f"{'' if worst <= WANTED_RATIO else f'   (wanted at most {WANTED_RATIO})'}"
    )


if __name__ == "__main__":
    main()
