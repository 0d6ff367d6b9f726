"""A tile from the cache of hot tiles beside a static file of as many bytes, from the same server, in turns."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tiles import load, peers
from benchmarks.tiles.load import Tile
from layers.tiles.tile_set import FORMAT

SECONDS, ROUNDS = 4, 3


def measure(environment: dict[str, str], layer: str, tiles: Sequence[Tile]) -> None:
    """Prints requests per second of both and the ratio; nothing where ``wrk`` is not installed."""
    if shutil.which("wrk") is None:
        print("  cached tile: not measured, wrk is not installed")
        return
    static = Path(environment["VAR_DIR"]) / "static"
    static.mkdir(exist_ok=True)
    tile = next(one for one in tiles if one[0] == 12)
    address = f"/layers/bench/tiles/{FORMAT}-{layer}-1/{{}}/{{}}/{{}}.mvt".format(*tile)
    extra = {**environment, "TILE_CACHE": "file"}
    with peers.ours(extra) as port:
        size = load.run(port, lambda _tile: address, [tile]).max_bytes()
    (static / "bench.bin").write_bytes(os.urandom(size))
    with peers.ours(extra) as port:
        found = [(_per_s(port, address), _per_s(port, "/static/bench.bin")) for _ in range(ROUNDS)]
    ratios = ", ".join(f"{tile / file:.2f}" for tile, file in found)
    tile_s, file_s = (load.quantile(one, 0.5) for one in zip(*found, strict=True))
    print(
        f"  cached tile {tile_s:.0f}/s, static file {file_s:.0f}/s of {size} bytes; ratios {ratios}"
    )


def _per_s(port: int, path: str) -> float:
    command = [
        "wrk",
        "-t1",
        "-c8",
        f"-d{SECONDS}s",
        "-H",
        "Accept-Encoding: gzip",
        f"http://127.0.0.1:{port}{path}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])
