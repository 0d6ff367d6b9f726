"""One tile's features to MVT, beside mapbox-vector-tile and the vtzero bindings: milliseconds and ratios at each zoom.

All are given the features of the same tiles in memory as shapely geometries in EPSG:3857 with eight attributes. Ours
(``layers.mvt.encode_tile``) cuts, rounds, simplifies, mends and encodes. The peers do none of the first four: both are
given geometries that shapely has cut (that is in their time), mapbox-vector-tile rounds them itself, and for vtzero
numpy does; its bindings know only text as values, so all are text there. No features are left out at low zooms. The
peers are installed into an environment of their own, var/bench-tiles/venv.

    .venv/bin/python benchmarks/mvt_encode.py [--features 100000] [--rounds 3]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "tiles")]
PEERS = [
    "mapbox-vector-tile==2.2.0",
    "vtzero==0.0.1b5",
    "shapely==2.2.0",
    "numpy==2.4.6",
    "pyproj==3.7.2",
]
ZOOMS = (8, 10, 12, 14)
Tile = tuple[Any, Any, list[dict[str, Any]]]


def tiles(features: int, z: int, most: int) -> Iterator[Tile]:
    """bbox, geometries and properties of tiles in the middle of the city."""
    import numpy as np
    import shapely
    from mixed import columns, geometries
    from pyproj import Transformer

    from gis_projects.geo.tile_matrix import tile_at, tile_bbox

    change = Transformer.from_crs(4326, 3857, always_xy=True)
    shapes = shapely.transform(
        geometries(features), lambda xy: np.column_stack(change.transform(*xy.T))
    )
    values = columns(features)
    tree = shapely.STRtree(shapes)
    x, y = tile_at(124.5, 47.4, z)
    side = range(int(most**0.5))
    for place in [(x + dx, y + dy) for dx in side for dy in side]:
        bbox = tile_bbox(z, *place)
        rows = np.sort(tree.query(bbox.expand(bbox.width / 64).to_polygon()))
        rows = rows[
            ~shapely.is_empty(
                shapely.clip_by_rect(shapes[rows], *bbox.expand(bbox.width / 64).bounds)
            )
        ]
        yield (
            bbox,
            shapes[rows],
            [{name: one[row] for name, one in values.items()} for row in rows.tolist()],
        )


def timed(encode: Callable[[Tile], bytes], given: list[Tile]) -> float:
    """Milliseconds for a tile."""
    encode(given[0])
    began = time.perf_counter()
    for one in given:
        encode(one)
    return 1e3 * (time.perf_counter() - began) / len(given)


def ours() -> Callable[[Tile], bytes]:
    import numpy as np

    from layers.mvt import TileLayer, encode_tile

    def encode(tile: Tile) -> bytes:
        bbox, shapes, rows = tile
        columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
        ids = np.arange(len(rows), dtype=np.uint64)
        return encode_tile([TileLayer("bench", shapes, ids, columns)], bbox)

    return encode


def mapbox() -> Callable[[Tile], bytes]:
    import mapbox_vector_tile
    import shapely

    def encode(tile: Tile) -> bytes:
        bbox, shapes, rows = tile
        cut = shapely.clip_by_rect(shapes, *bbox.expand(bbox.width / 64).bounds)
        features = [
            {"geometry": shape, "properties": row, "id": number}
            for number, (shape, row) in enumerate(zip(cut, rows, strict=True))
        ]
        options = {"quantize_bounds": bbox.bounds, "extents": 4096}
        found: bytes = mapbox_vector_tile.encode(
            {"name": "bench", "features": features}, default_options=options
        )
        return found

    return encode


def vtzero() -> Callable[[Tile], bytes]:
    import numpy as np
    import shapely
    from vtzero.tile import Layer, Linestring, Point, Polygon
    from vtzero.tile import Tile as Built

    def encode(tile: Tile) -> bytes:
        bbox, shapes, rows = tile
        built = Built()
        layer = Layer(built, b"bench")
        cut = shapely.clip_by_rect(shapes, *bbox.expand(bbox.width / 64).bounds)
        for number, (shape, row) in enumerate(zip(cut, rows, strict=True)):
            for part in getattr(shape, "geoms", [shape]):
                draw(layer, part, number, row, bbox)
        found: bytes = built.serialize()
        return found

    def rounded(shape: Any, bbox: Any) -> list[list[int]]:
        xy = shapely.get_coordinates(shape)
        corner, step = (bbox.west, bbox.north), (bbox.width / 4096, -bbox.height / 4096)
        units = np.rint((xy - corner) / step).astype(int)
        kept = np.ones(len(units), dtype=bool)
        kept[1:] = (units[1:] != units[:-1]).any(axis=1)
        found: list[list[int]] = units[kept].tolist()
        return found

    def draw(layer: Any, part: Any, number: int, row: dict[str, Any], bbox: Any) -> None:
        if part.geom_type == "Polygon":
            rings = [
                one
                for one in (rounded(r, bbox) for r in (part.exterior, *part.interiors))
                if len(one) > 3
            ]
            if not rings:
                return
            feature = Polygon(layer)
            feature.set_id(number)
            for ring in rings:
                feature.add_ring(len(ring))
                for x, y in ring:
                    feature.set_point(x, y)
        else:
            xy = rounded(part, bbox)
            is_point = part.geom_type == "Point"
            if not is_point and len(xy) < 2:
                return
            feature = Point(layer) if is_point else Linestring(layer)
            feature.set_id(number)
            if is_point:
                feature.add_point(*xy[0])
            else:
                feature.add_linestring(len(xy))
                for x, y in xy:
                    feature.set_point(x, y)
        for name, value in row.items():
            feature.add_property(name.encode(), str(value).encode())
        feature.commit()

    return encode


WAYS = {"ours": ours, "mapbox-vector-tile": mapbox, "vtzero": vtzero}


def child(way: str, features: int) -> dict[str, float]:
    encode = WAYS[way]()
    return {str(z): timed(encode, list(tiles(features, z, 4 if z < 9 else 25))) for z in ZOOMS}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if choices.way:
        print(json.dumps(child(choices.way, choices.features)))
        return
    from mixed import PEER_BIN, install

    install(*PEERS)
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _round in range(choices.rounds):
        for way in WAYS:
            python = sys.executable if way == "ours" else str(PEER_BIN / "python")
            command = [python, __file__, "--way", way, "--features", str(choices.features)]
            found[way].append(
                json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            )
    print(
        f"load {os.getloadavg()}, {choices.features} features, medians of {choices.rounds} rounds, ms for a tile"
    )
    for z in map(str, ZOOMS):
        each = {way: statistics.median(one[z] for one in rounds) for way, rounds in found.items()}
        ratios = [
            f"{way} {each[way]:.2f} ({each[way] / each['ours']:.1f} times ours)" for way in WAYS
        ]
        print(f"z{z}: " + ", ".join(ratios))


if __name__ == "__main__":
    main()
